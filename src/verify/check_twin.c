/* SPDX-License-Identifier: GPL-2.0-or-later */
/* twin-untouched: no function that is like a target, but none, has its driver. */
#include "verify/checks.h"
#include "verify/result.h"
#include "verify/token.h"

#include "base/search.h"
#include "plan/modules.h"

#include <stdlib.h>

/* What the count of twins comes to. */
struct twins {
	size_t n, taken, unknown;
};

/* A function that is like a target, but none. */
struct twin {
	struct bdf bdf;
	struct identity id;
	const char *driver;	     /* that holds it */
	const char *driver_override; /* or NULL; a log does not tell */
	bool is_by_id;		     /* the plan itself reserves all that has its id */
};

/* An earlier plan named its address, or the addresses are others now. */
static bool blame_devices(struct boot *boot, const struct twin *twin,
			  struct check_result *result)
{
	if (!devices_name(cmdline_value(&boot->cmdline, "vfio_bootcfg.devices"),
			  bdf_text(twin->bdf).s))
		return false;
	result_remedy(
		result,
		"'vfio_bootcfg.devices=' on the kernel command line names it, as an earlier plan did: run 'vfio-bootcfg generate --rebuild' and reboot");
	return true;
}

static bool blame_override(struct boot *boot, const struct twin *twin,
			   struct check_result *result)
{
	const struct system *system = boot->plan->system;
	const struct driverctl_override *rule =
		system && !system->is_of_other_machine
			? system_override(system, twin->bdf)
			: NULL;
	struct bdf_text address = bdf_text(twin->bdf);
	cleanup_free char *path =
		xasprintf("sys/bus/pci/devices/%s/driver_override", address.s);

	if (!is_reserving(boot, twin->driver_override))
		return false;
	result_shows(result, path, "%s", twin->driver_override);
	if (rule)
		result_remedy(
			result,
			"'%s' gives it to '%s' in every boot: run 'driverctl unset-override %s'",
			rule->where, rule->driver, address.s);
	else
		result_remedy(
			result,
			"no 'ids=' did that, but its 'driver_override', which driverctl, a script, libvirt or 'vfio-bootcfg bind' sets: take %s out there, or run 'vfio-bootcfg release %s' for this boot",
			address.s, address.s);
	return true;
}

static bool log_shows_id(const struct boot *boot, struct identity id)
{
	for (size_t i = 0; i < boot->n_common; i++)
		if (boot->common[i]->kind == MESSAGE_ID_ADDED &&
		    identity_same_device(boot->common[i]->id, id))
			return true;
	return false;
}

/* Where 'ids=' with that id stands, as the end of a sentence; NULL where nothing shows
 * one. The caller frees it. */
static char *find_ids(const struct boot *boot, struct identity id)
{
	cleanup_free char *name = xasprintf("%s.ids", boot->plan->driver);
	const struct system *system = boot->plan->system;
	const char *ids = cmdline_value(&boot->cmdline, name);
	const struct setting *line = NULL;
	cleanup_free char *module = driver_module(boot->plan);
	cleanup_free char *option = NULL;

	if (ids && ids_name(ids, id))
		return xstrdup(
			"on the kernel command line; where an earlier plan wrote it, run 'vfio-bootcfg generate --rebuild'");
	if (system && !system->is_of_other_machine)
		option = settings_option(&system->settings, module, "ids", &line);
	if (option && ids_name(option, id))
		return xasprintf("in '%s'", line->where);
	return log_shows_id(boot, id) || !boot->cmdline_text || boot->is_cmdline_cut
		       ? xstrdup("on the kernel command line or in /etc/modprobe.d")
		       : NULL;
}

static void blame_ids(struct boot *boot, const struct twin *twin,
		      struct check_result *result)
{
	cleanup_free char *where = find_ids(boot, twin->id);

	if (where)
		result_remedy(
			result,
			"this configuration does not reserve it: remove '%s' from 'ids=' of '%s', %s",
			identity_device_text(twin->id).s, boot->plan->driver, where);
	else
		result_remedy(
			result,
			"no 'ids=' that can be seen has its id: somebody gave it to '%s' by hand, or a script did; run 'vfio-bootcfg release %s' for this boot",
			twin->driver, bdf_text(twin->bdf).s);
}

static struct check_result *add_taken(struct boot *boot, const struct twin *twin)
{
	struct check_result *result = result_add(
		boot, CHECK_FAIL, bdf_text(twin->bdf).s,
		"'%s' holds it, although it was not asked for: it has the id '%s' of a target",
		twin->driver, identity_device_text(twin->id).s);

	if (blame_devices(boot, twin, result) || blame_override(boot, twin, result))
		return result;
	if (twin->is_by_id)
		result_remedy(
			result,
			"set 'claim = subsystem' or 'claim = address' for the target, then run 'vfio-bootcfg generate --rebuild'");
	else
		blame_ids(boot, twin, result);
	return result;
}

