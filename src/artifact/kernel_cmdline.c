/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * systemd-boot, unified images and kernel-install. New kernels get what is in
 * /etc/kernel/cmdline; entries that were written by hand are edited, and those of
 * kernel-install are written anew by it. A unified image of mkinitcpio also reads
 * /etc/cmdline.d, where a file of ours can stand. The systemd-boot of Proxmox gets what
 * is in /etc/kernel/cmdline from proxmox-boot-tool.
 */
#include "artifact/cmdline_edit.h"
#include "artifact/rendering.h"

#include <stdlib.h>
#include <string.h>

/* Before everything but '~' in the order of versions (systemd-boot,
 * strverscmp_improved), and other than '~' allowed in the name of an entry. */
static const struct entry_style style = { "-", "", false };

static void add_file(const struct file *file, struct strings *lines)
{
	if (file && file->exists)
		strings_add(lines, file->bytes);
}

/*
 * The command line that the unified image of mkinitcpio has without our file; NULL where
 * it has none. The first file there would otherwise replace that of the running kernel,
 * which it takes then (mkinitcpio, build_uki), and with that 'root='.
 */
static char *base_line(const struct system *system)
{
	cleanup_strings struct strings texts = { 0 };

	add_file(system_file(system, KERNEL_CMDLINE_PATH), &texts);
	if (!texts.n)
		add_file(system_file(system, KERNEL_CMDLINE_SHIPPED_PATH), &texts);
	for (size_t i = 0; i < system->n_files; i++) {
		const struct file *file = &system->files[i];

		if (strcmp(file->path, CMDLINE_D_PATH) != 0 &&
		    strncmp(file->path, CMDLINE_D_FOLDER, strlen(CMDLINE_D_FOLDER)) == 0)
			add_file(file, &texts);
	}
	if (!texts.n)
		return NULL;
	return join_cmdline_files(&texts);
}

static void render_dropin(struct rendering *rendering, const char *base)
{
	cleanup_strings struct strings missing = { 0 };
	cleanup_free char *words = NULL;

	free(cmdline_with(base, &rendering->plan->cmdline, &missing));
	words = strings_join(&missing, " ");
	if (missing.n)
		render_file(rendering, CMDLINE_D_PATH, 0644,
			    xasprintf("%s%s\n", rendering_header, words));
}

/* Whether a file of ours in /etc/cmdline.d is read, and /etc/kernel/cmdline can be left
 * as it is: one that we made holds 'root=', and must not go again. */
static bool takes_dropin(const struct rendering *rendering)
{
	const struct boot_chain *chain = &rendering->plan->system->chain;

	return chain->mkinitcpio_uki && chain->mkinitcpio_reads_cmdline_d &&
	       !chain->uses_kernel_install &&
	       !token_record_at(&rendering->record_before, KERNEL_CMDLINE_PATH)->n;
}

/* Where the command line of the kernels comes from that are installed later. False where
 * that is nowhere. */
static bool render_source(struct rendering *rendering)
{
	const struct system *system = rendering->plan->system;
	const struct boot_chain *chain = &system->chain;
	const struct file *file = system_file(system, KERNEL_CMDLINE_PATH);
	cleanup_free char *base = takes_dropin(rendering) ? base_line(system) : NULL;

	if (base)
		render_dropin(rendering, base);
	else if (chain->uses_kernel_install || chain->mkinitcpio_uki ||
		 (file && file->exists))
		render_cmdline_file(rendering);
	else
		return false;
	return true;
}

static void add_commands(struct rendering *rendering)
{
	const struct plan *plan = rendering->plan;

	for (size_t i = 0; i < plan->n_kernels; i++) {
		const struct kernel *kernel = plan->kernels[i].kernel;

		if (kernel->image)
			render_command(rendering,
				       (const char *const[]){ "kernel-install", "add",
							      kernel->release,
							      kernel->image, NULL });
	}
}

static void warn_of_foreign_image(struct rendering *rendering)
{
	const char *image = rendering->plan->system->chain.foreign_uki;
	cleanup_free char *words = strings_join(&rendering->plan->cmdline, " ");

	finding_remedy(
		findings_add(
			rendering->findings, SEVERITY_WARNING, "by-hand", image,
			"nothing in this root makes this unified image, so that its command line is not written for: an addon carries it, which must be signed where Secure Boot is on"),
		"ukify build --cmdline='%s' --output=%s.extra.d/vfio-bootcfg.addon.efi",
		words, image);
}

static void note_missing_fallback(struct rendering *rendering)
{
	const char *image = rendering->plan->system->chain.mkinitcpio_uki;

	findings_add(
		rendering->findings, SEVERITY_NOTE, "no-fallback-entry", image,
		"a unified image has one command line: no entry is kept that reserves nothing");
}

void render_proxmox_refresh(struct rendering *rendering)
{
	static const char *const argv[] = { "proxmox-boot-tool", "refresh", NULL };

	if (boot_chain_is_proxmox(&rendering->plan->system->chain))
		render_command(rendering, argv);
}

/* It takes the first line of /etc/kernel/cmdline for all its entries, and writes those
 * anew (zz-proxmox-boot, update_esps). */
static void render_for_proxmox(struct rendering *rendering)
{
	render_cmdline_file(rendering);
	render_proxmox_refresh(rendering);
	if (rendering->plan->keeps_fallback)
		findings_add(
			rendering->findings, SEVERITY_NOTE, "no-fallback-entry",
			KERNEL_CMDLINE_PATH,
			"proxmox-boot-tool gives all kernels one command line: no entry is kept that reserves nothing");
}

static void report_nothing(struct rendering *rendering)
{
	finding_remedy(
		findings_add(
			rendering->findings, SEVERITY_ERROR, "no-entry", NULL,
			"nothing was found that gives the kernels of this root their command line: expected an entry in 'loader/entries', '" KERNEL_CMDLINE_PATH
			"', or a preset that makes a unified image"),
		"mount the boot partitions, or say in [vfio-bootcfg] what boots this root: 'bootloader = NAME'");
}

void kernel_cmdline_render(struct rendering *rendering)
{
	const struct plan *plan = rendering->plan;
	const struct boot_chain *chain = &plan->system->chain;
	bool has_source, has_entries;

	if (boot_chain_is_proxmox(chain)) {
		render_for_proxmox(rendering);
		return;
	}
	has_source = render_source(rendering);
	has_entries = render_entries(rendering, &style);
	if (plan->keeps_fallback && chain->uses_kernel_install &&
	    !chain->kernel_install_makes_ukis)
		render_install_plugin(rendering, &style);
	if (chain->uses_kernel_install)
		add_commands(rendering);
	if (chain->foreign_uki)
		warn_of_foreign_image(rendering);
	else if (!has_source && !has_entries)
		report_nothing(rendering);
	if (plan->keeps_fallback &&
	    (chain->mkinitcpio_uki || chain->kernel_install_makes_ukis))
		note_missing_fallback(rendering);
}
