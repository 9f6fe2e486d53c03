/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/text.h"

static void put_detection(FILE *out, const char *heading, const char *name,
			  const struct detection *detection, const char *remark)
{
	if (!detection->found)
		return;
	fprintf(out, "%-12s %s", heading, name);
	if (detection->evidence) {
		fputs(" (", out);
		text_put(out, detection->evidence);
		fputc(')', out);
	}
	fprintf(out, "%s\n", remark);
}

/* What is found and not written for. */
static void put_by_hand(FILE *out, const char *heading,
			bool (*is_part)(enum by_hand_kind), const struct system *system)
{
	for (int i = 0; i < BY_HAND_KINDS; i++) {
		enum by_hand_kind kind = (enum by_hand_kind)i;

		if (is_part(kind))
			put_detection(out, heading, by_hand_name(kind),
				      &system->chain.by_hand[i],
				      kind == BY_HAND_PROXMOX
					      ? ""
					      : ": generate says what to add by hand");
	}
}

void report_system(FILE *out, const struct system *system)
{
	fputc('\n', out);
	for (size_t i = 0; i < system->n_kernels; i++) {
		const struct kernel *kernel = &system->kernels[i];

		fputs("kernel       ", out);
		text_put(out, kernel->release);
		fprintf(out, " (vfio_pci: %s)\n",
			module_state_name(kernel_module_state(kernel, "vfio_pci")));
	}
	for (int i = 0; i < INITRAMFS_KINDS; i++)
		put_detection(out, "initramfs", initramfs_name((enum initramfs_kind)i),
			      &system->initramfs[i], "");
	put_by_hand(out, "initramfs", by_hand_is_initramfs, system);
	for (int i = 0; i < BOOTLOADER_KINDS; i++)
		put_detection(out, "boot loader",
			      bootloader_name((enum bootloader_kind)i),
			      &system->bootloader[i], "");
	put_by_hand(out, "boot loader", by_hand_is_bootloader, system);
}