/* One run of functions with the same vendor:device. */
static void judge_run(struct boot *boot, const size_t *v, size_t n, struct twins *twins)
{
	const struct function *functions = boot->machine->functions.v;
	bool has_target = false, is_by_id = false;

	for (size_t i = 0; i < n && !is_by_id; i++) {
		const struct suspect *suspect = boot_suspect(boot, functions[v[i]].bdf);

		has_target |= suspect != NULL;
		is_by_id = suspect && suspect->target->claim == CLAIM_ID;
	}
	for (size_t i = 0; has_target && i < n; i++) {
		const struct function *twin = &functions[v[i]];

		if (boot_suspect(boot, twin->bdf))
			continue;
		twins->n++;
		if (!is_reserving(boot, twin->driver))
			continue;
		twins->taken++;
		add_taken(boot, &(struct twin){ twin->bdf, twin->id, twin->driver,
						twin->driver_override, is_by_id });
	}
}

static void judge_functions(struct boot *boot, struct twins *twins)
{
	const struct functions *functions = &boot->machine->functions;
	size_t start = 0;

	for (size_t i = 1; i <= functions->n; i++) {
		const struct function *v = functions->v;
		const size_t *order = functions->by_identity;

		if (i < functions->n &&
		    identity_same_device(v[order[i]].id, v[order[start]].id))
			continue;
		judge_run(boot, order + start, i - start, twins);
		start = i;
	}
}

/* An id of the targets. Where the log does not tell at which address one of them is, what
 * has its id is the target: for certain where the section names nothing but this id. */
struct wanted {
	struct identity id;
	enum tristate is_target;
};

static struct wanted wanted_of(const struct suspect *suspect)
{
	const struct target *target = suspect->target;
	bool is_exact =
		!target->id.has_subsystem && target->rule && !target->rule->paths.n;

	return (struct wanted){ target->id.id, suspect->has_bdf ? NO
					       : is_exact	? YES
								: UNKNOWN };
}

static int compare_devices(const struct identity *x, const struct identity *y)
{
	return x->vendor != y->vendor ? x->vendor - y->vendor : x->device - y->device;
}

static int compare_wanted(const void *a, const void *b)
{
	static const int order[] = { [YES] = 0, [UNKNOWN] = 1, [NO] = 2 };
	const struct wanted *x = a, *y = b;
	int devices = compare_devices(&x->id, &y->id);

	return devices ? devices : order[x->is_target] - order[y->is_target];
}

static int compare_to_device(const void *key, const void *element)
{
	const struct wanted *wanted = element;

	return compare_devices(key, &wanted->id);
}

/* Who held it last, as far as the log tells. */
static const struct log_record *last_claim(const struct boot *boot, struct bdf bdf)
{
	struct places places = boot_records(boot, bdf);
	const struct log_record *claim = NULL;

	for (size_t i = 0; i < places.n; i++)
		if (boot->log->v[places.v[i].i].kind == MESSAGE_CLAIMED)
			claim = &boot->log->v[places.v[i].i];
	return claim;
}

/* A function that is at the address of no target. */
static void judge_record(struct boot *boot, const struct log_record *record,
			 const struct wanted *wanted, bool is_by_id, struct twins *twins)
{
	const struct log_record *claim = last_claim(boot, record->bdf);

	if (wanted->is_target == YES)
		return;
	twins->n++;
	twins->unknown += wanted->is_target == UNKNOWN || !claim;
	if (wanted->is_target == UNKNOWN || !claim || !is_reserving(boot, claim->driver))
		return;
	twins->taken++;
	result_shows_record(
		add_taken(boot, &(struct twin){ record->bdf, record->id, claim->driver,
						NULL, is_by_id }),
		boot, claim);
}

static void judge_logged(struct boot *boot, struct twins *twins)
{
	struct wanted *v cleanup_free = NULL;
	bool is_by_id = false;
	size_t n = 0;

	for (size_t i = 0; i < boot->n_suspects; i++) {
		*array_add(v, n) = wanted_of(&boot->suspects[i]);
		is_by_id |= boot->suspects[i].target->claim == CLAIM_ID;
	}
	if (n)
		qsort(v, n, sizeof *v, compare_wanted);
	for (size_t i = 0; n && i < boot->log->n; i++) {
		const struct log_record *record = &boot->log->v[i];
		size_t at;

		if (record->kind != MESSAGE_FUNCTION || boot_suspect(boot, record->bdf))
			continue;
		at = search_first(&record->id, v, n, sizeof *v, compare_to_device);
		if (at < n && compare_devices(&record->id, &v[at].id) == 0)
			judge_record(boot, record, &v[at], is_by_id, twins);
	}
	/* Only a whole log shows every function. */
	if (!boot->is_log_whole || !boot->first[MESSAGE_FUNCTION])
		twins->unknown++;
}

void check_twin_untouched(struct boot *boot)
{
	struct twins twins = { 0 };

	if (boot->machine->has_sysfs)
		judge_functions(boot, &twins);
	else
		judge_logged(boot, &twins);
	if (twins.taken)
		return;
	if (twins.unknown)
		result_add(
			boot, CHECK_UNKNOWN, NULL,
			"nothing shows whether functions with the ids of the targets were left alone");
	else if (twins.n)
		result_add(
			boot, CHECK_PASS, NULL,
			"%zu other function%s with the ids of the targets %s left alone",
			twins.n, twins.n == 1 ? "" : "s", twins.n == 1 ? "was" : "were");
	else
		result_add(boot, CHECK_PASS, NULL,
			   "no other function has the id of a target");
}
