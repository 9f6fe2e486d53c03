/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/refuse.h"

#include "plan/selection.h"
#include "plan/tokens.h"
#include "plan/view.h"

#include <stdlib.h>
#include <string.h>

/* One row a rule. */
static const struct rule {
	const char *code;
	enum severity severity;
	rule_fn *applies;
	const char *remedy; /* for what 'allow' does not mend; NULL: 'allow = CODE' */
} rules[] = {
	{ "boot-display", SEVERITY_ERROR, boot_display, NULL },
	{ "root-storage", SEVERITY_ERROR, root_storage, NULL },
	{ "default-network", SEVERITY_ERROR, default_network, NULL },
	{ "slot-companion", SEVERITY_WARNING, slot_companion,
	  "set 'functions = listed' to reserve the functions that are named and no more" },
	{ "target-is-iommu", SEVERITY_ERROR, target_is_iommu, "name another device" },
	{ "vfio-denylist", SEVERITY_ERROR, denylist,
	  "leave it to the host; 'vfio-pci.disable_denylist=1' on the kernel command line lifts the ban, whose reason is that a guest may hang or attack the host with the device" },
	{ "no-iommu-group", SEVERITY_WARNING, no_iommu_group,
	  "reserve a function that is behind the IOMMU" },
	{ "rmrr-device", SEVERITY_WARNING, direct_region,
	  "see whether the firmware's setup can do without it for this device: its vendor knows it as RMRR" },
	{ "framebuffer-overlap", SEVERITY_WARNING, framebuffer_overlap,
	  "add 'initcall_blacklist=sysfb_init' to the kernel command line" },
	{ "virtual-function", SEVERITY_WARNING, virtual_function,
	  "set 'driver_override' when it is created, or bind it with a udev rule" },
	{ "has-virtual-functions", SEVERITY_WARNING, has_virtual_functions,
	  "reserve its virtual functions, or see that nothing makes them: 'sriov_numvfs'" },
	{ "late-device", SEVERITY_WARNING, late_device,
	  "switch VMD off in the firmware setup, or reserve the VMD controller itself" },
	{ "removable-device", SEVERITY_WARNING, removable_device,
	  "let the firmware authorize it before the boot, or reserve it by an id that no other device has" },
	{ "vmd-child", SEVERITY_NOTE, vmd_child,
	  "switch VMD off in the firmware setup, or reserve the VMD controller itself" },
};

static void remedy_allow_if(struct finding *finding, const char *condition,
			    const struct device_rule *rule, const char *code)
{
	if (rule_is_of_operands(rule))
		finding_remedy(
			finding,
			"%s, name it in a [device] section with 'allow = %s', and name that section instead of the address",
			condition, code);
	else
		finding_remedy(finding, "%s, set 'allow = %s' in [device %s]", condition,
			       code, rule->name);
}

void remedy_allow(struct finding *finding, const struct device_rule *rule,
		  const char *code)
{
	remedy_allow_if(finding, "if that is meant", rule, code);
}

/* Whether an id that others have as well is all that names it: another may be meant. */
static bool is_one_of_several(const struct view *view, const struct target *target)
{
	const struct device_rule *rule = target->rule;
	const struct functions *functions = &view->machine->functions;
	const struct function *named =
		target->companion_of ? target->companion_of : target->function;
	struct function_run run = functions_with_device(functions, named->id);

	if (rule->n_addresses || rule->paths.n)
		return false;
	for (size_t i = 0; i < rule->n_ids; i++)
		for (size_t k = 0;
		     identity_matches(named->id, &rule->ids[i]) && k < run.n; k++)
			if (&functions->v[run.v[k]] != named &&
			    identity_matches(functions->v[run.v[k]].id, &rule->ids[i]))
				return true;
	return false;
}

/* Where 'allow' is right, by which rule refused it. The caller frees it. */
static char *condition_of(const struct view *view, const struct target *target,
			  const struct rule *rule, bool is_wide)
{
	cleanup_free char *mounts =
		rule->applies == root_storage ? list_own_mounts(target) : NULL;

	/* Nobody could tell which disks carry '/'; the administrator can. */
	if (rule->applies == root_storage && root_storage_is_guess(view, target))
		return xasprintf(
			"'%s' tells which disks carry '/': only if this is none of them",
			view->machine->root_guess);
	if (mounts)
		return xasprintf(
			"unmount %s and take %s out of '/etc/fstab', then run this again; only if the next boot can do without",
			mounts, strchr(mounts, ',') ? "them" : "it");
	return xstrdup(is_wide ? "only if that is this one" : "if that is meant");
}

/* What comes before 'allow', which lifts a protection: whatever else may be meant. */
static void remedy_refusal(struct finding *finding, const struct view *view,
			   const struct target *target, const struct rule *rule)
{
	bool is_wide = is_one_of_several(view, target);
	cleanup_free char *why = condition_of(view, target, rule, is_wide);
	cleanup_free char *condition = xasprintf(
		"%s%s",
		is_wide ? "name the one that is meant by 'address' or 'path' beside the id; "
			: "",
		why);

	remedy_allow_if(finding, condition, target->rule, rule->code);
}

