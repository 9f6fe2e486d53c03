/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GRUB: a submenu that reserves nothing, made by a script of grub-mkconfig's own whenever
 * that runs, and so for kernels that come later, too. It runs 10_linux once more with
 * what grub-mkconfig exports for it changed. 42 puts it behind everything that counts
 * entries by their place in the menu.
 */
#include "embedded/grub_fallback.h"
#include "artifact/rendering.h"

void grub_fallback_render(struct rendering *rendering, const struct strings *words)
{
	const struct file *linux_script =
		system_file(rendering->plan->system, GRUB_LINUX_PATH);
	cleanup_free char *line = strings_join(words, " ");
	cleanup_free char *quoted = shell_quoted(line), *off_words = NULL;
	cleanup_strings struct strings off = { 0 };

	if (!linux_script || !linux_script->exists)
		return;
	list_off_words(rendering->plan, &off);
	off_words = strings_join(&off, " ");
	render_file(rendering, GRUB_FALLBACK_PATH, 0755,
		    fill_in(grub_fallback,
			    (const char *const[]){ "HEADER", rendering_header + 1,
						   "WORDS", quoted, "OFF", off_words,
						   "TITLE", FALLBACK_TITLE, NULL }));
}
