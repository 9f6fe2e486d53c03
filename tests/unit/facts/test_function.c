/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"
#include "facts/function.h"
#include "unit/check.h"

#include <stdlib.h>
#include <string.h>

static struct function *add(struct functions *functions, const char *address,
			    const char *id, int group, const char *path)
{
	struct function *function = array_add(functions->v, functions->n);
	struct identity_pattern pattern;

	assert_true(bdf_parse(address, &function->bdf));
	assert_true(identity_pattern_parse(id, &pattern));
	function->id = pattern.id;
	function->iommu_group = group;
	function->path = path ? xstrdup(path) : NULL;
	function->description = xstrdup("");
	return function;
}

static struct functions some_functions(void)
{
	struct functions functions = { 0 };

	add(&functions, "10000:01:00.0", "8086:1533:0000:0001", 7, NULL);
	add(&functions, "0000:29:00.1", "1002:aa60:174b:aa60", 16, "0000:00:03.1/00.1");
	add(&functions, "0000:02:00.0", "8086:1533:0000:0002", 2, "0000:00:01.2/00.0");
	add(&functions, "0000:29:00.0", "1002:68c8:174b:3000", 16, "0000:00:03.1/00.0");
	add(&functions, "0000:03:00.0", "8086:1533:0000:0001", NO_GROUP, NULL);
	add(&functions, "0000:00:00.0", "8086:1532:0000:0001", NO_GROUP, "0000:00:00.0");
	functions_index(&functions);
	return functions;
}

/* The addresses of a run, blank-separated. */
static void assert_run(const struct functions *functions, struct function_run run,
		       const char *expected)
{
	struct strings addresses = { 0 };
	char *text;

	for (size_t i = 0; i < run.n; i++)
		strings_add(&addresses, bdf_text(functions->v[run.v[i]].bdf).s);
	text = strings_join(&addresses, " ");
	assert_string_equal(text, expected);
	strings_free(&addresses);
	free(text);
}

static void a_function_is_found_by_its_address(void **state)
{
	struct functions functions = some_functions();
	const struct function *found;

	found = functions_at(&functions, (struct bdf){ 0, 0x29, 0, 1 });
	assert_non_null(found);
	assert_int_equal(found->id.device, 0xaa60);
	found = functions_at(&functions, (struct bdf){ 0x10000, 1, 0, 0 });
	assert_non_null(found);
	assert_null(functions_at(&functions, (struct bdf){ 0, 0x29, 0, 2 }));
	functions_free(&functions);
}

static void a_function_is_found_by_its_path(void **state)
{
	struct functions functions = some_functions();
	const struct function *found = functions_at_path(&functions, "0000:00:03.1/00.0");

	assert_non_null(found);
	assert_string_equal(bdf_text(found->bdf).s, "0000:29:00.0");
	assert_null(functions_at_path(&functions, "0000:00:03.1"));
	/* the two without a path have none in common */
	assert_null(functions_at_path(&functions, ""));
	functions_free(&functions);
}

static void twins_are_found_whatever_their_subsystem(void **state)
{
	struct functions functions = some_functions();
	const struct identity id = { 0x8086, 0x1533, 0xffff, 0xffff };

	/* by identity and then address */
	assert_run(&functions, functions_with_device(&functions, id),
		   "0000:03:00.0 10000:01:00.0 0000:02:00.0");
	assert_run(
		&functions,
		functions_with_device(&functions, (struct identity){ .vendor = 0x8086 }),
		"");
	functions_free(&functions);
}

static void a_group_is_a_run_and_no_group_is_none(void **state)
{
	struct functions functions = some_functions();

	assert_run(&functions, functions_in_group(&functions, 16),
		   "0000:29:00.0 0000:29:00.1");
	assert_run(&functions, functions_in_group(&functions, 2), "0000:02:00.0");
	assert_run(&functions, functions_in_group(&functions, 3), "");
	assert_run(&functions, functions_in_group(&functions, NO_GROUP), "");
	functions_free(&functions);
}

