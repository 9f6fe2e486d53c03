/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verify/verify.h"

#include "verify/boot.h"
#include "verify/checks.h"
#include "verify/other_boot.h"
#include "verify/result.h"
#include "verify/story.h"

#include <stdlib.h>

enum check {
	CMDLINE_APPLIED,
	IOMMU_ENABLED,
	INTERRUPT_REMAPPING,
	TARGET_PRESENT,
	TARGET_IDENTITY,
	TARGET_BOUND,
	FIRST_CLAIM,
	GROUP_VIABLE,
	DEVICE_NODE,
	TWIN_UNTOUCHED,
	MODULE_PARAMETERS,
	DMA_FAULTS,
	FRAMEBUFFER,
	LOG_COMPLETE,
	CHECKS,
};

const struct check_description verify_checks[] = {
	[CMDLINE_APPLIED] = { "cmdline-applied",
			      "every parameter of the plan is on the kernel command line of this boot; a warning where one is missing and all is bound nonetheless, or where it is amd_iommu=on, which the kernel does not know and nothing depends on ('iommu = leave' drops it)" },
	[IOMMU_ENABLED] = { "iommu-enabled",
			    "the IOMMU translates DMA: /sys/class/iommu has an entry" },
	[INTERRUPT_REMAPPING] = { "interrupt-remapping",
				  "interrupts are remapped; without it VFIO refuses to start a machine, unless allow_unsafe_interrupts is set, which is a warning" },
	[TARGET_PRESENT] = { "target-present", "there is a function at the address" },
	[TARGET_IDENTITY] = { "target-identity",
			      "the function there is the one that was reserved" },
	[TARGET_BOUND] = { "target-bound",
			   "the reserving driver, or a variant of it, holds the function; a failure comes with its cause, and a warning where the device is in trouble" },
	[FIRST_CLAIM] = { "first-claim",
			  "no other driver had the function before in this boot; a warning where one had" },
	[GROUP_VIABLE] = { "group-viable",
			   "no other function of its IOMMU group is held by a host driver, by the rule of the kernel that runs" },
	[DEVICE_NODE] = { "device-node", "/dev/vfio has a node for the group" },
	[TWIN_UNTOUCHED] = { "twin-untouched",
			     "no function with the id of a target, that is none, is held by the reserving driver" },
	[MODULE_PARAMETERS] = { "module-parameters",
				"the kernel refused no id and ignored no option; unknown where nothing came to read them" },
	[DMA_FAULTS] = { "dma-faults",
			 "no device reached for memory that it was not given; a warning where one did, unknown without an IOMMU to tell" },
	[FRAMEBUFFER] = { "framebuffer",
			  "no framebuffer of the firmware keeps the memory of a graphics card" },
	[LOG_COMPLETE] = { "log-complete",
			   "the kernel log was there and is whole: what it does not say counts only then; a warning where the log that was named is of another boot than sysfs, and is judged alone" },
};
const size_t verify_n_checks = sizeof verify_checks / sizeof *verify_checks;
_Static_assert(sizeof verify_checks / sizeof *verify_checks == CHECKS,
	       "each check has a description");

/* How each check is run; one that decides lets nothing pass that is unknown. */
static const struct {
	void (*of_boot)(struct boot *boot);
	void (*of_target)(struct boot *boot, struct suspect *suspect);
	bool decides;
} checks[] = {
	[CMDLINE_APPLIED] = { .of_boot = check_cmdline_applied },
	[IOMMU_ENABLED] = { .of_boot = check_iommu_enabled, .decides = true },
	[INTERRUPT_REMAPPING] = { .of_boot = check_interrupt_remapping },
	[TARGET_PRESENT] = { .of_target = check_target_present, .decides = true },
	[TARGET_IDENTITY] = { .of_target = check_target_identity, .decides = true },
	[TARGET_BOUND] = { .of_target = check_target_bound, .decides = true },
	[FIRST_CLAIM] = { .of_target = check_first_claim },
	[GROUP_VIABLE] = { .of_target = check_group_viable, .decides = true },
	[DEVICE_NODE] = { .of_target = check_device_node },
	[TWIN_UNTOUCHED] = { .of_boot = check_twin_untouched },
	[MODULE_PARAMETERS] = { .of_boot = check_module_parameters },
	[DMA_FAULTS] = { .of_boot = check_dma_faults },
	[FRAMEBUFFER] = { .of_target = check_framebuffer },
	[LOG_COMPLETE] = { .of_boot = check_log_complete },
};
_Static_assert(sizeof checks / sizeof *checks == CHECKS, "each check is run");

