/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether there is an IOMMU, and what of the present command line works against it. */
#include "plan/view.h"

#include <string.h>

/* Words that undo what the plan asks for; ours are added after them, and the last one
 * counts, except for those that switch things off for good. */
static const struct off_switch {
	const char *token;
	enum iommu_kind kind; /* of the IOMMU that it switches off; IOMMU_OTHER: any */
} switches[] = {
	{ "intel_iommu=off", IOMMU_INTEL },
	{ "amd_iommu=off", IOMMU_AMD },
	{ "iommu=off", IOMMU_OTHER },
	{ "vfio_bootcfg=off", IOMMU_NONE },
};

static bool has_switched_off(const struct off_switch *off, const struct iommu *iommu)
{
	return iommu->active == NO && iommu->in_firmware != NO &&
	       off->kind != IOMMU_NONE &&
	       (off->kind == IOMMU_OTHER || iommu->kind == IOMMU_NONE ||
		off->kind == iommu->kind);
}

/* The fallback entry has the word, and nothing else that boots this root. */
static void note_fallback(const char *token, const char *origin,
			  struct findings *findings)
{
	struct finding *finding = findings_add(
		findings, SEVERITY_NOTE, "cmdline-contradiction", origin,
		"this boot was told to reserve nothing, as the fallback entry does: '%s'",
		token);

	finding_remedy(
		finding,
		"boot the ordinary entry when the configuration is as it should be");
}

/* Returns whether it tells why the IOMMU is off. */
static bool check_switch(const struct view *view, const struct off_switch *off,
			 struct findings *findings)
{
	bool is_booted = false, is_reason;
	cleanup_free char *origin = NULL;
	struct finding *finding;

	if (!cmdline_has(&view->present, off->token))
		return false;
	for (size_t i = 0; i < view->n_booted; i++)
		is_booted |= strcmp(view->present.v[i].text, off->token) == 0;
	is_reason = is_booted && has_switched_off(off, &view->machine->iommu);
	origin = token_origin(view->plan->system, off->token);
	if (is_booted && off->kind == IOMMU_NONE &&
	    strcmp(origin, "/proc/cmdline") == 0) {
		note_fallback(off->token, origin, findings);
		return false;
	}
	finding = findings_add(
		findings, SEVERITY_WARNING,
		is_reason ? "iommu-off" : "cmdline-contradiction", origin,
		is_reason
			? "'%s' keeps the IOMMU off, so the IOMMU groups could not be looked at"
		: is_booted ? "'%s' is on the kernel command line of this boot"
			    : "'%s' will be on the kernel command line",
		off->token);
	finding_remedy(
		finding,
		is_reason
			? "remove '%s' from the boot loader's configuration, boot and run generate again"
			: "remove '%s' from the boot loader's configuration",
		off->token);
	return is_reason;
}

static void report_firmware(struct findings *findings)
{
	struct finding *finding = findings_add(
		findings, SEVERITY_WARNING, "firmware-iommu-off", NULL,
		"the firmware announces no IOMMU, so 'vfio-pci' will refuse every device (error -22)");

	finding_remedy(
		finding,
		"switch on VT-d (Intel) or AMD-Vi, also called IOMMU, in the firmware setup");
}

static void report_off(struct findings *findings)
{
	struct finding *finding = findings_add(
		findings, SEVERITY_NOTE, "iommu-off", NULL,
		"the IOMMU is off in this boot, so the IOMMU groups could not be looked at");

	finding_remedy(finding, "boot once with the IOMMU on and run generate again");
}

void check_iommu(const struct view *view, struct findings *findings)
{
	const struct machine *machine = view->machine;
	bool has_reason = false;

	for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
		has_reason |= check_switch(view, &switches[i], findings);
	if (!machine->has_sysfs || machine->iommu.active != NO || machine->is_stand_in ||
	    has_reason)
		return;
	if (machine->iommu.in_firmware == NO)
		report_firmware(findings);
	else
		report_off(findings);
}