static void nothing_is_found_among_no_functions(void **state)
{
	struct functions functions = { 0 };

	functions_index(&functions);
	assert_null(functions_at(&functions, (struct bdf){ 0 }));
	assert_null(functions_at_path(&functions, "0000:00:00.0"));
	assert_int_equal(functions_in_group(&functions, 1).n, 0);
	assert_int_equal(functions_with_device(&functions, (struct identity){ 0 }).n, 0);
	functions_free(&functions);
}

/* As many as there can be, all of one kind, added from the last to the first. */
static void sixty_five_thousand_functions_are_indexed(void **state)
{
	struct functions functions = { 0 };
	struct function_run run;

	for (uint32_t i = FUNCTIONS_MAX; i--;) {
		struct function *function = array_add(functions.v, functions.n);

		function->bdf = (struct bdf){ i >> 8, 0, (uint8_t)(i >> 3 & 31),
					      (uint8_t)(i & 7) };
		function->id = (struct identity){ 0x8086, 0x1533, 0, (uint16_t)i };
		function->iommu_group = (int)(i / 2);
		function->path = xasprintf("%08x", i);
	}
	functions_index(&functions);
	run = functions_with_device(&functions, functions.v[0].id);
	assert_int_equal(run.n, FUNCTIONS_MAX);
	run = functions_in_group(&functions, 777);
	assert_int_equal(run.n, 2);
	assert_int_equal(run.v[0] + 1, run.v[1]);
	assert_ptr_equal(functions_at_path(&functions, "00000100"),
			 functions_at(&functions, (struct bdf){ .domain = 1 }));
	functions_free(&functions);
}

static void a_second_index_replaces_the_first(void **state)
{
	struct functions functions = some_functions();

	add(&functions, "0000:01:00.0", "8086:1533:0000:0000", 16, NULL);
	functions_index(&functions);
	assert_run(&functions, functions_in_group(&functions, 16),
		   "0000:01:00.0 0000:29:00.0 0000:29:00.1");
	functions_free(&functions);
}

/* From real machines: what their kernels show in the modalias file. */
static void the_modalias_is_that_of_the_kernel(void **state)
{
	static const struct {
		struct identity id;
		uint32_t class;
		const char *modalias;
	} cases[] = {
		{ { 0x8086, 0x10d3, 0x8086, 0x0000 },
		  0x020000,
		  "pci:v00008086d000010D3sv00008086sd00000000bc02sc00i00" },
		{ { 0x1b36, 0x000d, 0x1af4, 0x1100 },
		  0x0c0330,
		  "pci:v00001B36d0000000Dsv00001AF4sd00001100bc0Csc03i30" },
		{ { 0x1234, 0x11e8, 0x1af4, 0x1100 },
		  0x00ff00,
		  "pci:v00001234d000011E8sv00001AF4sd00001100bc00scFFi00" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct function function = { .id = cases[i].id, .class = cases[i].class };
		char *modalias = function_modalias(&function);

		assert_string_equal(modalias, cases[i].modalias);
		free(modalias);
	}
}

static void displays_and_bridges_are_told_by_class_and_header(void **state)
{
	static const struct {
		uint32_t class;
		uint8_t header_type;
		bool is_display, is_bridge;
	} cases[] = {
		{ 0x030000, 0, true, false },  { 0x030200, 0, true, false },
		{ 0x038000, 0, true, false },  { 0x000100, 0, true, false },
		{ 0x040300, 0, false, false }, { 0x060400, 1, false, true },
		{ 0x060700, 2, false, true },  { 0x060000, 0, false, false },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct function function = { .class = cases[i].class,
					     .header_type = cases[i].header_type };

		assert_int_equal(function_is_display(&function), cases[i].is_display);
		assert_int_equal(function_is_bridge(&function), cases[i].is_bridge);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_function_is_found_by_its_address),
		cmocka_unit_test(a_function_is_found_by_its_path),
		cmocka_unit_test(twins_are_found_whatever_their_subsystem),
		cmocka_unit_test(a_group_is_a_run_and_no_group_is_none),
		cmocka_unit_test(nothing_is_found_among_no_functions),
		cmocka_unit_test(sixty_five_thousand_functions_are_indexed),
		cmocka_unit_test(a_second_index_replaces_the_first),
		cmocka_unit_test(the_modalias_is_that_of_the_kernel),
		cmocka_unit_test(displays_and_bridges_are_told_by_class_and_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
