/* SPDX-License-Identifier: GPL-2.0-or-later */
/* target-present, target-identity, target-bound. */
#include "verify/cause.h"
#include "verify/checks.h"

#include "evidence/messages.h"

#include <string.h>

static const char correct[] =
	"correct the address in the configuration, then run 'vfio-bootcfg generate --rebuild'";

/* The line with which the PCI core found it, or any other that names it. */
static const struct log_record *logged(const struct boot *boot,
				       const struct suspect *suspect)
{
	struct places places = boot_records(boot, suspect->bdf);

	if (!suspect->has_bdf || !places.n)
		return NULL;
	for (size_t i = 0; i < places.n; i++)
		if (boot->log->v[places.v[i].i].kind == MESSAGE_FUNCTION)
			return &boot->log->v[places.v[i].i];
	return &boot->log->v[places.v[0].i];
}

static void add_doubt_remedy(struct check_result *result, const struct target *target)
{
	if (target->doubt_remedy)
		result_remedy(result, "%s; then run 'vfio-bootcfg generate --rebuild'",
			      target->doubt_remedy);
	else
		result_remedy(result, "%s", correct);
}

static void judge_absent(struct boot *boot, const struct suspect *suspect)
{
	const struct target *target = suspect->target;
	struct check_result *result;

	if (target->doubt) {
		result = result_add(boot, CHECK_FAIL, suspect->address,
				    "no function is there; %s", target->doubt);
		add_doubt_remedy(result, target);
		return;
	}
	result = result_add(boot, CHECK_FAIL, suspect->address,
			    "no such function is in this machine");
	result_remedy(
		result,
		"look at 'vfio-bootcfg list': the device may be off, unplugged, or hidden by another bridge");
}

void check_target_present(struct boot *boot, struct suspect *suspect)
{
	const struct log_record *record = logged(boot, suspect);
	struct check_result *result;

	if (suspect->function) {
		result_add(boot, CHECK_PASS, suspect->address, "the function is there");
	} else if (boot->machine->has_functions) {
		judge_absent(boot, suspect);
	} else if (record) {
		result = result_add(boot, CHECK_PASS, suspect->address,
				    "the kernel log names the function");
		result_shows_record(result, boot, record);
	} else if (suspect->has_bdf && boot->is_log_whole &&
		   boot->first[MESSAGE_FUNCTION]) {
		judge_absent(boot, suspect);
	} else {
		result_add(boot, CHECK_UNKNOWN, suspect->address,
			   "nothing shows whether the function is there");
	}
}

static void judge_identity(struct boot *boot, const struct suspect *suspect,
			   struct identity id)
{
	const struct identity_pattern *wanted = &suspect->target->id;
	const char *doubt = suspect->target->doubt;
	struct check_result *result;

	if (!wanted->id.vendor) {
		result_add(boot, CHECK_PASS, suspect->address,
			   "it is '%s', and nothing else was asked for",
			   identity_text(id).s);
		return;
	}
	if (identity_matches(id, wanted) && !doubt) {
		result_add(boot, CHECK_PASS, suspect->address, "it is '%s'",
			   identity_pattern_text(wanted).s);
		return;
	}
	if (identity_matches(id, wanted))
		result = result_add(boot, CHECK_UNKNOWN, suspect->address,
				    "it is '%s', and %s", identity_pattern_text(wanted).s,
				    doubt);
	else
		result = result_add(boot, CHECK_FAIL, suspect->address,
				    "it is '%s', and '%s' was expected%s%s",
				    identity_text(id).s, identity_pattern_text(wanted).s,
				    doubt ? "; " : "", doubt ? doubt : "");
	add_doubt_remedy(result, suspect->target);
}

/* The log tells no subsystem. */
static void judge_logged_identity(struct boot *boot, const struct suspect *suspect,
				  const struct log_record *record)
{
	struct identity wanted = suspect->target->id.id;
	struct check_result *result;

	if (!wanted.vendor || identity_same_device(record->id, wanted)) {
		result = result_add(boot, CHECK_PASS, suspect->address,
				    "it is '%s', and a log tells no more",
				    identity_device_text(record->id).s);
	} else {
		result = result_add(boot, CHECK_FAIL, suspect->address,
				    "it is '%s', and '%s' was expected",
				    identity_device_text(record->id).s,
				    identity_device_text(wanted).s);
		result_remedy(result, "%s", correct);
	}
	result_shows_record(result, boot, record);
}

void check_target_identity(struct boot *boot, struct suspect *suspect)
{
	const struct log_record *record = logged(boot, suspect);

	if (suspect->function)
		judge_identity(boot, suspect, suspect->function->id);
	else if (!boot->machine->has_functions && record && record->has_id &&
		 record->kind == MESSAGE_FUNCTION)
		judge_logged_identity(boot, suspect, record);
	else
		result_add(boot, CHECK_UNKNOWN, suspect->address,
			   "nothing shows what the function is");
}

/* It is held, and may be of no use: what the log says of resets and power states. */
static const struct log_record *trouble_of(const struct boot *boot,
					   const struct suspect *suspect)
{
	struct places places = boot_records(boot, suspect->bdf);

	for (size_t i = 0; suspect->has_bdf && i < places.n; i++)
		if (boot->log->v[places.v[i].i].kind == MESSAGE_DEVICE_TROUBLE)
			return &boot->log->v[places.v[i].i];
	return NULL;
}

static const char *remedy_of_trouble(const struct log_record *trouble)
{
	static const struct {
		const char *text, *remedy;
	} remedies[] = {
		{ " ROM ",
		  "give the machine the video BIOS as a file ('romfile=' of QEMU)" },
		{ "enable device",
		  "turn 'Above 4G Decoding' on in the firmware setup, or add 'pci=realloc' to the kernel command line" },
		{ " IGD ", "look at the kernel log around that line" },
	};

	for (size_t i = 0; i < sizeof remedies / sizeof *remedies; i++)
		if (strstr(trouble->text, remedies[i].text))
			return remedies[i].remedy;
	return "switch the computer off and on again, and keep the device awake with 'vfio-pci.disable_idle_d3=1' on the kernel command line";
}

static struct check_result *add_bound(struct boot *boot, const struct suspect *suspect)
{
	const struct log_record *trouble = trouble_of(boot, suspect);
	struct check_result *result;

	if (!trouble)
		return result_add(boot, CHECK_PASS, suspect->address, "'%s' holds it",
				  suspect->driver);
	result = result_add(boot, CHECK_WARN, suspect->address, "'%s' holds it, but %s",
			    suspect->driver, trouble->message->meaning);
	result_shows_record(result, boot, trouble);
	result_remedy(result, "%s", remedy_of_trouble(trouble));
	return result;
}

void check_target_bound(struct boot *boot, struct suspect *suspect)
{
	struct check_result *result;

	switch (suspect->is_bound) {
	case YES:
		result = add_bound(boot, suspect);
		if (suspect->function && boot->machine->has_sysfs) {
			char *path cleanup_free = xasprintf(
				"sys/bus/pci/devices/%s/driver", suspect->address);

			result_shows(result, path, "%s", suspect->driver);
		}
		result_shows_record(result, boot, suspect->claim);
		break;
	case NO:
		cause_add(boot, suspect);
		break;
	case UNKNOWN:
		result_add(
			boot, CHECK_UNKNOWN, suspect->address,
			"nothing shows which driver holds it: a log alone often does not");
		break;
	}
}
