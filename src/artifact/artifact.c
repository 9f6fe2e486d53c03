/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "artifact/artifact.h"

#include "artifact/rendering.h"

#include <stdlib.h>
#include <string.h>

/* Which plans a backend is for. */
enum part { ALL_PLANS, OF_INITRAMFS, OF_BOOTLOADER };

/* In the order in which their commands are run: the loader's come last, because some
 * loaders list the images that they find. */
static const struct backend {
	enum part part;
	unsigned kind; /* of the generator or the loader */
	void (*render)(struct rendering *rendering);
} backends[] = {
	{ ALL_PLANS, 0, modprobe_render },
	{ OF_INITRAMFS, INITRAMFS_DRACUT, dracut_render },
	{ OF_INITRAMFS, INITRAMFS_MKINITCPIO, mkinitcpio_render },
	{ OF_INITRAMFS, INITRAMFS_TOOLS, initramfs_tools_render },
	{ OF_BOOTLOADER, BOOTLOADER_GRUB, grub_render },
	{ OF_BOOTLOADER, BOOTLOADER_BLS, bls_render },
	{ OF_BOOTLOADER, BOOTLOADER_KERNEL_CMDLINE, kernel_cmdline_render },
	{ OF_BOOTLOADER, BOOTLOADER_OSTREE, ostree_render },
	{ ALL_PLANS, 0, by_hand_render },
	{ ALL_PLANS, 0, left_behind_render },
	{ ALL_PLANS, 0, token_record_render },
	{ ALL_PLANS, 0, record_render },
	{ ALL_PLANS, 0, way_back_render },
};
_Static_assert(sizeof backends / sizeof *backends ==
		       6 + INITRAMFS_KINDS + BOOTLOADER_KINDS,
	       "one backend a generator and a loader");

const char *const artifact_paths[] = {
	BOOTC_KARGS_PATH,
	CMDLINE_D_FOLDER "*.conf",
	CMDLINE_D_PATH,
	DRACUT_PATH,
	"/boot/efi/loader/entries/*.conf",
	"/boot/loader/entries/*.conf",
	"/efi/loader/entries/*.conf",
	GRUB2_MKCONFIG_PATH,
	GRUB_DROPINS_PATH,
	GRUB_DROPIN_PATH,
	GRUB_FALLBACK_PATH,
	GRUB_LINUX_PATH,
	GRUB_PATH,
	INSTALL_PLUGIN_PATH,
	KERNEL_CMDLINE_PATH,
	KERNEL_CMDLINE_SHIPPED_PATH,
	MKINITCPIO_DROPIN_PATH,
	MKINITCPIO_PATH,
	MODPROBE_PATH,
	RECORD_PATH,
	TOKENS_PATH,
	TOOLS_EARLY_PATH,
	TOOLS_HOOK_PATH,
	TOOLS_SCRIPT_PATH,
	WAY_BACK_PATH,
};
const size_t artifact_n_paths = sizeof artifact_paths / sizeof *artifact_paths;

static bool is_for(const struct backend *backend, const struct plan *plan)
{
	switch (backend->part) {
	case ALL_PLANS:
		break;
	case OF_INITRAMFS:
		return plan->uses_initramfs[backend->kind];
	case OF_BOOTLOADER:
		return plan->uses_bootloader[backend->kind];
	}
	return true;
}

static int compare(const void *a, const void *b)
{
	const struct artifact *x = a, *y = b;

	return strcmp(x->path, y->path);
}

static void begin(const struct plan *plan, struct artifacts *artifacts,
		  struct findings *findings, struct rendering *ret)
{
	const struct file *words = system_file(plan->system, TOKENS_PATH);

	*ret = (struct rendering){ .plan = plan,
				   .artifacts = artifacts,
				   .findings = findings };
	if (words && words->exists)
		token_record_parse(words->bytes, &ret->record_before);
}

static void end(struct rendering *rendering)
{
	struct artifacts *artifacts = rendering->artifacts;

	token_record_free(&rendering->record_before);
	token_record_free(&rendering->record);
	strings_free(&rendering->way_back);
	if (artifacts->n)
		qsort(artifacts->v, artifacts->n, sizeof *artifacts->v, compare);
	if (artifacts->n_undone)
		qsort(artifacts->undone, artifacts->n_undone, sizeof *artifacts->undone,
		      compare);
}

void artifacts_render(const struct plan *plan, struct artifacts *ret,
		      struct findings *findings)
{
	struct rendering rendering;

	*ret = (struct artifacts){ 0 };
	begin(plan, ret, findings, &rendering);
	for (size_t i = 0; i < sizeof backends / sizeof *backends; i++)
		if (is_for(&backends[i], plan))
			backends[i].render(&rendering);
	render_undone(&rendering);
	end(&rendering);
}

void artifacts_render_undone(const struct system *system, struct artifacts *ret,
			     struct findings *findings)
{
	const struct plan nothing = { .driver = "", .system = system };
	struct rendering rendering;

	*ret = (struct artifacts){ 0 };
	begin(&nothing, ret, findings, &rendering);
	render_undone(&rendering);
	end(&rendering);
}

static void free_list(struct artifact *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(v[i].path);
		free(v[i].bytes);
		free(v[i].without);
	}
	free(v);
}

void artifacts_free(struct artifacts *artifacts)
{
	free_list(artifacts->v, artifacts->n);
	free_list(artifacts->undone, artifacts->n_undone);
	for (size_t i = 0; i < artifacts->n_commands; i++)
		strings_free(&artifacts->commands[i].argv);
	free(artifacts->commands);
	free(artifacts->cmdline_lost_at);
	*artifacts = (struct artifacts){ 0 };
}
