/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verify/start.h"

#include "plan/selection.h"
#include "verify/boot.h"
#include "verify/checks.h"
#include "verify/result.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct trial {
	struct boot boot;
	const struct start *start;
};

struct size_text size_text(uint64_t size)
{
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB", "TiB" };
	struct size_text text;
	size_t unit = 0;

	while (size && size % 1024 == 0 && unit + 1 < sizeof units / sizeof *units) {
		size /= 1024;
		unit++;
	}
	snprintf(text.s, sizeof text.s, "%" PRIu64 " %s", size, units[unit]);
	return text;
}

static bool can_be_bound_now(const struct trial *trial, const struct suspect *suspect)
{
	return suspect->function && suspect->function->iommu_group != NO_GROUP &&
	       trial->boot.iommu != NO;
}

/* With the operands of this command, or else another device would be bound. */
static char *advise_binding(const struct trial *trial, const struct suspect *suspect,
			    const char *mends_next)
{
	const struct strings *operands = trial->start->operands;
	cleanup_free char *words = operands ? strings_join(operands, " ") : NULL;

	if (rule_is_of_operands(suspect->target->rule))
		mends_next =
			"name it in a [device] section and run 'vfio-bootcfg generate --rebuild'";
	return xasprintf("run 'vfio-bootcfg bind%s%s' for this boot%s%s",
			 words && *words ? " " : "", words ? words : "",
			 mends_next ? "; for the next: " : "",
			 mends_next ? mends_next : "");
}

/* What mends the next boot is not the only way to a machine that starts now. */
static void check_bound(struct trial *trial, struct suspect *suspect)
{
	const struct verification *verification = trial->boot.verification;
	size_t first = verification->n_checks;

	check_target_bound(&trial->boot, suspect);
	for (size_t i = first; i < verification->n_checks; i++) {
		struct check_result *result = &verification->checks[i];
		char *remedy;

		if (result->status != CHECK_FAIL || !can_be_bound_now(trial, suspect))
			continue;
		remedy = advise_binding(trial, suspect, result->remedy);
		free(result->remedy);
		result->remedy = remedy;
	}
}

static void check_driver(struct trial *trial, struct suspect *suspect)
{
	if (suspect->is_bound != YES || strcmp(suspect->driver, "pci-stub") != 0)
		return;
	result_remedy(
		result_add(
			&trial->boot, CHECK_FAIL, suspect->address,
			"'pci-stub' keeps it from the host, and gives it to no machine"),
		"set 'driver = vfio-pci' and run 'vfio-bootcfg generate', or 'bind' for now");
}

/* A machine has the whole group: two processes cannot share it. */
static void check_not_in_use(struct trial *trial, struct suspect *suspect)
{
	struct usage uses = usage_of(trial->start->usage, suspect->bdf);
	bool is_seen = trial->start->usage->sees_processes == YES;

	for (size_t i = 0; i < uses.n; i++) {
		const struct use_now *use = &uses.v[i];

		if (use->kind != USE_MACHINE)
			continue;
		result_remedy(result_add(&trial->boot, CHECK_FAIL, suspect->address,
					 "'%s' (%ld) has '%s' open: a machine has it",
					 use->process ? use->process : "a process",
					 use->pid, use->name),
			      "stop that machine first");
		return;
	}
	if (suspect->is_bound == YES && is_seen)
		result_add(&trial->boot, CHECK_PASS, suspect->address,
			   "no machine has it");
}

static const struct node_access *access_of(const struct start *start, int group)
{
	for (size_t i = 0; i < start->n_nodes; i++)
		if (start->nodes[i].group == group)
			return &start->nodes[i];
	return NULL;
}

static const char run_it_there[] =
	"run 'attach' on the machine itself, as the user who starts the guest";

