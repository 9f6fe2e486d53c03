/* SPDX-License-Identifier: GPL-2.0-or-later */
/* group-viable, device-node. */
#include "verify/checks.h"
#include "verify/groups.h"
#include "verify/result.h"

#include "evidence/messages.h"
#include "plan/selection.h"

#include <string.h>

/* VFIO's own refusal, which it writes when a machine starts. */
static const struct log_record *refusal_of(const struct boot *boot,
					   const struct suspect *suspect)
{
	struct places places = boot_records(boot, suspect->bdf);

	for (size_t i = 0; suspect->has_bdf && i < places.n; i++) {
		const struct log_record *record = &boot->log->v[places.v[i].i];

		if (record->kind == MESSAGE_GROUP_REFUSED ||
		    record->kind == MESSAGE_NOIOMMU)
			return record;
	}
	return NULL;
}

static void judge_refusal(struct boot *boot, const struct suspect *suspect,
			  const struct log_record *refusal)
{
	struct check_result *result = result_add(boot, CHECK_FAIL, suspect->address, "%s",
						 refusal->message->meaning);

	result_shows_record(result, boot, refusal);
}

/* '0000:05:00.1 ('snd_hda_intel'), …', without the suspect itself. */
static char *name_holders(const struct group_holders *holders,
			  const struct suspect *suspect, size_t n)
{
	char *text;
	size_t size, named = 0;
	FILE *out = xopen_memstream(&text, &size);

	for (size_t i = 0; i < holders->n && i < GROUP_HOLDERS_NAMED; i++) {
		const struct function *function = holders->first[i];

		if (function != suspect->function)
			fprintf(out, "%s%s ('%s')", named++ ? ", " : "",
				bdf_text(function->bdf).s, function->driver);
	}
	if (n > named)
		fprintf(out, " and %zu more", n - named);
	fclose(out);
	return text;
}

static bool is_one(const struct boot *boot, const struct suspect *suspect)
{
	return suspect->function && is_in_the_way(boot, suspect->function);
}

/* The first of those in the way that is not the suspect itself. */
static const struct function *first_holder(const struct group_holders *holders,
					   const struct suspect *suspect)
{
	return holders->first[holders->first[0] == suspect->function];
}

/* Another part of the card, which the section leaves out. */
static bool is_left_out(const struct suspect *suspect, const struct function *holder)
{
	const struct device_rule *rule = suspect->target->rule;

	return rule && !rule_is_of_operands(rule) && !holder->is_virtual_function &&
	       rule->functions == FUNCTIONS_LISTED &&
	       bdf_same_slot(suspect->bdf, holder->bdf);
}

static void say_how_to_free(struct check_result *result, const struct boot *boot,
			    const struct suspect *suspect, const struct function *holder)
{
	struct bdf_text address = bdf_text(holder->bdf);

	if (boot_suspect(boot, holder->bdf))
		result_remedy(result, "%s is a target too: see why it is not bound",
			      address.s);
	else if (function_is_bridge(holder))
		result_remedy(
			result,
			"run 'echo %s > /sys/bus/pci/drivers/%s/unbind' before the machine starts: from kernel 5.19 on, a bridge that '%s' holds spoils its group",
			address.s, holder->driver, holder->driver);
	else if (is_left_out(suspect, holder))
		result_remedy(
			result,
			"reserve %s too: remove 'functions = listed' from [device %s], then run 'vfio-bootcfg generate --rebuild' and reboot",
			address.s, suspect->target->rule->name);
	else
		result_remedy(
			result,
			"reserve the whole group: name %s in the configuration too, or move the card to another slot",
			address.s);
}

