/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Softdeps: the order of modules that holds in every image and in the real root. The name
 * begins with 00 because only the first line that matches a module counts, over all files
 * sorted by name, and the kernel's own `modules.softdep` takes part (kmod,
 * libkmod-module.c, lookup_softdep).
 */
#include "artifact/rendering.h"

static void print_softdep(FILE *out, const struct plan_softdep *softdep)
{
	const struct strings module = { .v = (char *[]){ softdep->module }, .n = 1 };

	fputs("softdep ", out);
	print_names(out, &module);
	fputs(" pre: ", out);
	print_names(out, &softdep->pre);
	if (softdep->post.n) {
		fputs(" post: ", out);
		print_names(out, &softdep->post);
	}
	fputc('\n', out);
}

void modprobe_render(struct rendering *rendering)
{
	const struct plan *plan = rendering->plan;
	size_t size;
	char *text;
	FILE *out;

	if (!plan->n_softdeps)
		return;
	out = xopen_memstream(&text, &size);
	fputs(rendering_header, out);
	for (size_t i = 0; i < plan->n_softdeps; i++)
		print_softdep(out, &plan->softdeps[i]);
	fclose(out);
	render_file(rendering, MODPROBE_PATH, 0644, text);
}
