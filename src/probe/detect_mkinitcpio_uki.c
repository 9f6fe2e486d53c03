/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unified images of mkinitcpio, and where their command line comes from. */
#include "probe/detect.h"

#include "base/memory.h"
#include "base/strings.h"

#include <string.h>

#define PROGRAM	 "/usr/bin/mkinitcpio"
#define STANDARD "/etc/kernel/cmdline"

/*
 * A file that a preset names is all that its image gets: /etc/cmdline.d is left out
 * (mkinitcpio, build_uki).
 */
static void note_own_cmdline(const char *file, const char *where,
			     struct boot_chain *chain, struct findings *findings)
{
	struct finding *finding;

	chain->mkinitcpio_reads_cmdline_d = false;
	if (strcmp(file, STANDARD) == 0)
		return;
	finding = findings_add(
		findings, SEVERITY_WARNING, "preset-own-cmdline", where,
		"this preset takes the kernel command line of its image from '%s', which is not written for",
		file);
	finding_remedy(finding,
		       "let the preset use '" STANDARD
		       "', or add the words of the plan to '%s'",
		       file);
}

/* The file behind '--cmdline' in the options of a preset; NULL where there is none. Cuts
 * the text. */
static const char *option_of(char *options)
{
	static const char option[] = "--cmdline";
	char *file = options ? strstr(options, option) : NULL;

	if (!file)
		return NULL;
	file += sizeof option - 1;
	file += strspn(file, "= \t");
	file[strcspn(file, " \t")] = '\0';
	return file;
}

static void read_line(char *line, const char *path, unsigned number,
		      struct boot_chain *chain, struct findings *findings)
{
	static const char *const images[] = { "_uki", "_efi_image" };
	cleanup_free char *where = xasprintf("/%s:%u", path, number);
	cleanup_free char *copy = xstrdup(line), *options = xstrdup(line);
	const char *value = detect_preset_value(copy, "_cmdline");

	if (!value)
		value = option_of(detect_preset_value(options, "_options"));
	if (value && *value)
		note_own_cmdline(value, where, chain, findings);
	for (size_t i = 0; i < 2 && !chain->mkinitcpio_uki; i++) {
		cleanup_free char *again = xstrdup(line);

		value = detect_preset_value(again, images[i]);
		if (!value || !*value)
			continue;
		chain->mkinitcpio_uki = xasprintf("/%s", path);
		if (*value == '/' && !strchr(value, '$'))
			chain->mkinitcpio_image = xstrdup(value);
	}
}

static void read_preset(const struct root *root, const char *path,
			struct boot_chain *chain, struct findings *findings)
{
	cleanup_free char *text = detect_text(root, path);
	char *rest = text, *line;

	for (unsigned number = 1; (line = strsep(&rest, "\n")); number++)
		read_line(line, path, number, chain, findings);
}

void detect_mkinitcpio_ukis(const struct root *root, struct system *system,
			    struct findings *findings)
{
	static const char folder[] = "etc/mkinitcpio.d", suffix[] = ".preset";
	struct boot_chain *chain = &system->chain;
	cleanup_free char *program = detect_text(root, PROGRAM);
	cleanup_strings struct strings names = { 0 };

	if (!system->initramfs[INITRAMFS_MKINITCPIO].found)
		return;
	chain->mkinitcpio_reads_cmdline_d = program && strstr(program, "/etc/cmdline.d");
	root_list(root, folder, &names);
	for (size_t i = 0; i < names.n; i++) {
		cleanup_free char *path = xasprintf("%s/%s", folder, names.v[i]);
		const char *end = strrchr(names.v[i], '.');

		if (end && strcmp(end, suffix) == 0)
			read_preset(root, path, chain, findings);
	}
}
