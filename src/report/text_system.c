/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/text.h"

static void put_detection(FILE *out, const char *heading, const char *name,
			  const struct detection *detection)
{
	if (!detection->found)
		return;
	fprintf(out, "%-12s %s", heading, name);
	if (detection->evidence) {
		fputs(" (", out);
		text_put(out, detection->evidence);
		fputc(')', out);
	}
	fputc('\n', out);
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
			      &system->initramfs[i]);
	for (int i = 0; i < BOOTLOADER_KINDS; i++)
		put_detection(out, "boot loader",
			      bootloader_name((enum bootloader_kind)i),
			      &system->bootloader[i]);
}
