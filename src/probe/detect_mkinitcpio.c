/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mkinitcpio, and whether it reads /etc/mkinitcpio.conf.d. */
#include "probe/detect.h"

#include "base/memory.h"
#include "base/strings.h"

#include <stdlib.h>
#include <string.h>

static const char program[] = "/usr/bin/mkinitcpio";
static const char configuration[] = "/etc/mkinitcpio.conf";

enum { FIRST_WITH_DROPINS = 36 };

/* The number before the first dot of `declare -r version='41'`, which up to 35 had no
 * quotes; -1 where there is none. */
static int major_version(const char *text)
{
	static const char key[] = "version=";

	for (const char *at = text; (at = strstr(at, key)); at++) {
		const char *digits = at + sizeof key - 1;

		/* '$kernel_version=' is something else. */
		if (at == text || !strchr(" \t\n", at[-1]))
			continue;
		digits += *digits == '\'' || *digits == '"';
		if (*digits >= '0' && *digits <= '9')
			return (int)strtol(digits, NULL, 10);
	}
	return -1;
}

static bool program_reads_dropins(const struct root *root, struct findings *findings)
{
	cleanup_free char *text = detect_text(root, program);
	int version = text ? major_version(text) : -1;

	if (version >= 0)
		return version >= FIRST_WITH_DROPINS;
	/* The variable by which 36 brought them in, where someone packed it otherwise. */
	if (text && strstr(text, "_optconfd"))
		return true;
	findings_add(
		findings, SEVERITY_NOTE, "mkinitcpio-version", program,
		"'%s' does not tell its version, so that '%s' is edited: drop-ins are read since %d",
		program, configuration, FIRST_WITH_DROPINS);
	return false;
}

/* Cuts quotes and a comment off the right side of an assignment, in place. */
static char *value_of(char *text)
{
	char quote = *text == '"' || *text == '\'' ? *text : '\0';

	text += quote != '\0';
	text[quote ? strcspn(text, (char[]){ quote, '\0' }) : strcspn(text, " \t#;")] =
		'\0';
	return text;
}

char *detect_preset_value(char *line, const char *suffix)
{
	char *equals = strchr(line, '=');
	size_t n, n_suffix = strlen(suffix);

	line += strspn(line, " \t");
	if (!equals || *line == '#')
		return NULL;
	n = (size_t)(equals - line);
	if (n <= n_suffix || strncmp(equals - n_suffix, suffix, n_suffix) != 0 ||
	    strcspn(line, " \t;") < n)
		return NULL;
	return value_of(equals + 1);
}

/*
 * A preset that names its configuration hands it over as 'mkinitcpio -c', which leaves
 * the drop-ins out. The stock preset did so before 36, and no update writes it anew.
 */
static bool line_keeps_dropins(char *line, const char *where, bool reads_dropins,
			       struct findings *findings)
{
	const char *config = detect_preset_value(line, "_config");
	struct finding *finding;

	if (!config || !*config)
		return true;
	if (strcmp(config, configuration) != 0) {
		finding = findings_add(
			findings, SEVERITY_WARNING, "preset-other-config", where,
			"this preset makes its image from '%s' and not from '%s': what is reserved is not loaded early in it",
			config, configuration);
		finding_remedy(finding, "let the preset use '%s'", configuration);
	} else if (reads_dropins) {
		findings_add(
			findings, SEVERITY_NOTE, "preset-without-dropins", where,
			"this preset names '%s', which makes mkinitcpio leave drop-ins out: that file is edited instead",
			config);
	}
	return false;
}

static bool preset_keeps_dropins(const struct root *root, const char *path,
				 bool reads_dropins, struct findings *findings)
{
	cleanup_free char *text = detect_text(root, path);
	char *rest = text, *line;
	bool keeps = true;

	for (unsigned number = 1; (line = strsep(&rest, "\n")); number++) {
		cleanup_free char *where = xasprintf("/%s:%u", path, number);

		if (!line_keeps_dropins(line, where, reads_dropins, findings))
			keeps = false;
	}
	return keeps;
}

static bool presets_keep_dropins(const struct root *root, bool reads_dropins,
				 struct findings *findings)
{
	static const char folder[] = "etc/mkinitcpio.d", suffix[] = ".preset";
	cleanup_strings struct strings names = { 0 };
	bool keep = true;

	if (root_list(root, folder, &names))
		return true;
	for (size_t i = 0; i < names.n; i++) {
		cleanup_free char *path = xasprintf("%s/%s", folder, names.v[i]);
		size_t n = strlen(names.v[i]), n_suffix = sizeof suffix - 1;

		if (n > n_suffix && strcmp(names.v[i] + n - n_suffix, suffix) == 0 &&
		    !preset_keeps_dropins(root, path, reads_dropins, findings))
			keep = false;
	}
	return keep;
}

void detect_mkinitcpio(const struct root *root, struct system *system,
		       struct findings *findings)
{
	static const char hook[] = "90-mkinitcpio-install.hook";
	bool reads;

	if (!root_exists(root, program))
		return;
	if (detect_pacman_hook(root, hook))
		detect_found(&system->initramfs[INITRAMFS_MKINITCPIO],
			     "%s and the hook %s of pacman", program + 1, hook);
	else if (!root_exists(root, "usr/share/libalpm") &&
		 root_exists(root, configuration))
		detect_found(&system->initramfs[INITRAMFS_MKINITCPIO],
			     "%s and %s, without pacman", program + 1, configuration + 1);
	else
		return;
	reads = program_reads_dropins(root, findings);
	system->mkinitcpio_reads_dropins =
		presets_keep_dropins(root, reads, findings) && reads;
}
