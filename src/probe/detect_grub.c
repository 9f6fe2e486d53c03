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

/* A comment, or 'insmod blscfg', shows no entries. */
static bool runs_blscfg(const char *menu)
{
	cleanup_strings struct strings lines = { 0 };

	strings_split(&lines, menu, "\n");
	for (size_t i = 0; i < lines.n; i++) {
		const char *word = lines.v[i] + strspn(lines.v[i], " \t");

		if (strncmp(word, "blscfg", 6) == 0 &&
		    !word[6 + strspn(word + 6, " \t\r")])
			return true;
	}
	return false;
}

#define SETTINGS "etc/default/grub"
#define SETTING	 "GRUB_ENABLE_BLSCFG"

/*
 * What shows that the menu comes from loader/entries, or NULL: the setting, else the menu
 * itself, else the program that makes the menu, which defaults to it where the older
 * grubby is not installed (10_linux of Fedora). The caller frees it.
 */
static char *entries_evidence(const struct root *root, const char *menu)
{
	static const char program[] = "etc/grub.d/10_linux";
	cleanup_free char *setting = detect_setting(root, SETTINGS, SETTING);
	cleanup_free char *text = NULL;

	if (setting)
		return strcmp(setting, "true") == 0 ? xstrdup(SETTING "=true") : NULL;
	text = menu ? detect_text(root, menu) : NULL;
	if (text)
		return runs_blscfg(text) ? xasprintf("blscfg in %s", menu) : NULL;
	text = detect_text(root, program);
	if (!text || !strstr(text, "blscfg") ||
	    root_exists(root, "usr/sbin/new-kernel-pkg"))
		return NULL;
	return xasprintf("blscfg in %s", program);
}

static bool find_bls(const struct root *root, const char *proof,
		     struct detection *detection)
{
	static const char *const menus[] = { "boot/grub2/grub.cfg", "boot/grub/grub.cfg",
					     NULL };
	cleanup_free char *evidence = entries_evidence(root, detect_first(root, menus));

	if (evidence)
		detect_found(detection, "%s and %s", proof, evidence);
	return evidence;
}

/* Out of the environment block of GRUB; NULL where it says nothing. The caller frees it.
 */
static char *find_kernelopts(const struct root *root)
{
	static const char name[] = "kernelopts=";
	static const char *const blocks[] = { "boot/grub2/grubenv", "boot/grub/grubenv",
					      NULL };
	const char *block = detect_first(root, blocks);
	cleanup_free char *text = block ? detect_text(root, block) : NULL;
	cleanup_strings struct strings lines = { 0 };

	if (text)
		strings_split(&lines, text, "\r\n");
	for (size_t i = 0; i < lines.n; i++)
		if (strncmp(lines.v[i], name, strlen(name)) == 0)
			return xstrdup(lines.v[i] + strlen(name));
	return NULL;
}

void detect_grub(const struct root *root, struct system *system,
		 struct findings *findings)
{
	static const char *const proofs[] = { SETTINGS, "boot/grub/grub.cfg",
					      "boot/grub2/grub.cfg", NULL };
	const char *proof = detect_first(root, proofs);
	const char *generator = detect_first(root, generators);
	cleanup_free char *where = NULL;

	system->chain.kernelopts = find_kernelopts(root);
	if (!proof || find_bls(root, proof, &system->bootloader[BOOTLOADER_BLS]))
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
