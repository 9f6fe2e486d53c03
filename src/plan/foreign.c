/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What someone else configured for the targets, and that works beside ours. */
#include "plan/dynamic_id.h"
#include "plan/tokens.h"
#include "plan/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CODE "foreign-configuration"

/* driverctl sets the override whenever udev sees the function, in the initramfs or
 * later. */
static void check_driverctl(const struct view *view, struct findings *findings)
{
	const struct plan *plan = view->plan;

	for (size_t i = 0; i < plan->n_targets; i++) {
		const struct target *target = &plan->targets[i];
		const struct driverctl_override *override =
			target->has_bdf ? system_override(plan->system, target->bdf)
					: NULL;
		bool is_same = override && strcmp(override->driver, plan->driver) == 0;
		struct finding *finding;

		if (!override)
			continue;
		finding = findings_add(
			findings, SEVERITY_WARNING, CODE, override->where,
			is_same ? "driverctl gives %s to '%s', as the configuration does now"
				: "driverctl gives %s to '%s', against the configuration",
			bdf_text(target->bdf).s, override->driver);
		finding_at(finding, target->bdf);
		finding_remedy(finding, "run 'driverctl unset-override %s'",
			       bdf_text(target->bdf).s);
	}
}

static void report_token(const struct view *view, const struct cmdline_token *token,
			 const struct target *target, const char *driver,
			 struct findings *findings)
{
	cleanup_free char *origin = token_origin(view->plan->system, token->text);
	struct finding *finding = findings_add(findings, SEVERITY_WARNING, CODE, origin,
					       "'%s' gives %s to '%s'", token->text,
					       bdf_text(target->bdf).s, driver);

	finding_at(finding, target->bdf);
	finding_remedy(finding, "remove it from the kernel command line");
}

/* The first target that the id takes, or NULL. */
static const struct target *target_of_id(const struct plan *plan, const char *text)
{
	struct dynamic_id id;

	if (!dynamic_id_parse(text, &id))
		return NULL;
	for (size_t i = 0; i < plan->n_targets; i++)
		if (plan->targets[i].function &&
		    dynamic_id_takes(&id, plan->targets[i].function))
			return &plan->targets[i];
	return NULL;
}

/* Ids of the driver that reserves in place of ours. */
static void check_ids_of(const struct view *view, const char *driver,
			 struct findings *findings)
{
	cleanup_free char *name = xasprintf("%s.ids", driver);
	const struct cmdline_token *token = cmdline_find(&view->present, name);
	cleanup_strings struct strings ids = { 0 };

	if (!token || !token->value || strlen(token->value) >= IDS_SIZE ||
	    strcmp(driver, view->plan->driver) == 0)
		return;
	strings_split(&ids, token->value, ",");
	for (size_t i = 0; i < ids.n; i++) {
		const struct target *target = target_of_id(view->plan, ids.v[i]);

		if (target) {
			report_token(view, token, target, driver, findings);
			return;
		}
	}
}

/* A place that xen-pciback hides: '01:00.0', '0000:01:00.*', '01:*.*'; -1 is any
 * (drivers/xen/xen-pciback/pci_stub.c, str_to_slot). */
struct hidden {
	unsigned domain, bus;
	int device, function;
};

static bool parse_hidden(const char *text, struct hidden *ret)
{
	char device[4] = "", function[2] = "";
	int n = 0;

	*ret = (struct hidden){ .device = -1, .function = -1 };
	if (sscanf(text, "%x:%x:%3[0-9a-fA-F*].%1[0-7*]%n", &ret->domain, &ret->bus,
		   device, function, &n) != 4 ||
	    text[n]) {
		ret->domain = 0;
		if (sscanf(text, "%x:%3[0-9a-fA-F*].%1[0-7*]%n", &ret->bus, device,
			   function, &n) != 3 ||
		    text[n])
			return false;
	}
	if (*device != '*')
		ret->device = (int)strtol(device, NULL, 16);
	if (*function != '*')
		ret->function = *function - '0';
	return true;
}