/* VFIO gives a group as a whole: 'functions = listed' would split it, and be refused. */
static bool shares_group(const struct target *target)
{
	return target->companion_of && target->function->iommu_group != NO_GROUP &&
	       target->function->iommu_group == target->companion_of->iommu_group;
}

/* An address of the command line has no section in which a key could be set. */
static const char *remedy_of(const struct rule *rule, const struct target *target)
{
	if (rule->applies == slot_companion && shares_group(target))
		return "both are in one IOMMU group, which goes to a virtual machine as a whole: where the host needs this one, name another device";
	if (rule->applies == slot_companion && rule_is_of_operands(target->rule))
		return "if the others are not meant, name it in a [device] section with 'functions = listed', and name that section instead of the address";
	return rule->remedy;
}

static void apply(const struct rule *rule, const struct view *view,
		  const struct target *target, struct findings *findings)
{
	cleanup_free char *message = rule->applies(view, target);
	bool allowed = strings_has(&target->rule->allow, rule->code);
	enum severity severity = allowed ? SEVERITY_NOTE : rule->severity;
	struct finding *finding;

	if (!message)
		return;
	finding =
		findings_add(findings, severity, rule->code, target->rule->where, "%s%s",
			     message, allowed ? ", which the section allows" : "");
	finding_at(finding, target->function->bdf);
	if (rule->remedy)
		finding_remedy(finding, "%s", remedy_of(rule, target));
	else if (!allowed)
		remedy_refusal(finding, view, target, rule);
}

static void apply_rules(const struct view *view, struct findings *findings)
{
	for (size_t i = 0; i < view->plan->n_targets; i++)
		for (size_t k = 0;
		     view->plan->targets[i].function && k < sizeof rules / sizeof *rules;
		     k++)
			apply(&rules[k], view, &view->plan->targets[i], findings);
}

/* A dump of config space knows neither drivers nor groups nor what a device carries. */
static void warn_of_blindness(const struct view *view, struct findings *findings)
{
	struct finding *finding;

	if (!view->machine->has_functions || view->machine->has_sysfs ||
	    !view->plan->n_targets)
		return;
	finding = findings_add(
		findings, SEVERITY_WARNING, "safety-unknown", view->machine->name,
		"it does not tell which function is the boot display, carries a disk or a network, or shares a group: none of that was checked");
	finding_remedy(
		finding,
		"run generate on the machine itself, or on what 'vfio-bootcfg snapshot' saved of it");
}

/* Words of this boot that the loader's files have too are not said twice. */
static void read_present(struct view *view)
{
	cleanup_cmdline struct cmdline booted = { 0 };
	const struct strings *configured = &view->plan->configured;
	cleanup_strings struct strings words = { 0 };
	cleanup_free char *line = NULL;

	present_cmdline(view->machine, &booted);
	cmdline_list(&booted, booted.n_kernel, &words);
	view->n_booted = words.n;
	for (size_t i = 0; i < configured->n; i++)
		if (strcmp(configured->v[i], "--") != 0 &&
		    !strings_has(&words, configured->v[i]))
			strings_add(&words, configured->v[i]);
	line = strings_join(&words, " ");
	cmdline_parse(line, &view->present);
}

static struct view view_of(const struct machine *machine, const struct record *record,
			   const struct plan *plan)
{
	const struct functions *functions = &machine->functions;
	struct view view = { .machine = machine,
			     .record = record,
			     .plan = plan,
			     .is_target = xcalloc(functions->n + 1, sizeof(bool)) };

	read_present(&view);
	for (size_t i = 0; i < plan->n_targets; i++)
		if (plan->targets[i].function)
			view.is_target[plan->targets[i].function - functions->v] = true;
	for (size_t i = 0; i < functions->n; i++)
		if (functions->v[i].has_connected_output == YES) {
			view.n_connected++;
			view.keeps_screen |= !view.is_target[i];
		}
	return view;
}

static void view_free(struct view *view)
{
	free(view->is_target);
	cmdline_free(&view->present);
}

void refuse_unsafe(const struct machine *machine, const struct record *record,
		   const struct plan *plan, struct findings *findings)
{
	struct view view = view_of(machine, record, plan);

	warn_of_blindness(&view, findings);
	check_ids_by_hand(&view, findings);
	check_blocked(&view, findings);
	check_foreign(&view, findings);
	check_iommu(&view, findings);
	apply_rules(&view, findings);
	refuse_groups(&view, findings);
	note_builtin(&view, findings);
	view_free(&view);
}

void refuse_now(const struct machine *machine, const struct record *record,
		const struct plan *plan, const struct usage *usage,
		struct findings *findings)
{
	struct view view = view_of(machine, record, plan);

	warn_of_blindness(&view, findings);
	apply_rules(&view, findings);
	refuse_groups(&view, findings);
	refuse_shared_bus(&view, findings);
	refuse_in_use(&view, usage, findings);
	view_free(&view);
}
