/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The running system: all or nothing, and everything as it was. */
#include "bind/live.h"
#include "unit/bind/fake_kernel.h"

#define ONE   "0000:29:00.0"
#define TWO   "0000:29:00.1"
#define LOANS "run/vfio-bootcfg/loans"

static struct binding bindings[2];
static struct loans loans;

static int start(void **state)
{
	fake_kernel_start(state);
	fake_folder(fake_path("run"));
	fake_device(ONE, "radeon");
	fake_device(TWO, "radeon");
	kernel.has_native = true;
	memset(bindings, 0, sizeof bindings);
	assert_int_equal(loans_open(fake_root, &loans), 0);
	return 0;
}

static int end(void **state)
{
	loans_close(&loans);
	binding_free(&bindings[0]);
	binding_free(&bindings[1]);
	return fake_end(state);
}

static bool bind_both_within(const char *driver, const struct bind_limits *limits)
{
	cleanup_binder struct binder binder;
	int error = 0;
	bool is_done;

	for (size_t i = 0; i < 2; i++) {
		binding_free(&bindings[i]);
		bindings[i].device =
			(struct device){ fake_root, fake_bdf(i ? TWO : ONE) };
		assert_true(identity_pattern_parse("1002:68c8:174b:3000",
						   &bindings[i].expected));
	}
	binder_start(&binder, fake_root, driver, limits);
	is_done = live_bind(&binder, bindings, 2, &loans, &error);
	assert_int_equal(error, 0);
	return is_done;
}

static bool bind_both_to(const char *driver)
{
	return bind_both_within(driver, &live_limits);
}

static bool bind_both(void)
{
	return bind_both_to("vfio-pci");
}

static const char *override_of(const char *address)
{
	return fake_text(fake_path("sys/bus/pci/devices/%s/driver_override", address));
}

static void assert_as_before(void)
{
	assert_string_equal(holder_of(ONE), "radeon");
	assert_string_equal(holder_of(TWO), "radeon");
	assert_string_equal(override_of(ONE), "(null)\n");
	assert_string_equal(override_of(TWO), "(null)\n");
	assert_string_equal(fake_text(fake_path(LOANS)), "(none)");
}

static void all_are_taken_and_their_drivers_remembered(void **state)
{
	assert_true(bind_both());
	assert_string_equal(holder_of(ONE), "vfio-pci");
	assert_string_equal(holder_of(TWO), "vfio-pci");
	assert_string_equal(
		fake_text(fake_path(LOANS)),
		"# what 'vfio-bootcfg release' returns: address, identity, driver, driver_override\n" ONE
		" 1002:68c8:174b:3000 radeon -\n" TWO " 1002:68c8:174b:3000 radeon -\n");
}

static void the_driver_of_the_oldest_guides_works_the_same(void **state)
{
	assert_true(bind_both_to("pci-stub"));
	assert_string_equal(holder_of(ONE), "pci-stub");
}

static void when_one_is_refused_none_is_taken(void **state)
{
	kernel.probe = REFUSES;
	kernel.only = TWO;
	assert_false(bind_both());
	assert_int_equal(bindings[0].state, BINDING_RETURNED);
	assert_int_equal(bindings[1].state, BINDING_FAILED);
	assert_string_equal(bindings[1].reason, "'vfio-pci' did not take it");
	assert_as_before();
}

static void a_driver_that_does_not_let_go_keeps_all(void **state)
{
	kernel.unbind = REFUSES;
	kernel.only = TWO;
	assert_false(bind_both());
	assert_int_equal(bindings[1].state, BINDING_HELD);
	assert_string_equal(bindings[1].reason, "Device or resource busy");
	assert_as_before();
}

static void without_the_driver_nothing_is_unbound(void **state)
{
	kernel.load = REFUSES;
	assert_false(bind_both());
	assert_null(strstr(kernel.trace, "unbind"));
	assert_as_before();
}

/* What hangs cannot be put right, and is said to be so; the other one can. */
static void a_driver_that_hangs_strands_its_function_alone(void **state)
{
	kernel.unbind = HANGS;
	kernel.only = TWO;
	assert_false(bind_both());
	assert_int_equal(bindings[0].state, BINDING_RETURNED);
	assert_int_equal(bindings[1].state, BINDING_STRANDED);
	assert_string_equal(bindings[1].reason, "it did not return in time");
	assert_string_equal(holder_of(ONE), "radeon");
	assert_non_null(loans_find(&loans, fake_bdf(TWO)));
	assert_null(loans_find(&loans, fake_bdf(ONE)));
}

