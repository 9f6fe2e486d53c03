/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which slot and which function of a guest each target becomes. */
#include "plan/attachment.h"
#include "unit/plan/scene.h"

enum { PLACES_MAX = 8 };

struct place {
	const char *address;
	bool is_virtual;
};

/* Asserts 'ADDRESS=SLOT.NUMBER', one word a target, of targets at those places. */
static void assert_layout(const struct place *places, const char *expected)
{
	struct function functions[PLACES_MAX] = { 0 };
	struct target targets[PLACES_MAX] = { 0 };
	struct plan plan = { .targets = targets };
	cleanup_attachment struct attachment attachment = { 0 };
	cleanup_strings struct strings words = { 0 };
	cleanup_free char *got = NULL;

	for (; places[plan.n_targets].address; plan.n_targets++) {
		size_t i = plan.n_targets;

		assert_true(bdf_parse(places[i].address, &functions[i].bdf));
		functions[i].is_virtual_function = places[i].is_virtual;
		targets[i].function = &functions[i];
		targets[i].bdf = functions[i].bdf;
	}
	attachment_make(&plan, &attachment);
	for (size_t i = 0; i < attachment.n; i++)
		for (size_t k = 0; k < attachment.slots[i].n; k++)
			strings_take(&words,
				     xasprintf("%s=%zu.%u",
					       bdf_text(attachment.slots[i]
								.functions[k]
								.target->bdf)
						       .s,
					       i,
					       attachment.slots[i].functions[k].number));
	got = strings_join(&words, " ");
	assert_string_equal(got, expected);
}

static void functions_of_a_slot_stay_together(void **state)
{
	assert_layout((struct place[]){ { "29:00.0", 0 },
					{ "29:00.1", 0 },
					{ "29:00.3", 0 },
					{ "2a:00.0", 0 },
					{ 0 } },
		      "0000:29:00.0=0.0 0000:29:00.1=0.1 0000:29:00.3=0.3 "
		      "0000:2a:00.0=1.0");
}

/* A guest does not look at a slot that has no function 0. */
static void the_first_of_a_part_becomes_function_0(void **state)
{
	assert_layout((struct place[]){ { "29:00.1", 0 }, { "29:00.3", 0 }, { 0 } },
		      "0000:29:00.1=0.0 0000:29:00.3=0.1");
}

static void a_virtual_function_is_a_device_by_itself(void **state)
{
	assert_layout(
		(struct place[]){
			{ "05:10.0", 1 }, { "05:10.2", 1 }, { "05:10.4", 1 }, { 0 } },
		"0000:05:10.0=0.0 0000:05:10.2=1.0 0000:05:10.4=2.0");
}

static void slots_of_other_domains_are_others(void **state)
{
	assert_layout((struct place[]){ { "01:00.0", 0 }, { "10000:01:00.0", 0 }, { 0 } },
		      "0000:01:00.0=0.0 10000:01:00.0=1.0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions_of_a_slot_stay_together),
		cmocka_unit_test(the_first_of_a_part_becomes_function_0),
		cmocka_unit_test(a_virtual_function_is_a_device_by_itself),
		cmocka_unit_test(slots_of_other_domains_are_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
