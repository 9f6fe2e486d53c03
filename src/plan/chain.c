/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/chain.h"

#include <stdlib.h>
#include <string.h>

struct candidate {
	const char *name;
	const struct detection *detected;
	bool *uses;
};

/* Generators and loaders are chosen by one rule; this is what tells them apart. */
struct link {
	const char *key;  /* in [vfio-bootcfg] */
	const char *noun; /* in a message */
	const struct strings *configured;
	const char *booted_by; /* what began this boot, or NULL */
	struct candidate *v;
	size_t n;
};

static void add(struct link *link, const char *name, const struct detection *detected,
		bool *uses)
{
	*array_add(link->v, link->n) = (struct candidate){ name, detected, uses };
}

/* Under one of the first n names, of which several may stand for the same. */
static bool is_found(const struct link *link, size_t n, const bool *uses)
{
	for (size_t i = 0; i < n; i++)
		if (link->v[i].uses == uses && link->v[i].detected->found)
			return true;
	return false;
}

static void choose_configured(const struct link *link, struct findings *findings)
{
	for (size_t i = 0; i < link->configured->n; i++) {
		const char *name = link->configured->v[i];
		size_t k = 0;

		if (strcmp(name, "none") == 0)
			continue;
		while (k < link->n && strcmp(link->v[k].name, name) != 0)
			k++;
		if (k == link->n) {
			findings_add(findings, SEVERITY_ERROR, "backend-unknown", NULL,
				     "'%s = %s' cannot be written for by this version",
				     link->key, name);
			continue;
		}
		*link->v[k].uses = true;
		if (!is_found(link, link->n, link->v[k].uses))
			findings_add(findings, SEVERITY_WARNING, "backend-not-found",
				     NULL, "'%s = %s' is set, although none was found",
				     link->key, name);
	}
}

static void report_several(const struct link *link, struct findings *findings)
{
	struct finding *finding;
	cleanup_strings struct strings found = { 0 };
	cleanup_free char *list = NULL;

	for (size_t i = 0; i < link->n; i++)
		if (link->v[i].detected->found)
			strings_take(&found, xasprintf("%s (%s)", link->v[i].name,
						       link->v[i].detected->evidence));
	list = strings_join(&found, ", ");
	finding = findings_add(findings, SEVERITY_ERROR, "backend-ambiguous", NULL,
			       "more than one %s was found: %s", link->noun, list);
	finding_remedy(finding, "say which in [vfio-bootcfg]: '%s = NAME'%s%s%s",
		       link->key, link->booted_by ? "; this boot was begun by '" : "",
		       link->booted_by ? link->booted_by : "",
		       link->booted_by ? "'" : "");
}

static void choose_found(const struct link *link, struct findings *findings)
{
	size_t n = 0;

	for (size_t i = 0; i < link->n; i++)
		if (link->v[i].detected->found) {
			n += !is_found(link, i, link->v[i].uses);
			*link->v[i].uses = true;
		}
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

static void choose(struct link *link, struct findings *findings)
{
	if (link->configured->n)
		choose_configured(link, findings);
	else
		choose_found(link, findings);
	free(link->v);
}

/* What GRUB is told is lost where another loader boots, as where GRUB is a left-over. */
static void check_booted(const struct plan *plan, const char *booted_by,
			 struct findings *findings)
{
	static const char other[] = "systemd-boot";

	if (!booted_by || strncmp(booted_by, other, sizeof other - 1) != 0 ||
	    !plan->uses_bootloader[BOOTLOADER_GRUB] ||
	    plan->uses_bootloader[BOOTLOADER_KERNEL_CMDLINE] || plan_loader_by_hand(plan))
		return;
	finding_remedy(
		findings_add(
			findings, SEVERITY_WARNING, "backend-not-booted", NULL,
			"the command line is written for '%s', and '%s' began this boot",
			bootloader_name(BOOTLOADER_GRUB), booted_by),
		"say in [vfio-bootcfg] what '%s' boots: 'bootloader = NAME'", other);
}

/* proxmox-boot-tool is written for with /etc/kernel/cmdline, which it gives to
 * systemd-boot. */
static bool *uses_of(struct plan *plan, enum by_hand_kind kind)
{
	return kind == BY_HAND_PROXMOX ? &plan->uses_bootloader[BOOTLOADER_KERNEL_CMDLINE]
				       : &plan->uses_by_hand[kind];
}

void choose_chain(const struct config *config, const struct system *system,
		  struct plan *plan, struct findings *findings)
{
	struct link initramfs = { .key = "initramfs",
				  .noun = "initramfs generator",
				  .configured = &config->initramfs };
	struct link bootloader = { .key = "bootloader",
				   .noun = "boot loader",
				   .configured = &config->bootloader,
				   .booted_by = system->chain.booted_by };

	for (size_t i = 0; i < INITRAMFS_KINDS; i++)
		add(&initramfs, initramfs_name((enum initramfs_kind)i),
		    &system->initramfs[i], &plan->uses_initramfs[i]);
	for (size_t i = 0; i < BOOTLOADER_KINDS; i++)
		add(&bootloader, bootloader_name((enum bootloader_kind)i),
		    &system->bootloader[i], &plan->uses_bootloader[i]);
	for (size_t i = 0; i < BY_HAND_KINDS; i++) {
		enum by_hand_kind kind = (enum by_hand_kind)i;

		if (by_hand_is_initramfs(kind))
			add(&initramfs, by_hand_name(kind), &system->chain.by_hand[i],
			    &plan->uses_by_hand[i]);
		if (by_hand_is_bootloader(kind))
			add(&bootloader, by_hand_name(kind), &system->chain.by_hand[i],
			    uses_of(plan, kind));
	}
	choose(&initramfs, findings);
	choose(&bootloader, findings);
	check_booted(plan, system->chain.booted_by, findings);
	plan->keeps_fallback = config->fallback_entry;
}
