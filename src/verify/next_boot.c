/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verify/next_boot.h"

#include "verify/forecast.h"
#include "verify/result.h"

#include <string.h>

enum check {
	FILES_CURRENT,
	KERNEL_DRIVER,
	COMPETITOR_BUILTIN,
	IMAGE_PRESENT,
	IMAGE_NEWER,
	IMAGE_DRIVER,
	IMAGE_LOAD_ORDER,
	IMAGE_SOFTDEP,
	IMAGE_OPTIONS,
	IMAGE_EARLY,
	ENTRY_CMDLINE,
	DEFAULT_CMDLINE,
	CHECKS,
};

const struct check_description next_boot_checks[] = {
	[FILES_CURRENT] = { "files-current",
			    "the files on disk are those of the plan, as generate would write them now; a warning where that is only its record of what was reserved" },
	[KERNEL_DRIVER] = { "kernel-driver",
			    "the kernel has the reserving driver, as a module or built in" },
	[COMPETITOR_BUILTIN] = { "competitor-builtin",
				 "no driver that is built in takes a device before the reserving one can; a warning where one may" },
	[IMAGE_PRESENT] = { "image-present",
			    "the initramfs that the kernel is given is there, and the kernel can unpack it" },
	[IMAGE_NEWER] = { "image-newer",
			  "the initramfs was made after the files that go into it; a warning where it was not" },
	[IMAGE_DRIVER] = { "image-driver",
			   "the initramfs has the reserving driver and the modules that it needs" },
	[IMAGE_LOAD_ORDER] = { "image-load-order",
			       "the initramfs loads the driver before udev, and no competitor before it, in the way of the generator that made it" },
	[IMAGE_SOFTDEP] = { "image-softdep",
			    "the softdeps of the plan are in the initramfs, byte for byte, and no other line comes before them" },
	[IMAGE_OPTIONS] = { "image-options",
			    "modprobe.d in the initramfs neither keeps the driver from loading nor gives it more ids" },
	[IMAGE_EARLY] = { "image-early",
			  "where the plan needs the early binder, the initramfs has it and runs it before udev" },
	[ENTRY_CMDLINE] = { "entry-cmdline",
			    "the menu entry that boots, and that of each other kernel, carries every parameter of the plan" },
	[DEFAULT_CMDLINE] = { "default-cmdline",
			      "what gives kernels to come their command line has every parameter, so that none is lost with the next update" },
};
const size_t next_boot_n_checks = sizeof next_boot_checks / sizeof *next_boot_checks;
_Static_assert(sizeof next_boot_checks / sizeof *next_boot_checks == CHECKS,
	       "each check has a description");

/* How each check is run; one that decides lets nothing pass that is unknown. */
static const struct {
	void (*of_all)(struct forecast *forecast);
	void (*of_kernel)(struct forecast *forecast, const struct subject *subject);
	bool decides;
	bool compares; /* with the plan's words, of which a refused one has none */
} checks[] = {
	[FILES_CURRENT] = { .of_all = forecast_files, .decides = true },
	[KERNEL_DRIVER] = { .of_kernel = forecast_kernel_driver, .decides = true },
	[COMPETITOR_BUILTIN] = { .of_kernel = forecast_builtin },
	[IMAGE_PRESENT] = { .of_kernel = forecast_image, .decides = true },
	[IMAGE_NEWER] = { .of_kernel = forecast_image_age },
	[IMAGE_DRIVER] = { .of_kernel = forecast_image_driver, .decides = true },
	[IMAGE_LOAD_ORDER] = { .of_kernel = forecast_load_order, .decides = true },
	[IMAGE_SOFTDEP] = { .of_kernel = forecast_softdeps,
			    .decides = true,
			    .compares = true },
	[IMAGE_OPTIONS] = { .of_kernel = forecast_options,
			    .decides = true,
			    .compares = true },
	[IMAGE_EARLY] = { .of_kernel = forecast_early,
			  .decides = true,
			  .compares = true },
	[ENTRY_CMDLINE] = { .of_all = forecast_entry,
			    .of_kernel = forecast_kernel_entry,
			    .decides = true,
			    .compares = true },
	[DEFAULT_CMDLINE] = { .of_all = forecast_default,
			      .decides = true,
			      .compares = true },
};
_Static_assert(sizeof checks / sizeof *checks == CHECKS, "each check is run");

enum menu_kind next_boot_loader(const struct plan *plan)
{
	static const enum menu_kind kinds[] = {
		[BOOTLOADER_GRUB] = MENU_GRUB,
		[BOOTLOADER_BLS] = MENU_GRUB,
		[BOOTLOADER_KERNEL_CMDLINE] = MENU_SYSTEMD_BOOT,
		/* Whichever it deploys to. */
		[BOOTLOADER_OSTREE] = MENU_NONE,
	};

	_Static_assert(sizeof kinds / sizeof *kinds == BOOTLOADER_KINDS,
		       "one row a loader");
	for (size_t i = 0; i < BOOTLOADER_KINDS; i++)
		if (plan->uses_bootloader[i])
			return kinds[i];
	return MENU_NONE;
}

/* Kernels of the plan without evidence are those that nobody asked about. */
static void run_for_kernels(struct forecast *forecast, enum check check)
{
	const struct plan *plan = forecast->plan;
	const struct next_boot *next = forecast->next;

	for (size_t i = 0, k = 0; i < plan->n_kernels && k < next->n_kernels; i++) {
		const struct boot_kernel *boot = &next->kernels[k];
		const struct subject subject = {
			.boot = boot,
			.plan = &plan->kernels[i],
			.image = &boot->image,
			.entry = boot->entry < next->menu.n ? &next->menu.v[boot->entry]
							    : NULL,
			.release = boot->release,
		};

		if (strcmp(plan->kernels[i].kernel->release, boot->release) != 0)
			continue;
		checks[check].of_kernel(forecast, &subject);
		k++;
	}
}

static void run(struct forecast *forecast, enum check check)
{
	size_t first = forecast->verification->n_checks;

	forecast->code = next_boot_checks[check].code;
	/* files-current says so. */
	if (forecast->next->refused && checks[check].compares)
		return;
	if (checks[check].of_all)
		checks[check].of_all(forecast);
	if (checks[check].of_kernel)
		run_for_kernels(forecast, check);
	verification_weigh(forecast->verification, first, checks[check].decides);
}

void verify_next_boot(const struct plan *plan, const struct next_boot *next,
		      const char *running_cmdline, struct verification *ret)
{
	cleanup_free char *line = strings_join(&plan->cmdline, " ");
	struct forecast forecast = {
		.plan = plan,
		.next = next,
		.running_cmdline = running_cmdline,
		.verification = ret,
	};

	*ret = (struct verification){ .question = QUESTION_NEXT_BOOT,
				      .schema = "vfio-bootcfg.check/1",
				      .verdict = VERDICT_PASS };
	if (next->n_kernels == 1)
		ret->kernel = xstrdup(next->kernels[0].release);
	cmdline_parse(line, &forecast.wanted);
	for (enum check check = 0; check < CHECKS; check++)
		run(&forecast, check);
	cmdline_free(&forecast.wanted);
	verification_fit_root(ret, plan);
}
