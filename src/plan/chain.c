/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/chain.h"

#include <string.h>

/* Generators and loaders are chosen by one rule; this is what tells them apart. */
struct link {
	const char *key;  /* in [vfio-bootcfg] */
	const char *noun; /* in a message */
	size_t n;
	const char *(*name)(size_t kind);
	const struct detection *detected;
	const struct strings *configured;
	bool *uses;
};

static const char *name_of_initramfs(size_t kind)
{
	return initramfs_name((enum initramfs_kind)kind);
}

static const char *name_of_bootloader(size_t kind)
{
	return bootloader_name((enum bootloader_kind)kind);
}

static void choose_configured(const struct link *link, struct findings *findings)
{
	for (size_t i = 0; i < link->configured->n; i++) {
		const char *name = link->configured->v[i];
		size_t kind = 0;

		if (strcmp(name, "none") == 0)
			continue;
		while (kind < link->n && strcmp(link->name(kind), name) != 0)
			kind++;
		if (kind == link->n) {
			findings_add(findings, SEVERITY_ERROR, "backend-unknown", NULL,
				     "'%s = %s' cannot be written for by this version",
				     link->key, name);
			continue;
		}
		link->uses[kind] = true;
		if (!link->detected[kind].found)
			findings_add(findings, SEVERITY_WARNING, "backend-not-found",
				     NULL,
				     "'%s = %s' is written for, although none was found",
				     link->key, name);
	}
}

static void report_several(const struct link *link, struct findings *findings)
{
	struct finding *finding;
	struct strings found = { 0 };
	cleanup_free char *list = NULL;

	for (size_t kind = 0; kind < link->n; kind++)
		if (link->detected[kind].found)
			strings_take(&found, xasprintf("%s (%s)", link->name(kind),
						       link->detected[kind].evidence));
	list = strings_join(&found, ", ");
	strings_free(&found);
	finding = findings_add(findings, SEVERITY_ERROR, "backend-ambiguous", NULL,
			       "more than one %s was found: %s", link->noun, list);
	finding_remedy(finding, "say which in [vfio-bootcfg]: '%s = NAME'", link->key);
}

static void choose_found(const struct link *link, struct findings *findings)
{
	size_t n = 0;

	for (size_t kind = 0; kind < link->n; kind++)
		n += link->uses[kind] = link->detected[kind].found;
	if (n > 1) {
		report_several(link, findings);
	} else if (!n) {
		struct finding *finding = findings_add(
			findings, SEVERITY_ERROR, "backend-not-found", NULL,
			"no %s was found that could be written for", link->noun);

		finding_remedy(finding,
			       "say which in [vfio-bootcfg]: '%s = NAME', or '%s = none'",
			       link->key, link->key);
	}
}

void choose_chain(const struct config *config, const struct system *system,
		  struct plan *plan, struct findings *findings)
{
	const struct link links[] = {
		{ "initramfs", "initramfs generator", INITRAMFS_KINDS, name_of_initramfs,
		  system->initramfs, &config->initramfs, plan->uses_initramfs },
		{ "bootloader", "boot loader", BOOTLOADER_KINDS, name_of_bootloader,
		  system->bootloader, &config->bootloader, plan->uses_bootloader },
	};

	for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
		if (links[i].configured->n)
			choose_configured(&links[i], findings);
		else
			choose_found(&links[i], findings);
	}
}