static bool hides(const struct hidden *hidden, struct bdf bdf)
{
	return hidden->domain == bdf.domain && hidden->bus == bdf.bus &&
	       (hidden->device < 0 || hidden->device == bdf.device) &&
	       (hidden->function < 0 || hidden->function == bdf.function);
}

/* '(0000:01:00.0)(02:00.*)' */
static void check_pciback(const struct view *view, struct findings *findings)
{
	const struct cmdline_token *token =
		cmdline_find(&view->present, "xen-pciback.hide");
	cleanup_strings struct strings places = { 0 };

	if (!token || !token->value)
		return;
	strings_split(&places, token->value, "()");
	for (size_t i = 0; i < places.n; i++) {
		struct hidden hidden;

		if (!parse_hidden(places.v[i], &hidden))
			continue;
		for (size_t k = 0; k < view->plan->n_targets; k++)
			if (view->plan->targets[k].has_bdf &&
			    hides(&hidden, view->plan->targets[k].bdf)) {
				report_token(view, token, &view->plan->targets[k],
					     "xen-pciback", findings);
				return;
			}
	}
}

/* The first target that a loadable module competes for, or NULL. */
static const struct target *target_of_module(const struct plan *plan, const char *module)
{
	for (size_t i = 0; i < plan->n_targets; i++) {
		const struct target *target = &plan->targets[i];

		for (size_t k = 0; k < target->n_competitors; k++)
			if (target->competitors[k].is_loadable &&
			    cmdline_same_name(target->competitors[k].module, module))
				return target;
	}
	return NULL;
}

/* dracut loads what its rd.driver.pre tokens name in their order, and ours stands behind
 * the user's: only the softdep still comes first. */
static void check_preloaded(const struct view *view, struct findings *findings)
{
	for (size_t i = 0; i < view->present.n_kernel; i++) {
		const struct cmdline_token *token = &view->present.v[i];
		cleanup_strings struct strings modules = { 0 };

		if (!token->value || strcmp(token->name, "rd.driver.pre") != 0)
			continue;
		strings_split(&modules, token->value, ",");
		for (size_t k = 0; k < modules.n; k++) {
			const struct target *target =
				target_of_module(view->plan, modules.v[k]);

			if (target)
				report_token(view, token, target, modules.v[k], findings);
		}
	}
}

/* The line for a module in a file that is read before ours, and that leaves the driver
 * out; or NULL. */
static const char *line_before_ours(const struct plan *plan, const char *module)
{
	for (size_t i = 0; i < plan->system->n_kernels; i++) {
		const struct softdep *present =
			kernel_softdep(&plan->system->kernels[i], module);

		if (present && present->where_before &&
		    !cmdline_has_name(&present->pre, plan->driver))
			return present->where_before;
	}
	return NULL;
}

/* The first softdep line of a module counts, and the others are passed over. */
static void check_softdeps(const struct view *view, struct findings *findings)
{
	const struct plan *plan = view->plan;

	for (size_t i = 0; i < plan->n_softdeps; i++) {
		const char *module = plan->softdeps[i].module;
		const char *where = line_before_ours(plan, module);

		if (where)
			finding_remedy(
				findings_add(
					findings, SEVERITY_WARNING, CODE, where,
					"this 'softdep %s' is read before ours, which loads '%s' first, and hides it",
					module, plan->driver),
				"move the line to a file that sorts behind '00-vfio-bootcfg.conf'");
	}
}

void check_foreign(const struct view *view, struct findings *findings)
{
	check_driverctl(view, findings);
	check_ids_of(view, "vfio-pci", findings);
	check_ids_of(view, "pci-stub", findings);
	check_pciback(view, findings);
	check_preloaded(view, findings);
	check_softdeps(view, findings);
}
