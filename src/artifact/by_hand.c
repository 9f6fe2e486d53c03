/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Generators and loaders that nothing is written for: each is answered with the lines
 * that it needs, as they are to be typed. A half of an edit would be worse than none.
 */
#include "artifact/rendering.h"

#include <stdlib.h>
#include <string.h>

/* `shown_by` is a part of the evidence that the row is for; `line` is left out where one
 * of its marks stands for nothing. */
static const struct row {
	enum by_hand_kind kind;
	const char *shown_by, *not_shown_by;
	const char *where;
	const char *what;
	const char *line;
} rows[] = {
	{ BY_HAND_BOOSTER, NULL, NULL, "/etc/booster.yaml",
	  "put the drivers into this file, and run '/usr/lib/booster/regenerate_images'",
	  "modules_force_load: @MODULES@" },
	{ BY_HAND_BOOSTER, NULL, NULL, "/etc/booster.yaml",
	  "it loads all drivers at once, so leave those of the devices to the system behind it",
	  "modules: @EXCLUDED@" },
	{ BY_HAND_MKINITFS, NULL, NULL, "/etc/mkinitfs/features.d/vfio-bootcfg.modules",
	  "put the folder of the drivers into this file", "kernel/drivers/vfio" },
	{ BY_HAND_MKINITFS, NULL, NULL, "/etc/mkinitfs/mkinitfs.conf",
	  "add the word below to 'features=', and run 'mkinitfs'", "vfio-bootcfg" },
	{ BY_HAND_MKINITFS, NULL, NULL, NULL,
	  "append the drivers to 'modules=' of the kernel command line", ",@MODULES@" },
	{ BY_HAND_NIXOS, NULL, NULL, "/etc/nixos/configuration.nix",
	  "add the kernel command line to this file",
	  "boot.kernelParams = [ @STRINGS@ ];" },
	{ BY_HAND_NIXOS, NULL, NULL, "/etc/nixos/configuration.nix",
	  "add the drivers to this file", "boot.initrd.kernelModules = [ @NAMES@ ];" },
	{ BY_HAND_NIXOS, NULL, NULL, "/etc/nixos/configuration.nix",
	  "add the order of the drivers to this file, and run 'nixos-rebuild boot'",
	  "boot.extraModprobeConfig = \"@SOFTDEPS@\";" },
	{ BY_HAND_EXTLINUX, "update-extlinux", NULL, "/etc/update-extlinux.conf",
	  "append the words below to 'default_kernel_opts', and run 'update-extlinux'",
	  "@WORDS@" },
	{ BY_HAND_EXTLINUX, NULL, "update-extlinux", "/boot/extlinux/extlinux.conf",
	  "append the words below to every line 'append', and to 'U_BOOT_PARAMETERS' in '/etc/default/u-boot' where that makes this file",
	  "@WORDS@" },
	{ BY_HAND_KERNELSTUB, NULL, NULL, "/etc/kernelstub/configuration",
	  "run the command below, which '-d' in the place of '-a' takes back",
	  "kernelstub -a \"@WORDS@\"" },
	{ BY_HAND_LIMINE, "limine-entry-tool", NULL,
	  "/etc/limine-entry-tool.d/50-vfio-bootcfg.conf",
	  "put the line below into this file, and run 'limine-update'",
	  "KERNEL_CMDLINE[default]+=\" @WORDS@\"" },
	{ BY_HAND_LIMINE, NULL, "limine-entry-tool", NULL,
	  "append the words below to every line 'cmdline:' of limine.conf", "@WORDS@" },
	{ BY_HAND_REFIND, NULL, NULL, "/boot/refind_linux.conf",
	  "append the words below to the options within the quotes of the first line, and keep a copy of that line without them",
	  "@WORDS@" },
	{ BY_HAND_SDBOOT_MANAGE, NULL, NULL, "/etc/sdboot-manage.conf",
	  "append the words below to 'LINUX_OPTIONS', and run 'sdboot-manage gen'",
	  "@WORDS@" },
	{ BY_HAND_SDBOOTUTIL, NULL, NULL, "/etc/kernel/cmdline.d/50-vfio-bootcfg.conf",
	  "put the words below into this file, or before March 2026 to the end of '/etc/kernel/cmdline', and run 'sdbootutil update-all-entries'",
	  "@WORDS@" },
};

