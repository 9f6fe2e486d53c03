/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/detect.h"

#include "base/memory.h"
#include "base/strings.h"

#include <string.h>

static const char *const generators[] = {
	"usr/sbin/grub-mkconfig",
	"usr/bin/grub-mkconfig",
	"usr/sbin/grub2-mkconfig",
	"usr/bin/grub2-mkconfig",
	"sbin/grub-mkconfig",
	"sbin/grub2-mkconfig",
	NULL,
};

/* /etc/default/grub.d is a patch of Debian's that others do not have: what counts is
 * whether the program that is installed reads it. */
static bool reads_dropins(const struct root *root, const char *generator)
{
	cleanup_free char *text = detect_text(root, generator);
	cleanup_strings struct strings lines = { 0 };

	if (text)
		strings_split(&lines, text, "\n");
	for (size_t i = 0; i < lines.n; i++) {
		const char *line = lines.v[i] + strspn(lines.v[i], " \t");

		if (*line != '#' && strstr(line, "/default/grub.d"))
			return true;
	}
	return false;
}

void detect_grub(const struct root *root, struct system *system,
		 struct findings *findings)
{
	static const char *const proofs[] = { "etc/default/grub", "boot/grub/grub.cfg",
					      "boot/grub2/grub.cfg", NULL };
	const char *proof = detect_first(root, proofs);
	const char *generator = detect_first(root, generators);
	cleanup_free char *where = NULL;

	if (!proof)
		return;
	if (generator) {
		detect_found(&system->bootloader[BOOTLOADER_GRUB], "%s and %s", proof,
			     generator);
		system->grub_reads_dropins = reads_dropins(root, generator);
		return;
	}
	detect_found(&system->bootloader[BOOTLOADER_GRUB], "%s", proof);
	where = xasprintf("/%s", proof);
	findings_add(
		findings, SEVERITY_NOTE, "no-grub-mkconfig", where,
		"'%s' shows GRUB, but no grub-mkconfig is installed that makes 'grub.cfg' from '/etc/default/grub'",
		where);
}
