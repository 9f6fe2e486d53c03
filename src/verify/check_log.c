/* SPDX-License-Identifier: GPL-2.0-or-later */
/* module-parameters, dma-faults, framebuffer, log-complete: what only the log tells. */
#include "verify/checks.h"
#include "verify/result.h"

#include "evidence/messages.h"

#include <string.h>

enum { SHOWN_MAX = 4 };

/* Shows the first few of a kind, and says how many there are. */
static size_t show_kind(struct check_result *result, const struct boot *boot,
			enum message_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < boot->log->n; i++) {
		const struct log_record *record = &boot->log->v[i];

		if (record->kind != kind || n++ >= SHOWN_MAX)
			continue;
		if (strcmp(record->message->meaning, result->message) == 0)
			result_shows_record(result, boot, record);
		else
			result_shows_remarked(result, boot, record,
					      record->message->meaning);
	}
	return n;
}

static bool has_driver_come(const struct boot *boot)
{
	bool has_come = boot->has_driver == YES || boot->first[MESSAGE_LOADED];

	for (size_t i = 0; !has_come && i < boot->n_suspects; i++)
		has_come = boot->suspects[i].is_bound == YES;
	return has_come && boot->has_driver != NO;
}

/* An option is refused when its module comes, so a module that never came proves none. */
static void judge_silence(struct boot *boot)
{
	if (!boot->is_log_whole)
		result_add(
			boot, CHECK_UNKNOWN, NULL,
			"whether the kernel took every option cannot be seen without the whole log");
	else if (!has_driver_come(boot))
		result_add(boot, CHECK_UNKNOWN, NULL,
			   "'%s' never came, so nothing has read its options",
			   boot->plan->driver);
	else
		result_add(boot, CHECK_PASS, NULL,
			   "the kernel took every option as it was given");
}

void check_module_parameters(struct boot *boot)
{
	const struct log_record *invalid = boot->first[MESSAGE_ID_INVALID];
	const struct log_record *limitation = boot->first[MESSAGE_LIMITATION];
	struct check_result *result;

	if (invalid) {
		result = result_add(boot,
				    boot_is_as_planned(boot) ? CHECK_WARN : CHECK_FAIL,
				    NULL, "%s", invalid->message->meaning);
		result_remedy(
			result,
			"correct '%s.ids=' on the kernel command line and in /etc/modprobe.d: 'vfio-bootcfg generate --rebuild' writes it",
			boot->plan->driver);
		show_kind(result, boot, MESSAGE_ID_INVALID);
	}
	if (limitation) {
		result = result_add(boot, CHECK_WARN, NULL, "%s",
				    limitation->message->meaning);
		show_kind(result, boot, MESSAGE_LIMITATION);
	}
	if (invalid || limitation)
		return;
	judge_silence(boot);
}

/* A fault of a target is a warning that matters; of another function, one that may. */
static const struct log_record *worst_fault(const struct boot *boot, size_t *ret_n)
{
	const struct log_record *worst = NULL;
	bool is_of_target = false;

	*ret_n = 0;
	for (size_t i = 0; i < boot->log->n; i++) {
		const struct log_record *record = &boot->log->v[i];
		bool is_target;

		if (record->kind != MESSAGE_DMA_FAULT)
			continue;
		++*ret_n;
		is_target = record->has_bdf && boot_suspect(boot, record->bdf);
		if (!worst || (is_target && !is_of_target)) {
			worst = record;
			is_of_target = is_target;
		}
	}
	return worst;
}

/* Only an IOMMU that is on can tell of a fault. */
static void judge_no_fault(struct boot *boot)
{
	if (boot->iommu != YES)
		result_add(boot, CHECK_UNKNOWN, NULL,
			   "%s, so nothing would tell of faults",
			   boot->iommu == NO ? "the IOMMU is off"
					     : "it is not known that the IOMMU is on");
	else if (!boot->is_log_whole)
		result_add(boot, CHECK_UNKNOWN, NULL,
			   "faults that the log has lost cannot be seen");
	else
		result_add(boot, CHECK_PASS, NULL,
			   "no device reached for memory in vain");
}

void check_dma_faults(struct boot *boot)
{
	size_t n;
	const struct log_record *fault = worst_fault(boot, &n);
	struct check_result *result;
	bool is_target;

	if (!fault) {
		judge_no_fault(boot);
		return;
	}
	is_target = fault->has_bdf && boot_suspect(boot, fault->bdf);
	result = result_add(
		boot, CHECK_WARN, fault->has_bdf ? bdf_text(fault->bdf).s : NULL,
		"%s%s: %zu fault%s in the log", fault->message->meaning,
		is_target ? "" : ", and it is no target", n, n == 1 ? "" : "s");
	result_shows_record(result, boot, fault);
	result_remedy(
		result,
		is_target
			? "a driver of the host, or the firmware, had set the device to work before it was reserved: see its first-claim"
			: "update the firmware or that device's driver");
}

static const struct log_record *
record_of(const struct boot *boot, const struct suspect *suspect, enum message_kind kind)
{
	struct places places = boot_records(boot, suspect->bdf);

	for (size_t i = 0; suspect->has_bdf && i < places.n; i++)
		if (boot->log->v[places.v[i].i].kind == kind)
			return &boot->log->v[places.v[i].i];
	return NULL;
}

