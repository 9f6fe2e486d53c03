/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What only the start of a machine asks: rights, memory, resets, other machines. */
#include "unit/check.h"
#include "verify/start.h"

#include <string.h>

static const char release[] = "6.12.1";

/* One card in group 14 that vfio-pci has, and what its start meets. */
struct stage {
	struct function function;
	struct device_rule rule;
	struct target target;
	struct machine machine;
	struct plan plan;
	struct use_now use;
	struct usage usage;
	struct node_access node;
	struct start start;
	size_t place;
};

static void begin(struct stage *stage)
{
	*stage = (struct stage){
		.function = { .bdf = { 0, 0x29, 0, 0 },
			      .id = { 0x1002, 0x68c8, 0x174b, 0x3000 },
			      .class = 0x020000,
			      .description = (char *)"a card",
			      .driver = (char *)"vfio-pci",
			      .iommu_group = 14,
			      .reset_method = (char *)"flr bus" },
		.rule = { .name = (char *)"card" },
		.node = { 14, true },
	};
	stage->machine = (struct machine){
		.has_functions = true,
		.has_sysfs = true,
		.functions = { &stage->function, 1, &stage->place, &stage->place,
			       &stage->place },
		.iommu = { .active = YES },
		.interrupt_remapping = YES,
		.release = (char *)release,
	};
	stage->target =
		(struct target){ .rule = &stage->rule,
				 .function = &stage->function,
				 .has_bdf = true,
				 .bdf = stage->function.bdf,
				 .id = { stage->function.id, .has_subsystem = true } };
	stage->plan = (struct plan){ .driver = "vfio-pci",
				     .targets = &stage->target,
				     .n_targets = 1 };
	stage->usage.sees_processes = YES;
	stage->start = (struct start){ .starter = STARTER_USER,
				       .usage = &stage->usage,
				       .nodes = &stage->node,
				       .n_nodes = 1,
				       .lockable = 8ull << 20 };
}

/* Asserts 'STATUS MESSAGE' of one check, or NULL where it says nothing. */
static void expect(const struct stage *stage, const char *code, const char *expected)
{
	cleanup_verification struct verification verification = { 0 };
	const struct kernel_log log = { 0 };
	cleanup_free char *got = NULL;

	verify_start(&stage->plan, &stage->machine, &log, &stage->start, &verification);
	for (size_t i = 0; i < verification.n_checks; i++) {
		const struct check_result *check = &verification.checks[i];

		if (strcmp(check->code, code) != 0)
			continue;
		assert_null(got); /* once */
		got = xasprintf("%s %s", check_status_name(check->status),
				check->message);
	}
	if (!expected) {
		assert_null(got);
		return;
	}
	assert_non_null(got);
	assert_string_equal(got, expected);
}

static void the_user_must_be_able_to_open_the_node(void **state)
{
	struct stage stage;

	begin(&stage);
	expect(&stage, "node-access", "pass you may open '/dev/vfio/14'");
	stage.node.may_open = false;
	expect(&stage, "node-access", "fail you may not open '/dev/vfio/14'");
	stage.start.starter =
		STARTER_SERVICE; /* libvirt opens it with rights of its own */
	expect(&stage, "node-access", NULL);
	stage.start.starter = STARTER_UNKNOWN;
	expect(&stage, "node-access",
	       "unknown nothing shows whether you may open what is in '/dev/vfio'");
	stage.function.driver = (char *)"e1000e"; /* there is no node yet */
	expect(&stage, "node-access", NULL);
}

static void the_memory_of_the_guest_must_be_lockable(void **state)
{
	struct stage stage;

	begin(&stage);
	expect(&stage, "memory-lock", NULL); /* nobody said how much it will be */
	stage.start.memory = 16ull << 30;
	expect(&stage, "memory-lock",
	       "fail a guest of 16 GiB cannot be locked in memory: you may lock 8 MiB");
	stage.start.lockable = 16ull << 30; /* and nothing for its firmware */
	expect(&stage, "memory-lock",
	       "warn a guest of 16 GiB and its firmware may not fit into the 16 GiB that you may lock");
	stage.start.lockable = 17ull << 30;
	expect(&stage, "memory-lock", "pass 16 GiB of the guest may be locked");
	stage.start.lockable = UINT64_MAX;
	expect(&stage, "memory-lock", "pass 16 GiB of the guest may be locked");
	stage.start.starter = STARTER_UNKNOWN;
	expect(&stage, "memory-lock",
	       "unknown nothing shows whether 16 GiB may be locked");
	stage.start.memory = 0;
	expect(&stage, "memory-lock", NULL);
}