/* Before the driver is even asked, because somebody else has the device's lock: its link
 * says that nothing happened, and yet it may happen any time. */
static void what_waits_for_a_lock_is_stranded_too(void **state)
{
	kernel.unbind = WAITS;
	kernel.only = TWO;
	assert_false(bind_both());
	assert_string_equal(holder_of(TWO), "radeon");
	assert_int_equal(bindings[1].state, BINDING_STRANDED);
	assert_non_null(loans_find(&loans, fake_bdf(TWO)));
}

static void a_probe_that_hangs_strands_its_function(void **state)
{
	kernel.probe = HANGS;
	kernel.only = TWO;
	assert_false(bind_both());
	assert_string_equal(holder_of(TWO), "vfio-pci");
	assert_int_equal(bindings[1].state, BINDING_STRANDED);
	assert_non_null(loans_find(&loans, fake_bdf(TWO)));
}

/* Its link is there, and yet it has not come back. */
static void a_native_driver_that_hangs_strands_its_function(void **state)
{
	kernel.probe = REFUSES;
	kernel.native_hangs = true;
	kernel.only = TWO;
	assert_false(bind_both());
	assert_string_equal(holder_of(TWO), "radeon");
	assert_int_equal(bindings[1].state, BINDING_STRANDED);
	assert_non_null(loans_find(&loans, fake_bdf(TWO)));
}

static void a_return_that_hangs_strands_its_function(void **state)
{
	const struct binder binder = { .root = fake_root, .driver = "vfio-pci" };

	assert_true(bind_both());
	kernel.native_hangs = true;
	assert_false(binding_return(&bindings[1], &binder));
	assert_string_equal(holder_of(TWO), "radeon");
	assert_int_equal(bindings[1].state, BINDING_STRANDED);
	assert_string_equal(bindings[1].reason, "it did not return in time");
}

static void when_the_time_is_over_there_is_time_to_go_back(void **state)
{
	static const struct bind_limits short_limits = { 20000, 20000, 20000, 20 };

	kernel.unbind = WAITS;
	kernel.only = TWO;
	kernel.native_takes = 1000;
	assert_false(bind_both_within("vfio-pci", &short_limits));
	assert_int_equal(bindings[0].state, BINDING_RETURNED);
	assert_string_equal(holder_of(ONE), "radeon");
}

static void a_device_that_vanishes_takes_no_other_along(void **state)
{
	kernel.unbind = VANISHES;
	kernel.only = TWO;
	assert_false(bind_both());
	assert_int_equal(bindings[1].state, BINDING_ABSENT);
	assert_string_equal(holder_of(ONE), "radeon");
	assert_string_equal(fake_text(fake_path(LOANS)), "(none)");
}

static void another_device_at_the_address_stops_all(void **state)
{
	fake_file(fake_path("sys/bus/pci/devices/%s/device", TWO), "0x68c9\n", 0644);
	assert_false(bind_both());
	assert_int_equal(bindings[1].state, BINDING_OTHER_IDENTITY);
	assert_null(strstr(kernel.trace, "unbind"));
	assert_as_before();
}

static void an_older_override_is_restored(void **state)
{
	fake_file(fake_path("sys/bus/pci/devices/%s/driver_override", ONE), "radeon\n",
		  0644);
	kernel.probe = REFUSES;
	kernel.only = TWO;
	assert_false(bind_both());
	assert_string_equal(override_of(ONE), "radeon");
}

/* Somebody took it from its driver by hand, and did not want it back. */
static void a_function_that_was_free_stays_free(void **state)
{
	fake_hold(ONE, NULL);
	kernel.probe = REFUSES;
	kernel.only = TWO;
	assert_false(bind_both());
	assert_string_equal(holder_of(ONE), "(none)");
	assert_string_equal(holder_of(TWO), "radeon");
}

static void what_was_bound_before_stays_bound(void **state)
{
	fake_hold(ONE, "vfio-pci");
	kernel.probe = REFUSES;
	assert_false(bind_both());
	assert_string_equal(holder_of(ONE), "vfio-pci");
	assert_string_equal(holder_of(TWO), "radeon");
}

