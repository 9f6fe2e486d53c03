/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What keeps the reserving driver from being loaded. */
#include "plan/modules.h"
#include "plan/view.h"

#include <stdlib.h>
#include <string.h>

/* Those of the driver's modules that a setting of modprobe or of the kernel can stop. */
static struct strings needed_modules(const struct plan *plan, const char *driver)
{
	static const char *const family[] = { "vfio_pci_core", "vfio", "vfio_iommu_type1",
					      "vfio_virqfd" };
	struct strings modules = { 0 };

	if (is_loadable_somewhere(plan, driver))
		strings_add(&modules, driver);
	if (strcmp(driver, "pci_stub") == 0)
		return modules;
	for (size_t i = 0; i < sizeof family / sizeof *family; i++)
		if (is_loadable_somewhere(plan, family[i]))
			strings_add(&modules, family[i]);
	return modules;
}

/* kmod passes over `install` where the module has a softdep (libkmod-module.c,
 * kmod_module_probe_insert_module). */
static bool runs_install(const struct plan *plan, const char *module)
{
	for (size_t i = 0; i < plan->n_kernels; i++) {
		const struct kernel *kernel = plan->kernels[i].kernel;

		if (kernel_module_state(kernel, module) == MODULE_LOADABLE &&
		    !kernel_softdep(kernel, module))
			return true;
	}
	return false;
}

/* One line may name several modules by a pattern. */
static void check_install(const struct plan *plan, const struct strings *needed,
			  struct findings *findings)
{
	cleanup_strings struct strings reported = { 0 };

	for (size_t i = 0; i < needed->n; i++) {
		const char *module = needed->v[i];
		const struct setting *line =
			settings_find(&plan->system->settings, SETTING_INSTALL, module);

		if (!line || !runs_install(plan, module) ||
		    strings_has(&reported, line->where))
			continue;
		strings_add(&reported, line->where);
		finding_remedy(
			findings_add(findings, SEVERITY_ERROR, "driver-blocked",
				     line->where,
				     "'install' runs '%s' in place of loading '%s'",
				     line->text, module),
			"remove the line");
	}
}

/* A blacklist stops aliases, and names where modprobe is run with -b. Dependencies are
 * loaded all the same. */
static void check_blacklist(const struct plan *plan, const char *driver,
			    struct findings *findings)
{
	const struct setting *line =
		settings_find(&plan->system->settings, SETTING_BLACKLIST, driver);

	if (line)
		finding_remedy(
			findings_add(
				findings, SEVERITY_WARNING, "driver-blocked", line->where,
				"'blacklist %s' keeps it from being loaded where modprobe is run with '-b', as images of mkinitcpio do",
				driver),
			"remove the line");
}

static void report_token(const struct plan *plan, const struct cmdline_token *token,
			 const char *module, struct findings *findings)
{
	cleanup_free char *origin = token_origin(plan->system, token->text);

	finding_remedy(findings_add(findings, SEVERITY_ERROR, "driver-blocked", origin,
				    "'%s' keeps '%s' from being loaded", token->text,
				    module),
		       "remove '%s' from it", module);
}

static bool token_names(const struct cmdline_token *token, const char *module)
{
	cleanup_strings struct strings names = { 0 };

	if (token->value)
		strings_split(&names, token->value, ",");
	return strings_has(&names, module);
}

/* Both take names with underscores alone: the kernel compares bytes
 * (kernel/module/main.c, blacklisted), of the last token; and libkmod leaves the values
 * as they are (libkmod-config.c, kcmdline_parse_result), of all tokens. */
static void check_tokens(const struct view *view, const char *driver,
			 const struct strings *needed, struct findings *findings)
{
	const struct cmdline *present = &view->present;
	const struct cmdline_token *last = cmdline_find(present, "module_blacklist");

	for (size_t i = 0; last && i < needed->n; i++)
		if (token_names(last, needed->v[i]))
			report_token(view->plan, last, needed->v[i], findings);
	if (!strings_has(needed, driver))
		return;
	for (size_t i = 0; i < present->n_kernel; i++)
		if (strcmp(present->v[i].name, "modprobe.blacklist") == 0 &&
		    token_names(&present->v[i], driver))
			report_token(view->plan, &present->v[i], driver, findings);
}

void check_blocked(const struct view *view, struct findings *findings)
{
	cleanup_free char *driver = driver_module(view->plan);
	cleanup_strings struct strings needed = needed_modules(view->plan, driver);

	check_install(view->plan, &needed, findings);
	if (strings_has(&needed, driver))
		check_blacklist(view->plan, driver, findings);
	check_tokens(view, driver, &needed, findings);
}
