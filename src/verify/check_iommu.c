/* SPDX-License-Identifier: GPL-2.0-or-later */
/* iommu-enabled, interrupt-remapping. */
#include "verify/checks.h"
#include "verify/iommu.h"
#include "verify/result.h"

#include "evidence/messages.h"

#include <string.h>

/* 'AMD-Vi: Unknown option - 'on'' frightens people, and 'DMAR: IOMMU enabled' misleads
 * them: both are shown for what they are. */
static void show_misleading(struct check_result *result, const struct boot *boot)
{
	const struct log_record *records[] = { boot->first[MESSAGE_IOMMU_HARMLESS],
					       boot->first[MESSAGE_IOMMU_ECHO] };

	for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
		const struct log_record *record = records[i];
		char *remark cleanup_free = NULL;

		if (!record)
			continue;
		remark = xasprintf("%s%s",
				   record->kind == MESSAGE_IOMMU_ECHO ? "" : "harmless: ",
				   record->message->meaning);
		result_shows_remarked(result, boot, record, remark);
	}
}

static void show_iommu(struct check_result *result, const struct boot *boot)
{
	const struct iommu *iommu = &boot->machine->iommu;

	if (iommu->active == NO)
		result_shows(result, "sys/class/iommu", "is empty");
	if (iommu->evidence)
		result_shows(result, iommu->evidence, "is there");
	result_shows_record(result, boot, boot->iommu_record);
}

void check_iommu_enabled(struct boot *boot)
{
	const struct log_record *shown;
	struct check_result *result = NULL;
	char *cause cleanup_free = NULL, *remedy cleanup_free = NULL;

	switch (boot->iommu) {
	case YES:
		result = result_add(boot, CHECK_PASS, NULL, "the IOMMU translates DMA");
		show_iommu(result, boot);
		break;
	case NO:
		iommu_explain(boot, &cause, &remedy, &shown);
		result =
			result_add(boot, CHECK_FAIL, NULL, "the IOMMU is off: %s", cause);
		result_remedy(result, "%s", remedy);
		show_iommu(result, boot);
		if (shown != boot->iommu_record)
			result_shows_record(result, boot, shown);
		break;
	case UNKNOWN:
		result = result_add(
			boot, CHECK_UNKNOWN, NULL, "%s",
			boot->first[MESSAGE_XEN]
				? "the Xen hypervisor has the IOMMU, and Linux cannot see whether it is on"
				: "nothing shows whether the IOMMU is on");
		result_shows_record(result, boot, boot->first[MESSAGE_XEN]);
		break;
	}
	show_misleading(result, boot);
}

/* The parameter can be read only once the module is there. */
static bool allows_unsafe_interrupts(const struct boot *boot)
{
	const char *value;

	if (boot->machine->unsafe_interrupts != UNKNOWN)
		return boot->machine->unsafe_interrupts == YES;
	value = cmdline_value(&boot->cmdline, "vfio_iommu_type1.allow_unsafe_interrupts");
	return value && strchr("1yYtT", value[0]) != NULL;
}

static void judge_without_remapping(struct boot *boot, const struct log_record *shown)
{
	struct check_result *result;

	if (allows_unsafe_interrupts(boot)) {
		result = result_add(
			boot, CHECK_WARN, NULL,
			"interrupts are not remapped, and 'allow_unsafe_interrupts' lets machines start all the same: a guest can forge interrupts");
		result_remedy(
			result,
			"trust the guests, or enable interrupt remapping in the firmware setup");
	} else {
		result = result_add(
			boot, CHECK_FAIL, NULL,
			"interrupts are not remapped: VFIO will refuse to start a machine");
		if (boot->iommu == NO)
			result_remedy(result, "turn the IOMMU on (see iommu-enabled)");
		else
			result_remedy(
				result,
				"%s; for guests that you trust, 'options vfio_iommu_type1 allow_unsafe_interrupts=1' in /etc/modprobe.d overrides it",
				cmdline_has(&boot->cmdline, "intremap=off")
					? "remove 'intremap=off' from the kernel command line"
					: "enable interrupt remapping (VT-d, AMD-Vi, x2APIC) in the firmware setup, or update it");
	}
	if (boot->machine->interrupt_remapping == NO)
		result_shows(result, "proc/interrupts",
			     "no interrupt goes through 'IR-'");
	result_shows_record(result, boot, shown);
}

void check_interrupt_remapping(struct boot *boot)
{
	const struct log_record *shown;
	struct check_result *result;

	switch (iommu_remaps(boot, &shown)) {
	case YES:
		result = result_add(boot, CHECK_PASS, NULL, "interrupts are remapped");
		if (boot->machine->interrupt_remapping == YES)
			result_shows(result, "proc/interrupts", "goes through 'IR-'");
		result_shows_record(result, boot, shown);
		break;
	case NO:
		judge_without_remapping(boot, shown);
		break;
	case UNKNOWN:
		result_add(boot, CHECK_UNKNOWN, NULL,
			   "nothing shows whether interrupts are remapped");
		break;
	}
}
