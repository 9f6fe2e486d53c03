/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verify/cause.h"

#include "evidence/messages.h"
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

static struct check_result *add(struct boot *boot, const struct suspect *suspect,
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
		add(boot, suspect,
		    "'vfio_bootcfg=off' on the kernel command line told this boot to reserve nothing"),
		"boot the entry without 'vfio_bootcfg=off'");
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
		result = add(boot, suspect, record->message->meaning);
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
	result = add(boot, suspect, cause);
	result_shows_record(result, boot, failure);
	result_remedy(result, "%s", remedy);
	return true;
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
	result = add(boot, suspect, cause);
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
	result = add(boot, suspect, invalid->message->meaning);
	result_shows_record(result, boot, invalid);
	result_remedy(
		result,
		"correct '%s.ids=' (VVVV:DDDD[:SVVV:SDDD], with commas between): 'vfio-bootcfg generate --rebuild' writes it",
		boot->plan->driver);
	return true;
}

static const struct log_record *blacklisting(const struct boot *boot)
{
	const struct log_record *limitation = boot->first[MESSAGE_LIMITATION];

	return limitation && strstr(limitation->text, "is blacklisted") ? limitation
									: NULL;
}

static bool is_never_loaded(struct boot *boot, const struct suspect *suspect)
{
	const struct log_record *blacklisted = blacklisting(boot);
	char *cause cleanup_free = NULL;
	struct check_result *result;

	if (boot->has_driver != NO && !blacklisted)
		return false;
	cause = xasprintf("'%s' was never loaded", boot->plan->driver);
	result = add(boot, suspect, cause);
	result_shows_record(result, boot, blacklisted);
	if (boot->machine->modules.known == YES)
		result_shows(result, "proc/modules", "does not list it");
	else if (!blacklisted)
		result_shows(result, boot->log->name,
			     "has no 'VFIO - User Level meta-driver'");
	if (blacklisted)
		result_remedy(result,
			      "remove 'module_blacklist=' from the kernel command line");
	else
		result_remedy(result,
			      "the initramfs lacks it, or nothing loads it there: %s",
			      rebuild);
	return true;
}

/* As the driver reads an entry: '%x:%x…', where ffffffff is any (vfio_pci_fill_ids). */
static bool id_fits(const char *entry, struct identity id)
{
	const unsigned long any = 0xffffffff;
	unsigned long vendor, device;
	char *end;

	vendor = strtoul(entry, &end, 16);
	if (end == entry || *end != ':')
		return false;
	device = strtoul(end + 1, NULL, 16);
	return (vendor == id.vendor || vendor == any) &&
	       (device == id.device || device == any);
}

/* Whether an entry of ids= fits the target; only what is on the command line is known. */
static bool ids_fit(const char *ids, const struct suspect *suspect)
{
	struct strings list cleanup_strings = { 0 };

	strings_split(&list, ids, ",");
	for (size_t i = 0; i < list.n; i++)
		if (id_fits(list.v[i], suspect->target->id.id))
			return true;
	return false;
}

/* The command line gives ids to the driver, and none of them is the target's. */
static char *find_wrong_ids(const struct boot *boot, const struct suspect *suspect,
			    const char *ids)
{
	if (!ids || !suspect->target->id.id.vendor || ids_fit(ids, suspect))
		return NULL;
	return xasprintf("no id that '%s' was given fits '%s'", boot->plan->driver,
			 identity_device_text(suspect->target->id.id).s);
}

/* Whether 'ADDRESS=IDENTITY,…' has the address. */
static bool names_address(const char *devices, const char *address)
{
	size_t n = strlen(address);

	for (; devices; devices = strchr(devices, ',')) {
		devices += *devices == ',';
		if (strncmp(devices, address, n) == 0 && devices[n] == '=')
			return true;
	}
	return false;
}

/* The target is for the early binder, which reads the addresses from there. */
static char *find_missing_address(const struct boot *boot, const struct suspect *suspect,
				  const char *ids)
{
	const char *devices = cmdline_value(&boot->cmdline, "vfio_bootcfg.devices");

	if (suspect->target->claim != CLAIM_ADDRESS || !suspect->has_bdf ||
	    names_address(devices, suspect->address) || (ids && ids_fit(ids, suspect)))
		return NULL;
	return xstrdup(
		"'vfio_bootcfg.devices=' on the kernel command line does not name it");
}

static bool is_not_named(struct boot *boot, const struct suspect *suspect)
{
	char *name cleanup_free = xasprintf("%s.ids", boot->plan->driver);
	const char *ids = cmdline_value(&boot->cmdline, name);
	char *cause cleanup_free = NULL;
	struct check_result *result;

	if (!boot->cmdline_text || boot->is_cmdline_cut)
		return false;
	cause = suspect->target->claim == CLAIM_ADDRESS
			? find_missing_address(boot, suspect, ids)
			: find_wrong_ids(boot, suspect, ids);
	if (!cause)
		return false;
	result = add(boot, suspect, cause);
	result_shows(result, boot->machine->cmdline ? "proc/cmdline" : boot->log->name,
		     "%s", boot->cmdline_text);
	result_remedy(result, "%s", rebuild);
	return true;
}

