/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verify/iommu.h"

#include "evidence/messages.h"

#include <stdlib.h>
#include <string.h>

static const struct log_record *first(const struct boot *boot, enum message_kind kind)
{
	return boot->first[kind];
}

/* noiommu mode makes a group for a function without any IOMMU (vfio/group.c). */
static const struct log_record *first_real_group(const struct boot *boot)
{
	return first(boot, MESSAGE_NOIOMMU) ? NULL : first(boot, MESSAGE_GROUP);
}

/*
 * A fault of DMA, not of an interrupt, comes from an IOMMU that translates, and so does a
 * complaint about the address cache in a device: VT-d's time-out and completion errors
 * are of nothing else (Intel VT-d 4.1, 11.4.8.1).
 */
static bool is_translating(const struct log_record *record)
{
	if (record->kind == MESSAGE_DMA_FAULT)
		return !strstr(record->text, "[INTR-REMAP]");
	return record->kind == MESSAGE_DEVICE_TROUBLE &&
	       (strstr(record->text, "[IOTLB_INV_TIMEOUT ") ||
		strstr(record->text, "VT-d detected Invalidation "));
}

static const struct log_record *first_translation(const struct boot *boot)
{
	const struct kernel_log *log = boot->log;

	for (size_t i = 0; i < log->n; i++)
		if (is_translating(&log->v[i]))
			return &log->v[i];
	return NULL;
}

/* Tables are listed as they are found; a devicetree is not, and the IOMMUs of the small
 * machines that have one start in silence. */
static bool lists_all_tables(const struct boot *boot)
{
	return boot->is_log_whole && strstr(first(boot, MESSAGE_TABLES)->text, "ACPI");
}

/* From the log alone: what is not said in a whole log did not happen. */
static enum tristate judge_log(const struct boot *boot, const struct log_record **shown)
{
	if ((*shown = first(boot, MESSAGE_IOMMU_ACTIVE)) ||
	    (*shown = first_real_group(boot)))
		return YES;
	if ((*shown = first(boot, MESSAGE_XEN)))
		return UNKNOWN;
	if ((*shown = first(boot, MESSAGE_NOIOMMU)) ||
	    (*shown = first(boot, MESSAGE_IOMMU_OFF)))
		return NO;
	if ((*shown = first_translation(boot)))
		return YES;
	return lists_all_tables(boot) ? NO : UNKNOWN;
}

void iommu_judge(struct boot *boot)
{
	enum tristate logged = judge_log(boot, &boot->iommu_record);

	boot->iommu = boot->machine->iommu.active;
	if (boot->iommu == UNKNOWN)
		boot->iommu = logged;
	else if (boot->iommu != logged)
		boot->iommu_record = NULL;
}

/* Switches on the command line that turn an IOMMU off, or on where it is off by default.
 */
static const char *off_switch(const struct boot *boot)
{
	static const char *const switches[] = { "intel_iommu=off", "amd_iommu=off",
						"iommu=off" };

	for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
		if (cmdline_has(&boot->cmdline, switches[i]))
			return switches[i];
	return NULL;
}

static enum tristate is_in_firmware(const struct boot *boot,
				    const struct log_record **shown)
{
	*shown = first(boot, MESSAGE_FIRMWARE_TABLE);
	if (boot->machine->iommu.in_firmware != UNKNOWN)
		return boot->machine->iommu.in_firmware;
	if (*shown)
		return YES;
	return lists_all_tables(boot) ? NO : UNKNOWN;
}

static const char *firmware_setting(const struct boot *boot)
{
	switch (boot->machine->cpu) {
	case CPU_INTEL:
		return "enable 'VT-d' in the firmware setup";
	case CPU_AMD:
		return "enable 'IOMMU' (AMD-Vi) in the firmware setup";
	case CPU_UNKNOWN:
	case CPU_OTHER:
		break;
	}
	return "enable the IOMMU ('VT-d' on Intel, 'IOMMU' or 'AMD-Vi' on AMD) in the firmware setup";
}

/* Intel's driver stays off by default in many kernels; AMD's does not. */
static bool lacks_intel_switch(const struct boot *boot, const struct log_record *table)
{
	bool is_intel = boot->machine->iommu.kind == IOMMU_INTEL ||
			(table && strstr(table->text, "DMAR"));

	return is_intel && boot->cmdline_text && !boot->is_cmdline_cut &&
	       !cmdline_has(&boot->cmdline, "intel_iommu=on");
}