static char *remedy_of(const struct stage *stage, const char *code)
{
	cleanup_verification struct verification verification = { 0 };
	const struct kernel_log log = { 0 };

	verify_start(&stage->plan, &stage->machine, &log, &stage->start, &verification);
	for (size_t i = 0; i < verification.n_checks; i++)
		if (strcmp(verification.checks[i].code, code) == 0)
			return xstrdup(verification.checks[i].remedy);
	return NULL;
}

static void bind_is_advised_where_it_works_and_for_what_was_named(void **state)
{
	static const char bind[] = "run 'vfio-bootcfg bind";
	static const struct {
		const char *operand, *where, *remedy;
		enum tristate iommu;
		int group;
	} cases[] = {
		{ NULL, "test.conf:3", "run 'vfio-bootcfg bind' for this boot", YES, 14 },
		{ "card", "test.conf:3", "run 'vfio-bootcfg bind card' for this boot",
		  YES, 14 },
		{ "29:00.0", "command line",
		  "run 'vfio-bootcfg bind 29:00.0' for this boot; for the next: name it in a [device] section and run 'vfio-bootcfg generate --rebuild'",
		  YES, 14 },
		{ NULL, "test.conf:3", NULL, NO, 14 },
		{ NULL, "test.conf:3", NULL, YES, NO_GROUP },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_strings struct strings operands = { 0 };
		cleanup_free char *remedy = NULL;
		struct stage stage;

		begin(&stage);
		if (cases[i].operand)
			strings_add(&operands, cases[i].operand);
		stage.start.operands = &operands;
		stage.rule.where = (char *)cases[i].where;
		stage.function.driver = (char *)"e1000e";
		stage.function.iommu_group = cases[i].group;
		stage.machine.iommu.active = cases[i].iommu;
		remedy = remedy_of(&stage, "target-bound");
		assert_non_null(remedy);
		if (cases[i].remedy)
			assert_memory_equal(remedy, cases[i].remedy,
					    strlen(cases[i].remedy));
		else
			assert_null(strstr(remedy, bind));
	}
}

static void a_device_that_cannot_be_reset_is_warned_of(void **state)
{
	static const char warning[] =
		"warn it has no way of being reset: it starts as the last user left it";
	struct stage stage;

	begin(&stage);
	expect(&stage, "reset-method", "pass it is reset by 'flr bus'");
	stage.function.reset_method = (char *)""; /* switched off by the administrator */
	expect(&stage, "reset-method", warning);
	stage.machine.release = (char *)"5.10.1"; /* which has no such file */
	expect(&stage, "reset-method", NULL);
	stage.machine.release = (char *)release;
	stage.function.reset_method = NULL; /* of no function: nobody looked */
	expect(&stage, "reset-method", NULL);
}

static void a_second_machine_does_not_start(void **state)
{
	struct stage stage;

	begin(&stage);
	expect(&stage, "not-in-use", "pass no machine has it");
	stage.use = (struct use_now){ stage.function.bdf, USE_MACHINE,
				      (char *)"/dev/vfio/14", (char *)"qemu", 7 };
	stage.usage.v = &stage.use;
	stage.usage.n = 1;
	expect(&stage, "not-in-use",
	       "fail 'qemu' (7) has '/dev/vfio/14' open: a machine has it");
	stage.usage.n = 0;
	stage.usage.sees_processes = NO; /* another user's, maybe */
	expect(&stage, "not-in-use", NULL);
}

static void sizes_have_the_largest_unit_that_divides_them(void **state)
{
	assert_string_equal(size_text(16ull << 30).s, "16 GiB");
	assert_string_equal(size_text(4096ull << 20).s, "4 GiB");
	assert_string_equal(size_text(65536).s, "64 KiB");
	assert_string_equal(size_text(1025).s, "1025 bytes");
	assert_string_equal(size_text(0).s, "0 bytes");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_user_must_be_able_to_open_the_node),
		cmocka_unit_test(the_memory_of_the_guest_must_be_lockable),
		cmocka_unit_test(bind_is_advised_where_it_works_and_for_what_was_named),
		cmocka_unit_test(a_device_that_cannot_be_reset_is_warned_of),
		cmocka_unit_test(a_second_machine_does_not_start),
		cmocka_unit_test(sizes_have_the_largest_unit_that_divides_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