/* vfio-pci takes nothing that has no group (vfio_main.c, vfio_device_set_group). */
static bool is_groupless(struct boot *boot, const struct suspect *suspect)
{
	struct check_result *result;

	if (!suspect->groupless)
		return false;
	result = add(boot, suspect,
		     "it has no IOMMU group: the IOMMU is off, or does not serve it");
	result_shows_record(result, boot, suspect->groupless);
	result_remedy(
		result,
		"enable the IOMMU ('VT-d' on Intel, 'IOMMU' or 'AMD-Vi' on AMD) in the firmware setup; if it is on, choose another device");
	return true;
}

/* The driver came and printed no id: BusyBox's modprobe reads the command line only as
 * far as it is spelt with the module's own name (6.12:drivers/vfio/pci/vfio_pci.c prints
 * each). */
static bool is_deaf(struct boot *boot, const struct suspect *suspect)
{
	char *name cleanup_free = xasprintf("%s.ids", boot->plan->driver);
	const char *ids = cmdline_value(&boot->cmdline, name);
	struct check_result *result;

	if (!ids || boot->has_driver != YES || !boot->is_log_whole ||
	    suspect->target->claim == CLAIM_ADDRESS || boot->first[MESSAGE_ID_ADDED] ||
	    boot->first[MESSAGE_ID_INVALID])
		return false;
	result = add(boot, suspect,
		     "the driver was loaded without the ids of the kernel command line");
	result_shows(result, boot->log->name, "has no '%s: add [...'", "vfio_pci");
	result_remedy(result, "BusyBox's modprobe knows 'vfio_pci.ids=' alone: %s",
		      rebuild);
	return true;
}

static const struct competitor *competitor_of(const struct suspect *suspect)
{
	const struct target *target = suspect->target;

	for (size_t i = 0; suspect->driver && i < target->n_competitors; i++)
		if (is_same_driver(target->competitors[i].module, suspect->driver))
			return &target->competitors[i];
	return NULL;
}

/* The module of the driver that holds it, or the driver's own name. */
static const char *holding_module(const struct suspect *suspect)
{
	if (suspect->function && suspect->function->driver_module)
		return suspect->function->driver_module;
	return suspect->driver;
}

static bool is_held_by_builtin(struct boot *boot, const struct suspect *suspect)
{
	const struct competitor *competitor = competitor_of(suspect);
	bool is_builtin = suspect->function && !suspect->function->driver_module;
	char *cause cleanup_free = NULL;
	struct check_result *result;

	if (!suspect->driver ||
	    !(boot->machine->has_sysfs
		      ? is_builtin
		      : competitor && competitor->is_builtin && !competitor->is_loadable))
		return false;
	cause = xasprintf(
		"'%s' is built into this kernel and takes the device before any module can",
		suspect->driver);
	result = add(boot, suspect, cause);
	result_shows_record(result, boot, suspect->foreign);
	result_remedy(
		result,
		"set 'claim = address' in its section, so that the early binder takes it back, then %s",
		rebuild);
	return true;
}

static bool is_loaded_later(struct boot *boot, const struct suspect *suspect)
{
	size_t own = boot_module_position(boot, boot->plan->driver), other;
	char *cause cleanup_free = NULL;
	struct check_result *result;

	if (!suspect->driver || own == SIZE_MAX)
		return false;
	other = boot_module_position(boot, holding_module(suspect));
	if (other == SIZE_MAX || other > own)
		return false;
	cause = xasprintf("'%s' was loaded before '%s' and took it first",
			  holding_module(suspect), boot->plan->driver);
	result = add(boot, suspect, cause);
	result_shows(result, "proc/modules",
		     "'%s' is number %zu, '%s' number %zu to be loaded",
		     holding_module(suspect), other + 1, boot->plan->driver, own + 1);
	result_shows_record(result, boot, suspect->foreign);
	result_remedy(result, "%s: its softdep loads '%s' before '%s'", rebuild,
		      boot->plan->driver, holding_module(suspect));
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
	result = add(boot, suspect, cause);
	result_shows_record(result, boot, suspect->foreign);
	result_remedy(result, "%s", rebuild);
}

void cause_add(struct boot *boot, const struct suspect *suspect)
{
	if (is_absent(boot, suspect) || is_switched_off(boot, suspect) ||
	    is_early_refusal(boot, suspect) || is_refused(boot, suspect) ||
	    is_id_invalid(boot, suspect) || is_never_loaded(boot, suspect) ||
	    is_not_named(boot, suspect) || is_held_by_builtin(boot, suspect) ||
	    is_deaf(boot, suspect) || is_loaded_later(boot, suspect) ||
	    is_iommu_off(boot, suspect) || is_groupless(boot, suspect))
		return;
	add_other(boot, suspect);
}