static char *quoted_list(const struct strings *words)
{
	size_t size;
	char *text;
	FILE *out = xopen_memstream(&text, &size);

	for (size_t i = 0; i < words->n; i++) {
		fputs(i ? " \"" : "\"", out);
		for (const char *c = words->v[i]; *c; c++)
			fprintf(out, "%s%c", strchr("\"\\$", *c) ? "\\" : "", *c);
		fputc('"', out);
	}
	fclose(out);
	return text;
}

static char *excluded_modules(const struct plan *plan)
{
	cleanup_strings struct strings excluded = { 0 };

	for (size_t i = 0; i < plan->n_targets; i++)
		for (size_t k = 0; k < plan->targets[i].n_competitors; k++)
			if (plan->targets[i].competitors[k].is_loadable)
				strings_take(
					&excluded,
					xasprintf(
						"-%s",
						plan->targets[i].competitors[k].module));
	strings_sort(&excluded);
	return strings_join(&excluded, ",");
}

static char *softdep_lines(const struct plan *plan)
{
	cleanup_strings struct strings lines = { 0 };

	for (size_t i = 0; i < plan->n_softdeps; i++) {
		cleanup_free char *pre = strings_join(&plan->softdeps[i].pre, " ");

		strings_take(&lines, xasprintf("softdep %s pre: %s",
					       plan->softdeps[i].module, pre));
	}
	return strings_join(&lines, "\n");
}

/* What the marks stand for, as pairs for fill_in(). */
struct values {
	char *words, *strings, *modules, *names, *excluded, *softdeps;
	const char *pairs[13];
};

static void values_make(const struct plan *plan, struct values *ret)
{
	*ret = (struct values){
		.words = strings_join(&plan->cmdline, " "),
		.strings = quoted_list(&plan->cmdline),
		.modules = strings_join(&plan->modules, ","),
		.names = quoted_list(&plan->modules),
		.excluded = excluded_modules(plan),
		.softdeps = softdep_lines(plan),
	};
	const char *const pairs[] = {
		"WORDS", ret->words, "STRINGS",	 ret->strings,	"MODULES",  ret->modules,
		"NAMES", ret->names, "EXCLUDED", ret->excluded, "SOFTDEPS", ret->softdeps,
	};

	memcpy(ret->pairs, pairs, sizeof pairs);
}

static void values_free(struct values *values)
{
	for (size_t i = 1; i < sizeof values->pairs / sizeof *values->pairs; i += 2)
		free((char *)values->pairs[i]);
}

/* Whether a mark of the line stands for nothing, so that it says nothing. */
static bool says_nothing(const char *line, const struct values *values)
{
	for (const char *const *pair = values->pairs; *pair; pair += 2) {
		cleanup_free char *mark = xasprintf("@%s@", pair[0]);

		if (!*pair[1] && strstr(line, mark))
			return true;
	}
	return false;
}

static bool is_shown(const struct row *row, const char *evidence)
{
	return (!row->shown_by || (evidence && strstr(evidence, row->shown_by))) &&
	       (!row->not_shown_by || !evidence || !strstr(evidence, row->not_shown_by));
}

void by_hand_render(struct rendering *rendering)
{
	const struct plan *plan = rendering->plan;
	cleanup(values_free) struct values values;

	values_make(plan, &values);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *row = &rows[i];
		const char *evidence = plan->system->chain.by_hand[row->kind].evidence;
		cleanup_free char *line = NULL;

		if (!plan->uses_by_hand[row->kind] || !is_shown(row, evidence) ||
		    says_nothing(row->line, &values))
			continue;
		line = fill_in(row->line, values.pairs);
		finding_remedy(findings_add(rendering->findings, SEVERITY_WARNING,
					    "by-hand", row->where,
					    "'%s' is not written for: %s",
					    by_hand_name(row->kind), row->what),
			       "%s", line);
	}
}
