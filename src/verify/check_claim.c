/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * first-claim: did another driver have the function before? Proofs, the best first: the
 * driver core's own words (dyndbg), the early binder's, the order in which the modules
 * came, and that no other driver said a word: weak, because many drivers say none.
 */
#include "verify/checks.h"
#include "verify/result.h"

#include "evidence/messages.h"

#include <math.h>
#include <string.h>

static void judge_foreign(struct boot *boot, struct suspect *suspect)
{
	const struct log_record *foreign = suspect->foreign;
	const char *driver = foreign->driver ? foreign->driver : "a driver of the host";
	char *when cleanup_free = isnan(foreign->time)
					  ? xstrdup("")
					  : xasprintf(", at %.3f s", foreign->time);
	struct check_result *result = result_add(
		boot, CHECK_WARN, suspect->address,
		suspect->is_bound == YES ? "'%s' had it first%s; '%s' took it late"
					 : "'%s' took it%s, not '%s'",
		driver, when, boot->plan->driver);

	suspect->first_driver = foreign->driver;
	result_shows_record(result, boot, foreign);
	if (suspect->is_bound == YES) {
		if (suspect->claim != foreign)
			result_shows_record(result, boot, suspect->claim);
		result_remedy(
			result,
			"a device that a host driver has touched may not work in a machine: run 'vfio-bootcfg generate --rebuild', so that '%s' comes first",
			boot->plan->driver);
	}
}

/* The driver core's word that the reserving driver was the first to be tried. */
static const struct log_record *forensic_proof(const struct boot *boot,
					       const struct suspect *suspect)
{
	struct places places = boot_records(boot, suspect->bdf);

	for (size_t i = 0; i < places.n; i++) {
		const struct log_record *record = &boot->log->v[places.v[i].i];

		if (record->kind == MESSAGE_PROBING && record->driver)
			return is_reserving(boot, record->driver) ? record : NULL;
	}
	return NULL;
}

/* 'vfio-bootcfg: …: bound to …' comes from the initramfs, before udev. */
static const struct log_record *early_proof(const struct boot *boot,
					    const struct suspect *suspect)
{
	struct places places = boot_records(boot, suspect->bdf);

	for (size_t i = 0; i < places.n; i++) {
		const struct log_record *record = &boot->log->v[places.v[i].i];

		if (record->kind == MESSAGE_CLAIMED &&
		    strncmp(record->text, "vfio-bootcfg: ", 14) == 0)
			return record;
	}
	return NULL;
}

/* A competitor that may have had it in silence, or NULL. */
static const struct competitor *silent_rival(const struct boot *boot,
					     const struct suspect *suspect)
{
	const struct target *target = suspect->target;
	size_t own = boot_module_position(boot, boot->plan->driver);

	for (size_t i = 0; i < target->n_competitors; i++) {
		const struct competitor *rival = &target->competitors[i];
		size_t other = boot_module_position(boot, rival->module);

		/* Built in, it came before any module; what was not loaded did nothing.
		 */
		if (other == SIZE_MAX ? rival->is_builtin
				      : own != SIZE_MAX && other < own)
			return rival;
	}
	return NULL;
}

/* The loaded rival that came soonest after it. */
static void show_order(struct check_result *result, const struct boot *boot,
		       const struct suspect *suspect)
{
	const struct target *target = suspect->target;
	const char *next = NULL;
	size_t first = SIZE_MAX;

	for (size_t i = 0; i < target->n_competitors; i++) {
		size_t at = boot_module_position(boot, target->competitors[i].module);

		if (at < first) {
			first = at;
			next = target->competitors[i].module;
		}
	}
	if (next)
		result_shows(result, "proc/modules", "'%s' was loaded after '%s'", next,
			     boot->plan->driver);
	else
		result_shows(result, "proc/modules",
			     "no other driver that fits is loaded");
}

static void judge_order(struct boot *boot, struct suspect *suspect)
{
	const struct competitor *rival = silent_rival(boot, suspect);
	struct check_result *result;

	if (rival) {
		result_add(
			boot, CHECK_UNKNOWN, suspect->address,
			"the log names no other driver, but '%s' came before '%s' and may have had it in silence",
			rival->module, boot->plan->driver);
		return;
	}
	suspect->first_driver = suspect->driver;
	result = result_add(boot, CHECK_PASS, suspect->address,
			    "no other driver that fits came before '%s'",
			    boot->plan->driver);
	show_order(result, boot, suspect);
}

/* What a ring buffer has lost of the time before the kernel found the function does not
 * matter: nobody can have had it then. */
static bool is_whole_since_found(const struct boot *boot, const struct suspect *suspect)
{
	struct places places = boot_records(boot, suspect->bdf);

	return boot->is_log_whole ||
	       (boot->first[MESSAGE_INITIALIZED] && places.n &&
		boot->log->v[places.v[0].i].kind == MESSAGE_FUNCTION);
}

/* Nothing but the log: its own line is a proof only where none was lost. */
static void judge_silence(struct boot *boot, struct suspect *suspect)
{
	struct check_result *result;

	if (suspect->is_bound == YES && suspect->claim &&
	    is_whole_since_found(boot, suspect)) {
		suspect->first_driver = suspect->driver;
		result = result_add(boot, CHECK_PASS, suspect->address,
				    "'%s' is the first driver that the log names",
				    suspect->driver);
		result_shows_record(result, boot, suspect->claim);
		return;
	}
	result_add(boot, CHECK_UNKNOWN, suspect->address,
		   "nothing shows whether another driver had it before");
}

void check_first_claim(struct boot *boot, struct suspect *suspect)
{
	const struct log_record *proof = NULL;

	if (boot->machine->has_functions && !suspect->function)
		return; /* target-present says why */
	if (suspect->foreign) {
		judge_foreign(boot, suspect);
		return;
	}
	if (suspect->is_bound == YES && suspect->has_bdf) {
		proof = forensic_proof(boot, suspect);
		if (!proof)
			proof = early_proof(boot, suspect);
	}
	if (proof) {
		suspect->first_driver = suspect->driver;
		result_shows_record(result_add(boot, CHECK_PASS, suspect->address,
					       "'%s' was the first", suspect->driver),
				    boot, proof);
	} else if (suspect->is_bound == YES && boot->machine->modules.known == YES) {
		judge_order(boot, suspect);
	} else if (suspect->is_bound == NO && suspect->driver) {
		result_add(boot, CHECK_WARN, suspect->address,
			   "'%s' has it, not '%s'; the log does not tell since when",
			   suspect->driver, boot->plan->driver);
	} else {
		judge_silence(boot, suspect);
	}
}
