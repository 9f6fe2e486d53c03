/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What revert tells its user to run: it has no plan, and this one may be long forgotten.
 */
#include "artifact/rendering.h"

static void add_by_hand(struct rendering *rendering)
{
	const struct plan *plan = rendering->plan;
	cleanup_free char *words = strings_join(&plan->cmdline, " ");

	for (size_t i = 0; i < BY_HAND_KINDS; i++)
		if (plan->uses_by_hand[i])
			strings_take(
				&rendering->way_back,
				xasprintf(
					"# by hand: take out of %s what was put there for: %s",
					by_hand_name((enum by_hand_kind)i), words));
}

void way_back_render(struct rendering *rendering)
{
	cleanup_free char *lines = NULL;

	add_by_hand(rendering);
	lines = strings_join(&rendering->way_back, "\n");
	/* Also where it is empty: that it is there shows that there is a record. */
	render_file(rendering, WAY_BACK_PATH, 0644,
		    xasprintf("%s%s", lines, *lines ? "\n" : ""));
}
