/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mkinitcpio: a drop-in since version 36, a block at the end of mkinitcpio.conf before.
 * Both are run by bash behind what the administrator wrote.
 */
#include "artifact/rendering.h"

#include <stdlib.h>

static const char *const variables[] = { "FILES", "HOOKS", "MODULES", NULL };

/* mkinitcpio also takes a string for a list (functions, arrayize_config); to become an
 * element of one it has to be split first. */
static void print_split(FILE *out, const char *variable)
{
	fprintf(out, "[[ ${%s@a} == *a* ]] || read -ra %s <<<\"$%s\"\n", variable,
		variable, variable);
}

static char *settings(const struct plan *plan)
{
	size_t size;
	char *text;
	FILE *out = xopen_memstream(&text, &size);

	fputs(rendering_header, out);
	if (plan->modules.n) {
		/* First, because they are loaded in this order: a GPU driver that the
		 * administrator lists must not come before. */
		print_split(out, "MODULES");
		fputs("MODULES=(", out);
		print_names(out, &plan->modules);
		fputs(" \"${MODULES[@]}\")\n", out);
	}
	if (plan->n_softdeps) {
		/* The hook 'modconf' would bring it, where it is in HOOKS. */
		print_split(out, "FILES");
		fputs("FILES+=(" MODPROBE_PATH ")\n", out);
	}
	if (plan->modules.n || plan->needs_early) {
		/* It binds by address, and where the image runs systemd it holds udev
		 * back until MODULES are loaded, which otherwise is a race. A hook that
		 * is missing would make mkinitcpio fail. */
		print_split(out, "HOOKS");
		fputs("if [[ -e " MKINITCPIO_HOOK " ]]; then\n"
		      "	HOOKS+=(vfio-bootcfg)\n"
		      "fi\n",
		      out);
	}
	fclose(out);
	return text;
}

void mkinitcpio_render(struct rendering *rendering)
{
	static const char *const command[] = { "mkinitcpio", "-P", NULL };
	const struct plan *plan = rendering->plan;
	bool is_needed = plan->modules.n || plan->n_softdeps || plan->needs_early;
	cleanup_free char *text = is_needed ? settings(plan) : NULL;

	if (!kernel_install_rebuilds(plan))
		render_command(rendering, command);
	if (!plan->system->mkinitcpio_reads_dropins)
		render_block(rendering, MKINITCPIO_PATH, text, variables);
	else if (is_needed)
		/* The files are joined with cat (mkinitcpio, _d_config), and the one
		 * before may have no newline at its end. */
		render_file(rendering, MKINITCPIO_DROPIN_PATH, 0644,
			    xasprintf("\n%s", text));
}
