/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verify/cause.h"

#include "evidence/messages.h"
#include "verify/chain.h"
#include "verify/checks.h"
#include "verify/iommu.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char rebuild[] = "run 'vfio-bootcfg generate --rebuild' and reboot";

/* ''nvme' holds it' or 'no driver holds it'. A log does not tell the latter, nor who came
 * later in silence. */
static char *holder(const struct boot *boot, const struct suspect *suspect)
{
	if (suspect->driver)
		return xasprintf(boot->machine->has_sysfs
					 ? "'%s' holds it"
					 : "'%s' had it last, as far as the log tells",
				 suspect->driver);
	return xstrdup(boot->machine->has_sysfs ? "no driver holds it"
						: "it is not bound");
}

struct check_result *cause_result(struct boot *boot, const struct suspect *suspect,
				  const char *cause)
{
	char *who cleanup_free = holder(boot, suspect);
	struct check_result *result =
		result_add(boot, CHECK_FAIL, suspect->address, "%s: %s", who, cause);

	if (suspect->function && boot->machine->has_sysfs) {
		char *path cleanup_free =
			xasprintf("sys/bus/pci/devices/%s/driver", suspect->address);

		result_shows(result, path, "%s",
			     suspect->driver ? suspect->driver : "is not there");
	}
	if (!boot->machine->has_sysfs)
		result_shows_record(result, boot, suspect->claim);
	return result;
}

static bool is_absent(struct boot *boot, const struct suspect *suspect)
{
	if (!boot->machine->has_functions || suspect->function)
		return false;
	result_add(boot, CHECK_FAIL, suspect->address,
		   "it cannot be bound: it is not there (see target-present)");
	return true;
}

static bool is_switched_off(struct boot *boot, const struct suspect *suspect)
{
	if (!cmdline_has(&boot->cmdline, "vfio_bootcfg=off"))
		return false;
	result_remedy(
		cause_result(
			boot, suspect,
			"'vfio_bootcfg=off' on the kernel command line told this boot to reserve nothing"),
		OFF_REMEDY);
	return true;
}

/* The early binder said what it did, and why not. */
static bool is_early_refusal(struct boot *boot, const struct suspect *suspect)
{
	struct places places = boot_records(boot, suspect->bdf);
	struct check_result *result;

	for (size_t i = 0; suspect->has_bdf && i < places.n; i++) {
		const struct log_record *record = &boot->log->v[places.v[i].i];

		if (record->kind != MESSAGE_EARLY)
			continue;
		result = cause_result(boot, suspect, record->message->meaning);
		result_shows_record(result, boot, record);
		result_remedy(
			result,
			record->has_id
				? "correct the address in the configuration, then run 'vfio-bootcfg generate --rebuild' and reboot"
				: rebuild);
		return true;
	}
	return false;
}

/* A line about this function that says why vfio-pci refused it, such as the denylist. */
static const struct log_record *limitation_of(const struct boot *boot,
					      const struct suspect *suspect)
{
	struct places places = boot_records(boot, suspect->bdf);

	for (size_t i = 0; i < places.n; i++)
		if (boot->log->v[places.v[i].i].kind == MESSAGE_LIMITATION)
			return &boot->log->v[places.v[i].i];
	return NULL;
}

static bool has_no_group(const struct boot *boot, const struct suspect *suspect)
{
	return boot->machine->has_sysfs && suspect->function &&
	       suspect->function->iommu_group == NO_GROUP;
}

static bool is_iommu_off(struct boot *boot, const struct suspect *suspect)
{
	const struct log_record *shown, *failure = suspect->failure;
	char *why cleanup_free = NULL, *remedy cleanup_free = NULL;
	char *cause cleanup_free = NULL;
	struct check_result *result;

	if (boot->iommu != NO)
		return false;
	iommu_explain(boot, &why, &remedy, &shown);
	cause = failure ? xasprintf(
				  "the IOMMU is off (%s), so '%s' refused it with error -%d",
				  why, failure->driver, failure->error)
			: xasprintf("the IOMMU is off (%s), so it has no IOMMU group",
				    why);
	result = cause_result(boot, suspect, cause);
	result_shows_record(result, boot, failure);
	result_remedy(result, "%s", remedy);
	return true;
}

/* A log alone shows groups and no lack of them. */
static bool has_logged_group(const struct boot *boot, const struct suspect *suspect)
{
	struct places places = boot_records(boot, suspect->bdf);

	for (size_t i = 0; suspect->has_bdf && i < places.n; i++)
		if (boot->log->v[places.v[i].i].kind == MESSAGE_GROUP)
			return true;
	return false;
}

