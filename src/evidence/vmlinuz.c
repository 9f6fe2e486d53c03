/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/vmlinuz.h"

#include "base/memory.h"

#include <string.h>

enum {
	MAGIC_AT = 0x202, /* 'HdrS' */
	VERSION_AT = 0x20e,
	SETUP_SIZE = 0x200, /* to be added to what stands there */
	HEAD_SIZE = 0x210,
	RELEASE_MAX = 256,
};

char *vmlinuz_release(FILE *file, uint64_t offset)
{
	unsigned char head[HEAD_SIZE];
	char release[RELEASE_MAX + 1] = { 0 };
	uint64_t at;
	size_t n;

	if (fseeko(file, (off_t)offset, SEEK_SET) < 0 ||
	    fread(head, 1, sizeof head, file) != sizeof head ||
	    memcmp(head + MAGIC_AT, "HdrS", 4) != 0)
		return NULL;
	at = (uint64_t)head[VERSION_AT] | (uint64_t)head[VERSION_AT + 1] << 8;
	if (!at || fseeko(file, (off_t)(offset + at + SETUP_SIZE), SEEK_SET) < 0)
		return NULL;
	n = fread(release, 1, RELEASE_MAX, file);
	/* '6.12.1-arch1-1 (builder@host) #1 SMP …' */
	release[n] = '\0';
	release[strcspn(release, " \t\n")] = '\0';
	return *release ? xstrdup(release) : NULL;
}