static const char no_framebuffer[] =
	"add 'initcall_blacklist=sysfb_init' to the kernel command line, or show the boot messages on another card";

static const char framebuffer_stays[] =
	"'initcall_blacklist=sysfb_init' did not keep it out: show the boot messages on another card";

/* The kernel takes the lists of all such words (init/main.c, initcall_blacklist). */
static const char *framebuffer_remedy(const struct boot *boot)
{
	for (size_t i = 0; i < boot->cmdline.n; i++) {
		const struct cmdline_token *token = &boot->cmdline.v[i];
		struct strings calls cleanup_strings = { 0 };

		if (strcmp(token->name, "initcall_blacklist") != 0 || !token->value)
			continue;
		strings_split(&calls, token->value, ",");
		if (strings_has(&calls, "sysfb_init"))
			return framebuffer_stays;
	}
	return no_framebuffer;
}

/* vfio-pci puts the firmware's picture away itself: of a VGA controller, since 6.0
 * (6.1:drivers/vfio/pci/vfio_pci_core.c, aperture_remove_conflicting_pci_devices). */
static bool removes_framebuffer(const struct boot *boot, const struct suspect *suspect)
{
	return suspect->function && suspect->function->class >> 8 == 0x0300 &&
	       boot_kernel_is(boot, 6, 0) == YES;
}

static void judge_display(struct boot *boot, const struct suspect *suspect)
{
	const struct log_record *owner = boot->first[MESSAGE_FRAMEBUFFER];
	struct check_result *result;

	if (removes_framebuffer(boot, suspect)) {
		result_add(
			boot, CHECK_PASS, suspect->address,
			"vfio-pci of this kernel puts the firmware's framebuffer away");
	} else if (suspect->function->is_boot_display == NO && !owner) {
		result_add(boot, CHECK_PASS, suspect->address,
			   "it is not the display of the firmware");
	} else if (owner && suspect->function->is_boot_display != NO) {
		result = result_add(
			boot, CHECK_WARN, suspect->address,
			"the firmware's framebuffer may keep its memory: a machine may not start with it");
		result_shows_record(result, boot, owner);
		result_remedy(result, "%s", framebuffer_remedy(boot));
	} else if (boot->is_log_whole) {
		result_add(boot, CHECK_PASS, suspect->address,
			   "no framebuffer of the firmware is in its memory");
	} else {
		result_add(
			boot, CHECK_UNKNOWN, suspect->address,
			"nothing shows whether the firmware's framebuffer is in its memory");
	}
}

void check_framebuffer(struct boot *boot, struct suspect *suspect)
{
	const struct log_record *conflict =
		record_of(boot, suspect, MESSAGE_BAR_CONFLICT);
	const struct log_record *owner = record_of(boot, suspect, MESSAGE_FRAMEBUFFER);
	struct check_result *result;

	if (conflict) {
		result = result_add(boot, CHECK_FAIL, suspect->address, "%s",
				    conflict->message->meaning);
		result_shows_record(result, boot, conflict);
		result_shows_record(result, boot, owner);
		result_remedy(result, "%s", framebuffer_remedy(boot));
	} else if (owner && !removes_framebuffer(boot, suspect)) {
		result = result_add(boot, CHECK_WARN, suspect->address,
				    "%s: a machine may not start with it",
				    owner->message->meaning);
		result_shows_record(result, boot, owner);
		result_remedy(result, "%s", framebuffer_remedy(boot));
	} else if (suspect->function && function_is_display(suspect->function)) {
		judge_display(boot, suspect);
	}
}

void check_log_complete(struct boot *boot)
{
	const struct kernel_log *log = boot->log;
	const char *alone = boot->machine->has_sysfs || boot->other_boot
				    ? ""
				    : "; there is no sysfs, so the log was judged alone";
	struct check_result *result;

	if (boot->other_boot)
		result_add(
			boot, CHECK_WARN, NULL,
			"the log is of another boot: %s, so the log was judged alone, without what sysfs shows now",
			boot->other_boot);
	if (!log->is_present) {
		result = result_add(
			boot, CHECK_UNKNOWN, NULL, "there is no kernel log to read%s",
			boot->machine->has_sysfs ? ": what happened before cannot be told"
						 : "");
		result_remedy(result,
			      "run as root, or name one with '--kernel-log FILE'");
	} else if (log->has_start != YES) {
		result = result_add(boot, CHECK_WARN, NULL,
				    "the log does not begin with the boot%s", alone);
		result_remedy(
			result,
			"read the journal ('--boot 0'), or add 'log_buf_len=4M' to the kernel command line");
	} else if (!boot->is_log_whole) {
		result = result_add(
			boot, CHECK_WARN, NULL,
			"the log lacks lines that every boot has: it was cut, or searched through%s",
			alone);
		result_remedy(result,
			      "read the whole log: 'journalctl -k -b', or 'dmesg'");
	} else if (log->n_dropped) {
		result_add(boot, CHECK_WARN, NULL,
			   "the log has %zu lines more of one kind than are kept%s",
			   log->n_dropped, alone);
	} else {
		result_add(boot, CHECK_PASS, NULL,
			   "the log begins with the boot: %zu lines%s", log->n_lines,
			   alone);
	}
}