static void a_second_time_changes_nothing(void **state)
{
	assert_true(bind_both());
	kernel.trace[0] = '\0';
	assert_true(bind_both());
	assert_string_equal(kernel.trace, "");
	assert_string_equal(loans_find(&loans, fake_bdf(ONE))->driver, "radeon");
}

/* From one reserving driver to the other: what is lent is still the first one's. */
static void the_first_driver_is_the_one_to_return_to(void **state)
{
	assert_true(bind_both());
	assert_true(bind_both_to("pci-stub"));
	assert_string_equal(holder_of(ONE), "pci-stub");
	assert_string_equal(loans_find(&loans, fake_bdf(ONE))->driver, "radeon");
}

static void a_loan_of_another_device_is_replaced(void **state)
{
	loans_put(&loans,
		  &(struct loan){ .bdf = fake_bdf(ONE), .id = { .vendor = 0x8086 } });
	assert_true(bind_both());
	assert_string_equal(loans_find(&loans, fake_bdf(ONE))->driver, "radeon");
}

static void a_failure_forgets_no_older_loan(void **state)
{
	assert_true(bind_both());
	kernel.load = REFUSES; /* there is no pci-stub */
	assert_false(bind_both_to("pci-stub"));
	assert_string_equal(holder_of(ONE), "vfio-pci");
	assert_string_equal(loans_find(&loans, fake_bdf(ONE))->driver, "radeon");
}

/* Who has it after the release. */
static const char *release_from(const char *from, enum binding_state state,
				const struct strings *candidates)
{
	static char *driver;
	struct binding binding = { .device = { fake_root, fake_bdf(ONE) } };

	assert_true(identity_pattern_parse("1002:68c8", &binding.expected));
	free(driver);
	live_release(&binding, from, loans_find(&loans, binding.device.bdf), candidates,
		     &driver);
	assert_int_equal(binding.state, state);
	binding_free(&binding);
	return driver ? driver : "(none)";
}

static const char *release(enum binding_state state, const struct strings *candidates)
{
	return release_from("vfio-pci", state, candidates);
}

static const struct strings none;

static void a_function_returns_to_the_driver_that_had_it(void **state)
{
	assert_true(bind_both());
	assert_string_equal(release(BINDING_BOUND, &none), "radeon");
	assert_string_equal(override_of(ONE), "(null)\n");
	assert_string_equal(holder_of(TWO), "vfio-pci");
}

static void a_function_that_no_driver_had_returns_to_none(void **state)
{
	fake_hold(ONE, NULL);
	assert_true(bind_both());
	kernel.trace[0] = '\0';
	assert_string_equal(release(BINDING_BOUND, &none), "(none)");
	assert_string_equal(kernel.trace, "unbind\noverride=\n");
}

static void a_release_restores_an_older_override(void **state)
{
	fake_file(fake_path("sys/bus/pci/devices/%s/driver_override", ONE), "radeon\n",
		  0644);
	assert_true(bind_both());
	assert_string_equal(release(BINDING_BOUND, &none), "radeon");
	assert_string_equal(override_of(ONE), "radeon");
}

static void a_driver_that_does_not_take_it_back_leaves_it_where_it_is(void **state)
{
	assert_true(bind_both());
	kernel.has_native = false;
	assert_string_equal(release(BINDING_FAILED, &none), "vfio-pci");
	assert_string_equal(override_of(ONE), "vfio-pci");
	assert_non_null(loans_find(&loans, fake_bdf(ONE)));
}

/* What was reserved at boot never had a driver in this boot: the modules tell. */
static void without_a_loan_the_drivers_of_its_modules_are_tried(void **state)
{
	cleanup_strings struct strings candidates = { 0 };

	strings_add(&candidates, "radeon");
	fake_hold(ONE, "vfio-pci");
	assert_string_equal(release(BINDING_BOUND, &candidates), "radeon");
	assert_string_equal(override_of(ONE), "(null)\n");
}

static void without_a_loan_and_a_module_whoever_matches_takes_it(void **state)
{
	fake_hold(ONE, "vfio-pci");
	assert_string_equal(release(BINDING_BOUND, &none), "radeon");
	kernel.has_native = false;
	fake_hold(ONE, "vfio-pci");
	assert_string_equal(release(BINDING_BOUND, &none), "(none)");
}