/* What an error of vfio-pci's probe means (vfio_pci_core.c, vfio_main.c, group.c). */
static const char *meaning_of_error(const struct boot *boot,
				    const struct suspect *suspect,
				    const char **ret_remedy)
{
	int error = suspect->failure->error;

	if (error == EINVAL && has_no_group(boot, suspect)) {
		*ret_remedy = "choose another device: this one lies outside of the IOMMU";
		return ", because it has no IOMMU group";
	}
	if (error == EINVAL && !boot->machine->has_sysfs &&
	    !has_logged_group(boot, suspect)) {
		*ret_remedy =
			"switch on VT-d, AMD-Vi or IOMMU in the firmware setup, and see that nothing on the kernel command line switches it off";
		return ", as where it has no IOMMU group, and the log shows none";
	}
	if (error == EBUSY) {
		*ret_remedy = "set its sriov_numvfs to 0 before the driver comes";
		return ", because it has virtual functions";
	}
	*ret_remedy = "look at the kernel log around that line";
	return "";
}

static bool is_refused(struct boot *boot, const struct suspect *suspect)
{
	const struct log_record *failure = suspect->failure, *limitation;
	char *cause cleanup_free = NULL;
	struct check_result *result;
	const char *meaning, *remedy;

	if (!failure)
		return false;
	limitation = limitation_of(boot, suspect);
	if (!limitation && is_iommu_off(boot, suspect))
		return true;
	meaning = meaning_of_error(boot, suspect, &remedy);
	cause = xasprintf("'%s' refused it with error -%d%s", failure->driver,
			  failure->error,
			  limitation ? ", and the kernel log says why" : meaning);
	result = cause_result(boot, suspect, cause);
	if (limitation)
		result_shows_remarked(result, boot, limitation,
				      limitation->message->meaning);
	result_shows_record(result, boot, failure);
	result_remedy(result, "%s", limitation ? limitation->message->meaning : remedy);
	return true;
}

static bool is_id_invalid(struct boot *boot, const struct suspect *suspect)
{
	const struct log_record *invalid = boot->first[MESSAGE_ID_INVALID];
	struct check_result *result;

	if (!invalid || suspect->target->claim == CLAIM_ADDRESS)
		return false;
	result = cause_result(boot, suspect, invalid->message->meaning);
	result_shows_record(result, boot, invalid);
	result_remedy(
		result,
		"correct '%s.ids=' (VVVV:DDDD[:SVVV:SDDD], with commas between): 'vfio-bootcfg generate --rebuild' writes it",
		boot->plan->driver);
	return true;
}

/* vfio-pci takes nothing that has no group (vfio_main.c, vfio_device_set_group). */
static bool is_groupless(struct boot *boot, const struct suspect *suspect)
{
	struct check_result *result;

	if (!suspect->groupless)
		return false;
	result = cause_result(
		boot, suspect,
		"it has no IOMMU group: the IOMMU is off, or does not serve it");
	result_shows_record(result, boot, suspect->groupless);
	result_remedy(
		result,
		"enable the IOMMU ('VT-d' on Intel, 'IOMMU' or 'AMD-Vi' on AMD) in the firmware setup; if it is on, choose another device");
	return true;
}

/* Lines of some boot, without a word of the driver: whatever kept it away is not there.
 */
static bool is_untold(struct boot *boot, const struct suspect *suspect)
{
	char *cause cleanup_free = NULL;
	struct check_result *result;

	if (boot->machine->has_sysfs || boot->is_log_whole ||
	    boot->first[MESSAGE_LOADED] || boot->has_driver == YES)
		return false;
	cause = xasprintf("this log does not tell what became of '%s'",
			  boot->plan->driver);
	result = cause_result(boot, suspect, cause);
	result_shows_record(result, boot, suspect->foreign);
	result_remedy(result, "read the whole log: 'journalctl -k -b', or 'dmesg'");
	return true;
}

static void add_other(struct boot *boot, const struct suspect *suspect)
{
	const struct function *function = suspect->function;
	char *cause cleanup_free = NULL;
	struct check_result *result;

	if (function && function->driver_override &&
	    !is_same_driver(function->driver_override, boot->plan->driver))
		cause = xasprintf("its driver_override is '%s', so '%s' may not take it",
				  function->driver_override, boot->plan->driver);
	else if (suspect->driver)
		cause = xasprintf("'%s' came too late, or was not told of it",
				  boot->plan->driver);
	else
		cause = xasprintf("'%s' was not told of it, or gave it back",
				  boot->plan->driver);
	result = cause_result(boot, suspect, cause);
	result_shows_record(result, boot, suspect->foreign);
	result_remedy(result, "%s", rebuild);
}

void cause_add(struct boot *boot, const struct suspect *suspect)
{
	if (is_absent(boot, suspect) || is_switched_off(boot, suspect) ||
	    is_early_refusal(boot, suspect) || is_refused(boot, suspect) ||
	    is_id_invalid(boot, suspect) || cause_in_loading(boot, suspect) ||
	    is_iommu_off(boot, suspect) || is_groupless(boot, suspect) ||
	    is_untold(boot, suspect))
		return;
	add_other(boot, suspect);
}
