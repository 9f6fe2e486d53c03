/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bind/bind.h"
#include "unit/bind/fake_kernel.h"

#define ADDRESS "0000:29:00.0"

static struct binding bind_one(const char *identity)
{
	static const struct bind_limits limits = { 50, 100, 300, 1 };
	struct binding binding = { .device = { fake_root, { 0, 0x29, 0, 0 } } };
	cleanup_binder struct binder binder;

	assert_true(identity_pattern_parse(identity, &binding.expected));
	binder_start(&binder, fake_root, "vfio-pci", &limits);
	binding_reserve(&binding, &binder);
	if (binding.state == BINDING_RESERVED) {
		binder_load(&binder);
		binding_take(&binding, &binder);
	}
	return binding;
}

/* The state, the reason and every step that was asked of the kernel. */
static void expect(enum binding_state state, const char *reason, const char *steps)
{
	struct binding binding = bind_one("1002:68c8:174b:3000");

	assert_int_equal(binding.state, state);
	assert_string_equal(kernel.trace, steps);
	if (reason)
		assert_string_equal(binding.reason, reason);
	else
		assert_null(binding.reason);
	binding_free(&binding);
}

static const char *holder(void)
{
	return holder_of(ADDRESS);
}

static void a_free_function_is_bound(void **state)
{
	fake_device(ADDRESS, NULL);
	expect(BINDING_BOUND, NULL, "override=vfio-pci\nload vfio-pci\nprobe\n");
	assert_string_equal(holder(), "vfio-pci");
}

static void a_builtin_competitor_is_unbound_first(void **state)
{
	fake_device(ADDRESS, "radeon");
	kernel.has_native = true;
	expect(BINDING_BOUND, NULL, "override=vfio-pci\nload vfio-pci\nunbind\nprobe\n");
	assert_string_equal(holder(), "vfio-pci");
}

static void a_driver_that_is_there_is_not_loaded(void **state)
{
	fake_device(ADDRESS, NULL);
	fake_folder(fake_path("sys/bus/pci/drivers/vfio-pci"));
	expect(BINDING_BOUND, NULL, "override=vfio-pci\nprobe\n");
}

static void a_function_that_is_bound_is_left_as_it_is(void **state)
{
	fake_device(ADDRESS, "vfio-pci");
	expect(BINDING_BOUND, NULL, "");
}

static void another_identity_is_left_alone(void **state)
{
	struct binding binding;

	fake_device(ADDRESS, "radeon");
	binding = bind_one("1002:68c8:174b:3001");
	assert_int_equal(binding.state, BINDING_OTHER_IDENTITY);
	assert_string_equal(identity_text(binding.found).s, "1002:68c8:174b:3000");
	assert_string_equal(kernel.trace, "");
	assert_string_equal(holder(), "radeon");
	binding_free(&binding);
}

static void without_a_subsystem_every_board_fits(void **state)
{
	struct binding binding;

	fake_device(ADDRESS, NULL);
	binding = bind_one("1002:68c8");
	assert_int_equal(binding.state, BINDING_BOUND);
	binding_free(&binding);
}

static void an_absent_function_asks_nothing_of_the_kernel(void **state)
{
	expect(BINDING_ABSENT,
	       "its identity could not be read: No such file or directory", "");
}

/* With its own driver kept off for good it would be lost to the host, too. */
static void a_function_that_is_refused_gets_its_own_driver_back(void **state)
{
	fake_device(ADDRESS, "radeon");
	kernel.has_native = true;
	kernel.probe = REFUSES;
	expect(BINDING_FAILED, "'vfio-pci' did not take it",
	       "override=vfio-pci\nload vfio-pci\nunbind\nprobe\noverride=radeon\nprobe\noverride=\n");
	assert_string_equal(holder(), "radeon");
}

static void a_missing_group_is_said_to_be_the_cause(void **state)
{
	fake_device(ADDRESS, NULL);
	assert_int_equal(rmdir(fake_path("sys/bus/pci/devices/%s/iommu_group", ADDRESS)),
			 0);
	kernel.probe = REFUSES;
	expect(BINDING_FAILED, "'vfio-pci' did not take it, and it has no IOMMU group",
	       "override=vfio-pci\nload vfio-pci\nprobe\noverride=\nprobe\n");
}

static void without_the_driver_nothing_is_unbound(void **state)
{
	fake_device(ADDRESS, "radeon");
	kernel.load = REFUSES;
	expect(BINDING_FAILED,
	       "'modprobe vfio-pci' ended with status 1, and there is no such driver",
	       "override=vfio-pci\nload vfio-pci\noverride=\n");
	assert_string_equal(holder(), "radeon");
}