static void miss_node_access(struct trial *trial)
{
	bool has_nodes = false;

	for (size_t i = 0; i < trial->boot.n_suspects; i++)
		has_nodes = has_nodes || trial->boot.suspects[i].is_bound == YES;
	if (has_nodes && trial->start->starter == STARTER_UNKNOWN)
		result_remedy(
			result_add(
				&trial->boot, CHECK_UNKNOWN, NULL,
				"nothing shows whether you may open what is in '/dev/vfio'"),
			run_it_there);
}

static void check_node_access(struct trial *trial, struct suspect *suspect)
{
	const struct node_access *node =
		suspect->function && trial->start->starter == STARTER_USER
			? access_of(trial->start, suspect->function->iommu_group)
			: NULL;

	if (!node)
		return;
	if (node->may_open)
		result_add(&trial->boot, CHECK_PASS, suspect->address,
			   "you may open '/dev/vfio/%d'", node->group);
	else
		result_remedy(
			result_add(&trial->boot, CHECK_FAIL, suspect->address,
				   "you may not open '/dev/vfio/%d'", node->group),
			"start the machine as root, or run 'chown USER /dev/vfio/%d'; a udev rule makes that last",
			node->group);
}

/* Firmware, video memory and the BARs of other devices are locked as well: libvirt
 * reckons with this much (qemuDomainGetMemLockLimitBytes). */
static const uint64_t beside_memory = 1ull << 30;

static void check_memory_lock(struct trial *trial)
{
	const struct start *start = trial->start;
	struct size_text memory = size_text(start->memory);
	struct size_text lockable = size_text(start->lockable);
	struct check_result *result;

	if (start->starter == STARTER_SERVICE || !start->memory)
		return;
	if (start->starter == STARTER_UNKNOWN) {
		result_remedy(result_add(&trial->boot, CHECK_UNKNOWN, NULL,
					 "nothing shows whether %s may be locked",
					 memory.s),
			      run_it_there);
		return;
	}
	if (start->lockable >= start->memory &&
	    start->lockable - start->memory >= beside_memory) {
		result_add(&trial->boot, CHECK_PASS, NULL,
			   "%s of the guest may be locked", memory.s);
		return;
	}
	result =
		start->lockable < start->memory
			? result_add(
				  &trial->boot, CHECK_FAIL, NULL,
				  "a guest of %s cannot be locked in memory: you may lock %s",
				  memory.s, lockable.s)
			: result_add(
				  &trial->boot, CHECK_WARN, NULL,
				  "a guest of %s and its firmware may not fit into the %s that you may lock",
				  memory.s, lockable.s);
	result_remedy(
		result,
		"raise 'memlock' for the user in /etc/security/limits.d to 1 GiB more than the guest has, and log in again; see 'ulimit -l'");
}

/* The file is there since 5.15 for what can be reset (drivers/pci/pci.c,
 * reset_method_show); a machine of which no function has it was not looked at. */
static bool tells_of_resets(const struct boot *boot)
{
	const struct functions *functions = &boot->machine->functions;

	for (size_t i = 0; i < functions->n; i++)
		if (functions->v[i].reset_method)
			return boot_kernel_is(boot, 5, 15) == YES;
	return false;
}

static void check_reset(struct trial *trial, struct suspect *suspect)
{
	const struct function *function = suspect->function;

	if (!function)
		return;
	if (function->reset_method && *function->reset_method)
		result_add(&trial->boot, CHECK_PASS, suspect->address,
			   "it is reset by '%s'", function->reset_method);
	else if (tells_of_resets(&trial->boot))
		result_remedy(
			result_add(
				&trial->boot, CHECK_WARN, suspect->address,
				"it has no way of being reset: it starts as the last user left it"),
			"if a second start fails, reboot the host in between");
}

enum check {
	IOMMU_ENABLED,
	INTERRUPT_REMAPPING,
	TARGET_PRESENT,
	TARGET_IDENTITY,
	TARGET_BOUND,
	DRIVER,
	GROUP_VIABLE,
	DEVICE_NODE,
	NODE_ACCESS,
	NOT_IN_USE,
	MEMORY_LOCK,
	RESET,
	FRAMEBUFFER,
	CHECKS,
};

