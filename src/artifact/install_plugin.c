/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kernel-install: a plugin that keeps an entry that reserves nothing for each kernel. */
#include "embedded/install_plugin.h"
#include "artifact/rendering.h"

bool kernel_install_rebuilds(const struct plan *plan)
{
	return plan->uses_bootloader[BOOTLOADER_KERNEL_CMDLINE] &&
	       plan->system->chain.kernel_install_makes_initramfs;
}

void render_install_plugin(struct rendering *rendering, const struct entry_style *style)
{
	cleanup_strings struct strings off = { 0 };
	cleanup_free char *words = shell_quoted_list(&rendering->plan->cmdline);
	cleanup_free char *off_words = NULL;

	list_off_words(rendering->plan, &off);
	off_words = strings_join(&off, " ");
	render_file(rendering, INSTALL_PLUGIN_PATH, 0755,
		    fill_in(install_plugin,
			    (const char *const[]){
				    "HEADER", rendering_header + 1, "TITLE",
				    FALLBACK_TITLE, "SEPARATOR", style->separator, "MARK",
				    FALLBACK_ENTRY_MARK, "INDENT", style->indent, "WORDS",
				    words, "OFF", off_words, NULL }));
}
