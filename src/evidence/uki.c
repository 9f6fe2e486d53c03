/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/uki.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Offsets of the PE format: Microsoft, 'PE Format', 2.2 to 4. */
enum {
	DOS_SIZE = 64,
	DOS_PE_OFFSET = 0x3c,
	COFF_SIZE = 24, /* with the signature */
	COFF_SECTIONS = 6,
	COFF_OPTIONAL_SIZE = 20,
	SECTION_SIZE = 40,
	SECTION_VIRTUAL_SIZE = 8,
	SECTION_RAW_SIZE = 16,
	SECTION_RAW_OFFSET = 20,
};

static uint32_t number(const unsigned char *bytes, int n)
{
	uint32_t value = 0;

	for (int i = n - 1; i >= 0; i--)
		value = value << 8 | bytes[i];
	return value;
}

static int read_at(FILE *file, uint64_t offset, void *bytes, size_t n)
{
	if (fseeko(file, (off_t)offset, SEEK_SET) < 0)
		return -errno;
	if (fread(bytes, 1, n, file) == n)
		return 0;
	return ferror(file) ? -EIO : -EINVAL; /* it is too short */
}

static int read_text(FILE *file, const struct uki_section *section, char **ret)
{
	size_t n = section->size < UKI_TEXT_MAX ? section->size : UKI_TEXT_MAX;
	cleanup_free char *text = xcalloc(n + 1, 1);
	int r = read_at(file, section->offset, text, n);

	if (r < 0)
		return r;
	for (n = strlen(text); n && strchr(" \t\r\n", text[n - 1]); n--)
		text[n - 1] = '\0';
	free(*ret);
	*ret = steal_ptr(text);
	return 0;
}

static bool is_named(const unsigned char *header, const char *name)
{
	return strncmp((const char *)header, name, 8) == 0;
}

/* What is beyond the size in memory only fills the file up. */
static struct uki_section place_of(const unsigned char *header)
{
	uint32_t size = number(header + SECTION_VIRTUAL_SIZE, 4);
	uint32_t raw = number(header + SECTION_RAW_SIZE, 4);

	return (struct uki_section){ number(header + SECTION_RAW_OFFSET, 4),
				     size && size < raw ? size : raw };
}

static int take_section(FILE *file, const unsigned char *header, struct uki *uki)
{
	const struct {
		const char *name;
		struct uki_section *section;
		char **text;
	} known[] = {
		{ ".linux", &uki->kernel, NULL },    { ".initrd", &uki->initrd, NULL },
		{ ".ucode", &uki->microcode, NULL }, { ".cmdline", NULL, &uki->cmdline },
		{ ".uname", NULL, &uki->uname },     { ".osrel", NULL, &uki->osrel },
	};
	struct uki_section place = place_of(header);

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (!is_named(header, known[i].name))
			continue;
		if (known[i].text)
			return read_text(file, &place, known[i].text);
		*known[i].section = place;
	}
	return 0;
}

/* The sections before any '.profile' are for all, and the first profile's own ones
 * replace them. */
static int take_sections(FILE *file, uint64_t table, unsigned n, struct uki *uki)
{
	unsigned profiles = 0;

	for (unsigned i = 0; i < n; i++) {
		unsigned char header[SECTION_SIZE];
		int r = read_at(file, table + (uint64_t)i * SECTION_SIZE, header,
				sizeof header);

		if (r == 0 && is_named(header, ".profile") && ++profiles > 1)
			break;
		if (r == 0)
			r = take_section(file, header, uki);
		if (r < 0)
			return r;
	}
	uki->is_unified = uki->kernel.size;
	return 0;
}

int uki_read(FILE *file, struct uki *ret)
{
	unsigned char dos[DOS_SIZE], coff[COFF_SIZE];
	struct uki uki = { 0 };
	uint32_t offset = 0;
	int r = read_at(file, 0, dos, sizeof dos);

	if (r == 0 && memcmp(dos, "MZ", 2) != 0)
		r = -EINVAL;
	if (r == 0) {
		offset = number(dos + DOS_PE_OFFSET, 4);
		r = read_at(file, offset, coff, sizeof coff);
	}
	if (r == 0 && memcmp(coff, "PE\0", 4) != 0)
		r = -EINVAL;
	if (r == 0)
		r = take_sections(file,
				  (uint64_t)offset + COFF_SIZE +
					  number(coff + COFF_OPTIONAL_SIZE, 2),
				  number(coff + COFF_SECTIONS, 2), &uki);
	if (r < 0)
		uki_free(&uki);
	else
		*ret = uki;
	return r;
}

void uki_free(struct uki *uki)
{
	free(uki->cmdline);
	free(uki->uname);
	free(uki->osrel);
	*uki = (struct uki){ 0 };
}