static void judge_holders(struct boot *boot, const struct suspect *suspect,
			  const struct group_holders *holders)
{
	bool is_own = is_one(boot, suspect);
	size_t n = holders->n - is_own;
	bool only_bridges = holders->n_devices == (is_own ? 1u : 0u);
	char *names cleanup_free = NULL;
	struct check_result *result;

	if (!n) {
		result_add(boot, CHECK_PASS, suspect->address,
			   "nothing else in IOMMU group %d stands in the way",
			   holders->group);
		return;
	}
	names = name_holders(holders, suspect, n);
	if (only_bridges && boot_kernel_is(boot, 5, 19) == UNKNOWN) {
		result_add(
			boot, CHECK_UNKNOWN, suspect->address,
			"IOMMU group %d has bridges that the host holds: %s; that matters from kernel 5.19 on, and the kernel is not known",
			holders->group, names);
		return;
	}
	result = result_add(
		boot, CHECK_FAIL, suspect->address,
		"IOMMU group %d cannot be given to a machine: the host holds %s",
		holders->group, names);
	say_how_to_free(result, boot, suspect, first_holder(holders, suspect));
}

/* From the log alone: a group of one, or one whose others nobody but vfio-pci named. */
static void judge_logged_group(struct boot *boot, const struct suspect *suspect)
{
	struct places places = boot_records(boot, suspect->bdf);
	const struct log_record *group = NULL, *other;
	struct check_result *result;

	for (size_t i = 0; suspect->has_bdf && i < places.n; i++)
		if (boot->log->v[places.v[i].i].kind == MESSAGE_GROUP)
			group = &boot->log->v[places.v[i].i];
	other = group ? groups_find_other(boot, group->number, suspect->bdf) : NULL;
	if (!group || other) {
		result = result_add(
			boot, CHECK_UNKNOWN, suspect->address,
			group ? "its IOMMU group has other functions, and a log does not tell who holds them"
			      : "nothing shows its IOMMU group");
		result_shows_record(result, boot, other);
		return;
	}
	result = result_add(boot, CHECK_PASS, suspect->address,
			    "it is alone in IOMMU group %ld", group->number);
	result_shows_record(result, boot, group);
}

void check_group_viable(struct boot *boot, struct suspect *suspect)
{
	const struct log_record *refusal = refusal_of(boot, suspect);
	const struct group_holders *holders;

	if (refusal) {
		judge_refusal(boot, suspect, refusal);
	} else if (!boot->machine->has_sysfs) {
		judge_logged_group(boot, suspect);
	} else if (!suspect->function) {
		return; /* target-present says why */
	} else if (suspect->function->iommu_group == NO_GROUP) {
		result_remedy(
			result_add(boot, CHECK_FAIL, suspect->address,
				   "it has no IOMMU group"),
			boot->iommu == NO
				? "turn the IOMMU on (see iommu-enabled)"
				: "choose another device: this one lies outside of the IOMMU");
	} else {
		holders = groups_find(boot, suspect->function->iommu_group);
		judge_holders(boot, suspect, holders);
	}
}

static bool is_viable(const struct boot *boot, const struct suspect *suspect)
{
	const struct group_holders *holders =
		suspect->function ? groups_find(boot, suspect->function->iommu_group)
				  : NULL;

	return suspect->is_bound == YES && holders && !holders->n;
}

void check_device_node(struct boot *boot, struct suspect *suspect)
{
	char *node cleanup_free = NULL;
	struct check_result *result;

	if (!is_viable(boot, suspect))
		return; /* then there is none, and the other checks say why */
	if (strcmp(suspect->function->driver, "pci-stub") == 0)
		return; /* it gives devices to nobody */
	node = xasprintf("/dev/vfio/%d", suspect->function->iommu_group);
	if (boot->machine->has_device_nodes != YES) {
		result_add(boot, CHECK_UNKNOWN, suspect->address,
			   "whether '%s' exists could not be seen", node);
	} else if (boot_has_node(boot, node)) {
		result_add(boot, CHECK_PASS, suspect->address, "'%s' exists", node);
	} else {
		result = result_add(boot, CHECK_FAIL, suspect->address,
				    "'%s' does not exist", node);
		result_remedy(
			result,
			"look whether udev runs, and whether something else manages /dev");
	}
}