static void a_modprobe_that_hangs_gives_the_function_back(void **state)
{
	fake_device(ADDRESS, NULL);
	kernel.load = HANGS;
	kernel.has_native = true;
	expect(BINDING_FAILED, "'modprobe vfio-pci' failed: it did not return in time",
	       "override=vfio-pci\nload vfio-pci\noverride=\nprobe\n");
	assert_string_equal(holder(), "radeon");
}

static void a_missing_modprobe_is_said(void **state)
{
	fake_device(ADDRESS, NULL);
	assert_int_equal(unlink(fake_path("sbin/modprobe")), 0);
	expect(BINDING_FAILED, "there is no modprobe to load 'vfio-pci'",
	       "override=vfio-pci\noverride=\nprobe\n");
}

static void an_unbind_that_is_refused_leaves_the_holder(void **state)
{
	fake_device(ADDRESS, "radeon");
	kernel.unbind = REFUSES;
	expect(BINDING_HELD, "Device or resource busy",
	       "override=vfio-pci\nload vfio-pci\nunbind\noverride=\n");
	assert_string_equal(holder(), "radeon");
}

/* The hanging step has the device's lock: whatever else wants it would hang as well. */
static void after_a_step_that_hangs_the_device_is_not_touched(void **state)
{
	fake_device(ADDRESS, "radeon");
	kernel.unbind = HANGS;
	expect(BINDING_HELD, "it did not return in time",
	       "override=vfio-pci\nload vfio-pci\nunbind\n");
	kernel.trace[0] = '\0';
	fake_hold(ADDRESS, NULL);
	kernel.probe = HANGS;
	expect(BINDING_FAILED, "the probe by 'vfio-pci' did not return in time",
	       "override=vfio-pci\nprobe\n");
}

static void an_override_that_hangs_is_the_end(void **state)
{
	fake_device(ADDRESS, NULL);
	kernel.override = HANGS;
	expect(BINDING_FAILED,
	       "'driver_override' could not be written: it did not return in time",
	       "override=vfio-pci\n");
}

static void a_function_that_vanishes_is_absent(void **state)
{
	fake_device(ADDRESS, "radeon");
	kernel.probe = VANISHES;
	expect(BINDING_ABSENT, "'vfio-pci' did not take it",
	       "override=vfio-pci\nload vfio-pci\nunbind\nprobe\noverride=radeon\nprobe\noverride=\n");
}

/* unbind_store() says -ENODEV where the driver let go of the function before. */
static void a_function_that_was_let_go_of_is_taken(void **state)
{
	fake_device(ADDRESS, "radeon");
	kernel.unbind = LETS_GO;
	expect(BINDING_BOUND, NULL, "override=vfio-pci\nload vfio-pci\nunbind\nprobe\n");
}

static void when_the_time_is_over_functions_go_back(void **state)
{
	static const struct bind_limits limits = { 50, 100, 300, 1 };
	struct binding binding = { .device = { fake_root, { 0, 0x29, 0, 0 } } };
	cleanup_binder struct binder binder;

	fake_device(ADDRESS, NULL);
	kernel.has_native = true;
	assert_true(identity_pattern_parse("1002:68c8", &binding.expected));
	binder_start(&binder, fake_root, "vfio-pci", &limits);
	binding_reserve(&binding, &binder);
	kernel.now = 300;
	binding_take(&binding, &binder);
	assert_int_equal(binding.state, BINDING_FAILED);
	assert_string_equal(binding.reason, "no time was left");
	assert_string_equal(holder(), "radeon");
	binding_free(&binding);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, fake_kernel_start, fake_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_free_function_is_bound),
		TEST(a_builtin_competitor_is_unbound_first),
		TEST(a_driver_that_is_there_is_not_loaded),
		TEST(a_function_that_is_bound_is_left_as_it_is),
		TEST(another_identity_is_left_alone),
		TEST(without_a_subsystem_every_board_fits),
		TEST(an_absent_function_asks_nothing_of_the_kernel),
		TEST(a_function_that_is_refused_gets_its_own_driver_back),
		TEST(a_missing_group_is_said_to_be_the_cause),
		TEST(without_the_driver_nothing_is_unbound),
		TEST(a_modprobe_that_hangs_gives_the_function_back),
		TEST(a_missing_modprobe_is_said),
		TEST(an_unbind_that_is_refused_leaves_the_holder),
		TEST(after_a_step_that_hangs_the_device_is_not_touched),
		TEST(an_override_that_hangs_is_the_end),
		TEST(a_function_that_vanishes_is_absent),
		TEST(a_function_that_was_let_go_of_is_taken),
		TEST(when_the_time_is_over_functions_go_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