const char *check_status_name(enum check_status status)
{
	static const char *const names[] = {
		[CHECK_PASS] = "pass",
		[CHECK_WARN] = "warn",
		[CHECK_FAIL] = "fail",
		[CHECK_UNKNOWN] = "unknown",
	};

	return names[status];
}

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[] = {
		[VERDICT_PASS] = "pass",
		[VERDICT_FAIL] = "fail",
		[VERDICT_UNKNOWN] = "unknown",
	};

	return names[verdict];
}

void verification_weigh(struct verification *verification, size_t first, bool decides)
{
	for (size_t i = first; i < verification->n_checks; i++) {
		enum check_status status = verification->checks[i].status;

		if (status == CHECK_FAIL)
			verification->verdict = VERDICT_FAIL;
		else if (status == CHECK_UNKNOWN && decides &&
			 verification->verdict == VERDICT_PASS)
			verification->verdict = VERDICT_UNKNOWN;
	}
}

static void run(struct boot *boot, enum check check)
{
	size_t first = boot->verification->n_checks;

	boot->code = verify_checks[check].code;
	if (checks[check].of_boot)
		checks[check].of_boot(boot);
	for (size_t i = 0; checks[check].of_target && i < boot->n_suspects; i++)
		checks[check].of_target(boot, &boot->suspects[i]);
	verification_weigh(boot->verification, first, checks[check].decides);
}

void verify_boot(const struct plan *plan, const struct machine *machine,
		 const struct kernel_log *log, const struct next_boot *next,
		 struct verification *ret)
{
	const struct machine unseen = { 0 };
	cleanup_free char *other = log->is_named ? other_boot(machine, log) : NULL;
	struct boot boot;

	*ret = (struct verification){ .schema = "vfio-bootcfg.verify/1",
				      .verdict = VERDICT_PASS };
	boot_open(plan, other ? &unseen : machine, log, ret, &boot);
	boot.next = next;
	boot.other_boot = other;
	ret->kernel = boot.release ? xstrdup(boot.release) : NULL;
	for (enum check check = 0; check < CHECKS; check++)
		run(&boot, check);
	for (size_t i = 0; i < boot.n_suspects; i++)
		story_tell(&boot, &boot.suspects[i],
			   array_add(ret->targets, ret->n_targets));
	boot_close(&boot);
	verification_fit_root(ret, plan);
}

bool verification_needs_attention(const struct verification *verification)
{
	for (size_t i = 0; i < verification->n_checks; i++)
		if (verification->checks[i].status != CHECK_PASS)
			return true;
	return false;
}

static void free_check(struct check_result *check)
{
	for (size_t i = 0; i < check->n_evidence; i++) {
		free(check->evidence[i].source);
		free(check->evidence[i].text);
	}
	free(check->evidence);
	free(check->address);
	free(check->kernel);
	free(check->message);
	free(check->remedy);
}

static void free_story(struct target_story *story)
{
	for (size_t i = 0; i < story->n_timeline; i++) {
		free(story->timeline[i].driver);
		free(story->timeline[i].text);
	}
	free(story->timeline);
	free(story->address);
	free(story->driver);
	free(story->first_driver);
}

void verification_free(struct verification *verification)
{
	for (size_t i = 0; i < verification->n_checks; i++)
		free_check(&verification->checks[i]);
	for (size_t i = 0; i < verification->n_targets; i++)
		free_story(&verification->targets[i]);
	free(verification->checks);
	free(verification->targets);
	free(verification->kernel);
	*verification = (struct verification){ 0 };
}
