/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/text.h"

/* Each returns whether something was found. */
static bool put_detection(FILE *out, const char *heading, const char *name,
			  const struct detection *detection, const char *remark)
{
	if (!detection->found)
		return false;
	fprintf(out, "%-12s %s", heading, name);
	if (detection->evidence) {
		fputs(" (", out);
		text_put(out, detection->evidence);
		fputc(')', out);
	}
	fprintf(out, "%s\n", remark);
	return true;
}

/* What is found and not written for. */
static bool put_by_hand(FILE *out, const char *heading,
			bool (*is_part)(enum by_hand_kind), const struct system *system)
{
	bool is_found = false;

	for (int i = 0; i < BY_HAND_KINDS; i++) {
		enum by_hand_kind kind = (enum by_hand_kind)i;

		if (is_part(kind))
			is_found |= put_detection(
				out, heading, by_hand_name(kind),
				&system->chain.by_hand[i],
				kind == BY_HAND_PROXMOX
					? ""
					: ": generate says what to add by hand");
	}
	return is_found;
}

static bool put_kernels(FILE *out, const struct system *system)
{
	for (size_t i = 0; i < system->n_kernels; i++) {
		const struct kernel *kernel = &system->kernels[i];

		fputs("kernel       ", out);
		text_put(out, kernel->release);
		fprintf(out, " (vfio_pci: %s)\n",
			module_state_name(kernel_module_state(kernel, "vfio_pci")));
	}
	return system->n_kernels;
}

static bool put_initramfs(FILE *out, const struct system *system)
{
	bool is_found = false;

	for (int i = 0; i < INITRAMFS_KINDS; i++)
		is_found |= put_detection(out, "initramfs",
					  initramfs_name((enum initramfs_kind)i),
					  &system->initramfs[i], "");
	return put_by_hand(out, "initramfs", by_hand_is_initramfs, system) || is_found;
}

static bool put_bootloaders(FILE *out, const struct system *system)
{
	bool is_found = false;

	for (int i = 0; i < BOOTLOADER_KINDS; i++)
		is_found |= put_detection(out, "boot loader",
					  bootloader_name((enum bootloader_kind)i),
					  &system->bootloader[i], "");
	return put_by_hand(out, "boot loader", by_hand_is_bootloader, system) || is_found;
}

void report_system(FILE *out, const struct system *system)
{
	fputc('\n', out);
	if (!put_kernels(out, system))
		fputs("kernel       none found\n", out);
	if (!put_initramfs(out, system))
		fputs("initramfs    none found\n", out);
	if (!put_bootloaders(out, system))
		fputs("boot loader  none found\n", out);
}
