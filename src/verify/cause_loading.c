/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Causes that lie in who was loaded when: the driver was not, or not with its ids, or
 * somebody else came before. */
#include "verify/cause.h"

#include "evidence/messages.h"
#include "verify/chain.h"
#include "verify/token.h"

#include <stdlib.h>
#include <string.h>

static const char rebuild[] = "run 'vfio-bootcfg generate --rebuild' and reboot";

static const struct log_record *blacklisting(const struct boot *boot)
{
	const struct log_record *limitation = boot->first[MESSAGE_LIMITATION];

	return limitation && strstr(limitation->text, "is blacklisted") ? limitation
									: NULL;
}

/* A word of the command line that keeps the driver from being loaded by its alias, or
 * with 'modprobe -b' as mkinitcpio does, or NULL. */
static const char *blacklist_of(const struct boot *boot)
{
	for (size_t i = 0; i < boot->cmdline.n; i++) {
		const struct cmdline_token *token = &boot->cmdline.v[i];
		struct strings names cleanup_strings = { 0 };

		if (!token->value ||
		    (strcmp(token->name, "modprobe.blacklist") != 0 &&
		     !cmdline_same_name(token->name, "module_blacklist")))
			continue;
		strings_split(&names, token->value, ",");
		if (cmdline_has_name(&names, boot->plan->driver))
			return token->text;
	}
	return NULL;
}

/* The image that this kernel is given has no driver in it, or is none. */
static bool is_not_in_image(struct boot *boot, const struct suspect *suspect)
{
	const struct boot_kernel *kernel = chain_kernel(boot), *better;
	char *cause cleanup_free = NULL, *how cleanup_free = NULL;
	struct check_result *result;

	if (!kernel || chain_image_has_driver(boot, kernel) != NO)
		return false;
	cause = xasprintf("'%s' was never loaded: the initramfs of this kernel lacks it",
			  boot->plan->driver);
	result = cause_result(boot, suspect, cause);
	better = chain_better_image(boot);
	result_shows(result, kernel->image.path, "lacks '%s'", boot->plan->driver);
	if (better)
		result_shows(
			result, better->image.path,
			"has it: the image of this kernel was made without the files of the plan, or before them");
	how = chain_rebuild(boot, kernel);
	result_remedy(result, "%s, and reboot", how);
	return true;
}

/* The kernel was updated or removed while it runs, so that its modules are gone. */
static bool is_kernel_gone(struct boot *boot, const struct suspect *suspect)
{
	char *cause cleanup_free = NULL;
	struct check_result *result;

	if (!chain_lacks_kernel(boot))
		return false;
	cause = xasprintf(
		"'%s' was never loaded: this boot's kernel '%s' is not installed any more, and its modules are gone",
		boot->plan->driver, boot->release);
	result = cause_result(boot, suspect, cause);
	result_shows(result, "lib/modules", "has no '%s'", boot->release);
	result_remedy(
		result,
		"reboot into a kernel that is installed: 'vfio-bootcfg check' tells which will do");
	return true;
}

/* Somebody said that it is not to be loaded. */
static bool is_blacklisted(struct boot *boot, const struct suspect *suspect)
{
	const struct log_record *record = blacklisting(boot);
	const char *word = blacklist_of(boot);
	char *cause cleanup_free = NULL;
	struct check_result *result;

	if (!record && (!word || boot->has_driver != NO))
		return false;
	if (!word)
		word = "module_blacklist=";
	cause = xasprintf("'%s' was never loaded: '%s' keeps it out", boot->plan->driver,
			  word);
	result = cause_result(boot, suspect, cause);
	result_shows_record(result, boot, record);
	result_remedy(result, "remove '%s' from the kernel command line", word);
	return true;
}

static bool is_never_loaded(struct boot *boot, const struct suspect *suspect)
{
	const struct boot_kernel *kernel = chain_kernel(boot);
	bool has_image = kernel && chain_image_has_driver(boot, kernel) == YES;
	char *cause cleanup_free = NULL;
	const char *generator = plan_generator_by_hand(boot->plan);
	struct check_result *result;

	if (boot->has_driver != NO)
		return false;
	if (is_kernel_gone(boot, suspect) || is_not_in_image(boot, suspect))
		return true;
	cause = xasprintf("'%s' was never loaded", boot->plan->driver);
	result = cause_result(boot, suspect, cause);
	if (boot->machine->modules.known == YES)
		result_shows(result, "proc/modules", "does not list it");
	else
		result_shows(result, boot->log->name,
			     "has no 'VFIO - User Level meta-driver'");
	if (generator)
		result_remedy(result, BY_HAND_REMEDY, generator);
	else
		result_remedy(
			result, "%s: %s",
			has_image ? "the initramfs has it, and nothing loads it there"
				  : "the initramfs lacks it, or nothing loads it there",
			rebuild);
	return true;
}

/* The command line gives ids to the driver, and none of them is the target's. */
static char *find_wrong_ids(const struct boot *boot, const struct suspect *suspect,
			    const char *ids)
{
	if (!ids || !suspect->target->id.id.vendor ||
	    ids_name(ids, suspect->target->id.id))
		return NULL;
	return xasprintf("no id that '%s' was given fits '%s'", boot->plan->driver,
			 identity_device_text(suspect->target->id.id).s);
}

/* The target is for the early binder, which reads the addresses from there. */
static char *find_missing_address(const struct boot *boot, const struct suspect *suspect,
				  const char *ids)
{
	const char *devices = cmdline_value(&boot->cmdline, "vfio_bootcfg.devices");

	if (suspect->target->claim != CLAIM_ADDRESS || !suspect->has_bdf ||
	    devices_name(devices, suspect->address) ||
	    (ids && ids_name(ids, suspect->target->id.id)))
		return NULL;
	return xstrdup(
		devices ? "'vfio_bootcfg.devices=' on the kernel command line does not name it"
			: "the kernel command line has no 'vfio_bootcfg.devices=', which would name it");
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
	result = cause_result(boot, suspect, cause);
	result_shows(result, boot->machine->cmdline ? "proc/cmdline" : boot->log->name,
		     "%s", boot->cmdline_text);
	result_remedy(result, "%s", rebuild);
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
	result = cause_result(
		boot, suspect,
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
	result = cause_result(boot, suspect, cause);
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
	result = cause_result(boot, suspect, cause);
	result_shows(result, "proc/modules",
		     "'%s' is number %zu, '%s' number %zu to be loaded",
		     holding_module(suspect), other + 1, boot->plan->driver, own + 1);
	result_shows_record(result, boot, suspect->foreign);
	result_remedy(result, "%s: its softdep loads '%s' before '%s'", rebuild,
		      boot->plan->driver, holding_module(suspect));
	return true;
}

bool cause_in_loading(struct boot *boot, const struct suspect *suspect)
{
	return is_blacklisted(boot, suspect) || is_never_loaded(boot, suspect) ||
	       is_not_named(boot, suspect) || is_held_by_builtin(boot, suspect) ||
	       is_deaf(boot, suspect) || is_loaded_later(boot, suspect);
}