static void a_machine_that_does_not_let_go_keeps_it(void **state)
{
	assert_true(bind_both());
	kernel.unbind = REFUSES;
	assert_string_equal(release(BINDING_HELD, &none), "vfio-pci");
}

/* 'bind' was killed between the unbind and the probe. */
static void what_a_killed_bind_left_without_a_driver_returns(void **state)
{
	assert_true(bind_both());
	fake_hold(ONE, NULL);
	assert_string_equal(release_from(NULL, BINDING_BOUND, &none), "radeon");
	assert_string_equal(override_of(ONE), "(null)\n");
	loans_put(&loans, &(struct loan){ .bdf = fake_bdf(ONE) });
	fake_hold(ONE, NULL);
	kernel.trace[0] = '\0';
	assert_string_equal(release_from(NULL, BINDING_BOUND, &none), "(none)");
	assert_string_equal(kernel.trace, "override=\n");
}

/* The link is gone, and the driver has not let go. */
static void a_release_that_hangs_is_no_success(void **state)
{
	fake_hold(ONE, NULL);
	assert_true(bind_both());
	kernel.unbind = HANGS;
	kernel.trace[0] = '\0';
	assert_string_equal(release(BINDING_HELD, &none), "(none)");
	assert_string_equal(kernel.trace, "unbind\n");
}

static void a_native_driver_that_hangs_has_not_taken_it(void **state)
{
	assert_true(bind_both());
	kernel.native_hangs = true;
	assert_string_equal(release(BINDING_FAILED, &none), "radeon");
	loans_drop(&loans, fake_bdf(ONE));
	fake_hold(ONE, "vfio-pci");
	assert_string_equal(release(BINDING_FAILED, &none), "radeon");
}

static void after_a_candidate_that_hangs_no_other_is_asked(void **state)
{
	cleanup_strings struct strings candidates = { 0 };

	strings_add(&candidates, "amdgpu");
	strings_add(&candidates, "radeon");
	fake_hold(ONE, "vfio-pci");
	fake_folder(fake_path("sys/bus/pci/drivers/amdgpu"));
	kernel.probe = HANGS;
	assert_string_equal(release(BINDING_FAILED, &candidates), "amdgpu");
	assert_string_equal(kernel.trace, "override=amdgpu\nunbind\nprobe\n");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_are_taken_and_their_drivers_remembered),
		TEST(the_driver_of_the_oldest_guides_works_the_same),
		TEST(when_one_is_refused_none_is_taken),
		TEST(a_driver_that_does_not_let_go_keeps_all),
		TEST(without_the_driver_nothing_is_unbound),
		TEST(a_driver_that_hangs_strands_its_function_alone),
		TEST(what_waits_for_a_lock_is_stranded_too),
		TEST(a_probe_that_hangs_strands_its_function),
		TEST(a_native_driver_that_hangs_strands_its_function),
		TEST(a_return_that_hangs_strands_its_function),
		TEST(when_the_time_is_over_there_is_time_to_go_back),
		TEST(a_device_that_vanishes_takes_no_other_along),
		TEST(another_device_at_the_address_stops_all),
		TEST(an_older_override_is_restored),
		TEST(a_function_that_was_free_stays_free),
		TEST(what_was_bound_before_stays_bound),
		TEST(a_second_time_changes_nothing),
		TEST(the_first_driver_is_the_one_to_return_to),
		TEST(a_loan_of_another_device_is_replaced),
		TEST(a_failure_forgets_no_older_loan),
		TEST(a_function_returns_to_the_driver_that_had_it),
		TEST(a_function_that_no_driver_had_returns_to_none),
		TEST(a_release_restores_an_older_override),
		TEST(a_driver_that_does_not_take_it_back_leaves_it_where_it_is),
		TEST(without_a_loan_the_drivers_of_its_modules_are_tried),
		TEST(without_a_loan_and_a_module_whoever_matches_takes_it),
		TEST(a_machine_that_does_not_let_go_keeps_it),
		TEST(what_a_killed_bind_left_without_a_driver_returns),
		TEST(a_release_that_hangs_is_no_success),
		TEST(a_native_driver_that_hangs_has_not_taken_it),
		TEST(after_a_candidate_that_hangs_no_other_is_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