const struct check_description start_checks[] = {
	{ "machine-driver",
	  "the driver that has it gives it to machines, as 'pci-stub' does not" },
	{ "node-access", "you may open the node of its group" },
	{ "not-in-use", "no virtual machine has it already" },
	{ "memory-lock", "you may lock as much memory as '--memory' says" },
	{ "reset-method",
	  "it can be reset between two machines; a warning where it cannot" },
};
const size_t start_n_checks = sizeof start_checks / sizeof *start_checks;

/* In the order of what must hold first. */
static const struct {
	const char *code;
	void (*of_boot)(struct boot *boot);
	void (*of_suspect)(struct boot *boot, struct suspect *suspect);
	void (*of_trial)(struct trial *trial);
	void (*of_target)(struct trial *trial, struct suspect *suspect);
	bool decides;
} checks[] = {
	[IOMMU_ENABLED] = { "iommu-enabled", .of_boot = check_iommu_enabled,
			    .decides = true },
	[INTERRUPT_REMAPPING] = { "interrupt-remapping",
				  .of_boot = check_interrupt_remapping },
	[TARGET_PRESENT] = { "target-present", .of_suspect = check_target_present,
			     .decides = true },
	[TARGET_IDENTITY] = { "target-identity", .of_suspect = check_target_identity,
			      .decides = true },
	[TARGET_BOUND] = { "target-bound", .of_target = check_bound, .decides = true },
	[DRIVER] = { "machine-driver", .of_target = check_driver },
	[GROUP_VIABLE] = { "group-viable", .of_suspect = check_group_viable,
			   .decides = true },
	[DEVICE_NODE] = { "device-node", .of_suspect = check_device_node },
	[NODE_ACCESS] = { "node-access", .of_trial = miss_node_access,
			  .of_target = check_node_access },
	[NOT_IN_USE] = { "not-in-use", .of_target = check_not_in_use },
	[MEMORY_LOCK] = { "memory-lock", .of_trial = check_memory_lock },
	[RESET] = { "reset-method", .of_target = check_reset },
	[FRAMEBUFFER] = { "framebuffer", .of_suspect = check_framebuffer },
};
_Static_assert(sizeof checks / sizeof *checks == CHECKS, "each check is run");

static void run(struct trial *trial, enum check check)
{
	struct boot *boot = &trial->boot;
	size_t first = boot->verification->n_checks;

	boot->code = checks[check].code;
	if (checks[check].of_boot)
		checks[check].of_boot(boot);
	if (checks[check].of_trial)
		checks[check].of_trial(trial);
	for (size_t i = 0; i < boot->n_suspects; i++) {
		if (checks[check].of_suspect)
			checks[check].of_suspect(boot, &boot->suspects[i]);
		if (checks[check].of_target)
			checks[check].of_target(trial, &boot->suspects[i]);
	}
	verification_weigh(boot->verification, first, checks[check].decides);
}

void verify_start(const struct plan *plan, const struct machine *machine,
		  const struct kernel_log *log, const struct start *start,
		  struct verification *ret)
{
	struct trial trial = { .start = start };

	*ret = (struct verification){ .question = QUESTION_START,
				      .schema = "vfio-bootcfg.attach/1",
				      .verdict = VERDICT_PASS };
	boot_open(plan, machine, log, ret, &trial.boot);
	ret->kernel = trial.boot.release ? xstrdup(trial.boot.release) : NULL;
	for (enum check check = 0; check < CHECKS; check++)
		run(&trial, check);
	boot_close(&trial.boot);
	verification_fit_root(ret, plan);
}

bool start_is_usable(const struct verification *verification)
{
	for (size_t i = 0; i < verification->n_checks; i++)
		if (verification->checks[i].code == checks[TARGET_IDENTITY].code &&
		    verification->checks[i].status == CHECK_UNKNOWN)
			return false;
	return verification->verdict != VERDICT_FAIL;
}

void start_free(struct start *start)
{
	free(start->nodes);
	*start = (struct start){ 0 };
}