static const struct log_record *first_refusal(const struct boot *boot)
{
	const struct log_record *limitation = first(boot, MESSAGE_LIMITATION);

	if (first(boot, MESSAGE_IOMMU_OFF))
		return first(boot, MESSAGE_IOMMU_OFF);
	return limitation && strstr(limitation->text, "_iommu") ? limitation : NULL;
}

/* A limitation is that the kernel does not know the option, for want of the driver. */
static const char *remedy_of(const struct log_record *refusal)
{
	if (refusal->kind != MESSAGE_LIMITATION)
		return "update the firmware, or boot another kernel";
	return strstr(refusal->text, "amd_iommu")
		       ? "boot a kernel that is built with CONFIG_AMD_IOMMU"
		       : "boot a kernel that is built with CONFIG_INTEL_IOMMU";
}

void iommu_explain(const struct boot *boot, char **ret_cause, char **ret_remedy,
		   const struct log_record **ret_shown)
{
	const struct log_record *table, *refusal = first_refusal(boot);
	const char *off = off_switch(boot);
	enum tristate in_firmware = is_in_firmware(boot, &table);

	*ret_shown = NULL;
	if (off) {
		*ret_cause =
			xasprintf("'%s' on the kernel command line switches it off", off);
		*ret_remedy = xasprintf(
			"remove '%s' from the kernel command line and reboot", off);
	} else if (first(boot, MESSAGE_NOIOMMU)) {
		*ret_shown = first(boot, MESSAGE_NOIOMMU);
		*ret_cause = xstrdup("vfio runs in its unsafe mode without an IOMMU");
		*ret_remedy =
			xasprintf("%s, and remove 'vfio.enable_unsafe_noiommu_mode'",
				  firmware_setting(boot));
	} else if (in_firmware == NO) {
		*ret_cause = xstrdup("the firmware describes none");
		*ret_remedy =
			xasprintf("%s (or give the virtual machine one, if this is one)",
				  firmware_setting(boot));
	} else if (refusal) {
		*ret_shown = refusal;
		*ret_cause = xstrdup(refusal->message->meaning);
		*ret_remedy = xstrdup(remedy_of(refusal));
	} else if (lacks_intel_switch(boot, table)) {
		*ret_shown = table;
		*ret_cause = xstrdup(
			"the firmware offers one, and this kernel leaves it off without 'intel_iommu=on'");
		*ret_remedy = xstrdup(
			"add 'intel_iommu=on' to the kernel command line: 'vfio-bootcfg generate --rebuild' does");
	} else {
		*ret_shown = table;
		*ret_cause = xstrdup(
			in_firmware == YES
				? "the firmware offers one, and the kernel did not start it"
				: "nothing shows why");
		*ret_remedy = xasprintf(
			"%s, and look for 'DMAR' and 'AMD-Vi' in the kernel log",
			firmware_setting(boot));
	}
}

/* The log has a line where interrupts are remapped, and none where they are not. */
enum tristate iommu_remaps(const struct boot *boot, const struct log_record **ret_shown)
{
	const struct log_record *active = first(boot, MESSAGE_REMAPPING_ACTIVE);
	const struct log_record *off = first(boot, MESSAGE_REMAPPING_OFF);
	const struct log_record *iommu = first(boot, MESSAGE_IOMMU_ACTIVE);

	*ret_shown = off ? off : active;
	if (boot->machine->interrupt_remapping == YES)
		*ret_shown = active;
	if (boot->machine->interrupt_remapping == NO)
		*ret_shown = off;
	if (boot->machine->interrupt_remapping != UNKNOWN)
		return boot->machine->interrupt_remapping;
	if (off || active)
		return off ? NO : YES;
	/* Of Intel's and AMD's the line would be there; Arm's interrupt controllers do
	 * without. */
	if (boot->is_log_whole && iommu &&
	    (strstr(iommu->text, "DMAR") || strstr(iommu->text, "AMD-Vi"))) {
		*ret_shown = iommu;
		return NO;
	}
	/* Both firmwares describe them in the table of the IOMMU. */
	return is_in_firmware(boot, ret_shown) == NO ? NO : UNKNOWN;
}
