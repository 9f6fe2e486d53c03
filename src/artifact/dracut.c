/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dracut: a file of its own in dracut.conf.d. The blanks within the quotes keep values of
 * several files apart (dracut.sh, check_conf_file).
 */
#include "artifact/rendering.h"

static void print_settings(FILE *out, const struct plan *plan)
{
	if (plan->modules.n) {
		/* Loads them before udev starts. A name that a kernel lacks would drop
		 * all names after it (dracut-install.c, install_modules): these are those
		 * that all kernels have. */
		fputs("force_drivers+=\" ", out);
		print_names(out, &plan->modules);
		fputs(" \"\n", out);
	}
	/* Only an image for this host copies /etc/modprobe.d by itself. */
	if (plan->n_softdeps)
		fputs("install_items+=\" " MODPROBE_PATH " \"\n", out);
	/* Without its program the module would make dracut fail: a removed package must
	 * not take the next image with it. */
	if (plan->needs_early)
		fputs("if [ -x " EARLY_PROGRAM " ]; then\n"
		      "	add_dracutmodules+=\" vfio-bootcfg \"\n"
		      "fi\n",
		      out);
}

/* The image of an image of bootc lies with the modules of its kernel. */
static void add_bootc_commands(struct rendering *rendering)
{
	const struct plan *plan = rendering->plan;

	for (size_t i = 0; i < plan->n_kernels; i++) {
		const char *release = plan->kernels[i].kernel->release;
		cleanup_free char *image =
			xasprintf("/usr/lib/modules/%s/initramfs.img", release);

		render_command(rendering, (const char *const[]){
						  "dracut", "--force", "--no-hostonly",
						  "--kver", release, image, NULL });
	}
}

/* Others run it where they keep the images. */
static void add_commands(struct rendering *rendering)
{
	static const char *const all[] = { "dracut", "--force", "--regenerate-all",
					   NULL };
	static const char *const sdbootutil[] = { "sdbootutil", "mkinitrd", NULL };
	const struct plan *plan = rendering->plan;

	if (plan->uses_bootloader[BOOTLOADER_OSTREE]) {
		if (!plan->system->chain.is_ostree_deployed)
			add_bootc_commands(rendering);
	} else if (plan->uses_by_hand[BY_HAND_SDBOOTUTIL]) {
		render_command(rendering, sdbootutil);
	} else if (!kernel_install_rebuilds(plan)) {
		render_command(rendering, all);
	}
}

void dracut_render(struct rendering *rendering)
{
	const struct plan *plan = rendering->plan;
	size_t size;
	char *text;
	FILE *out;

	add_commands(rendering);
	if (!plan->modules.n && !plan->n_softdeps && !plan->needs_early)
		return;
	out = xopen_memstream(&text, &size);
	fputs(rendering_header, out);
	print_settings(out, plan);
	fclose(out);
	render_file(rendering, DRACUT_PATH, 0644, text);
}
