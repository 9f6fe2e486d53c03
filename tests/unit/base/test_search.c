/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/search.h"

#include "unit/check.h"

static int compare(const void *key, const void *element)
{
	const int *a = key, *b = element;

	return (*a > *b) - (*a < *b);
}

static void the_first_of_equal_ones_is_found(void **state)
{
	static const int v[] = { 1, 3, 3, 3, 7 };
	static const struct {
		int key;
		size_t position;
	} cases[] = {
		{ 0, 0 }, { 1, 0 }, { 2, 1 }, { 3, 1 }, { 4, 4 }, { 7, 4 }, { 8, 5 }
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(search_first(&cases[i].key, v, 5, sizeof *v, compare),
				 cases[i].position);
}

static void nothing_has_no_first(void **state)
{
	int key = 1;

	assert_int_equal(search_first(&key, NULL, 0, sizeof key, compare), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_of_equal_ones_is_found),
		cmocka_unit_test(nothing_has_no_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
