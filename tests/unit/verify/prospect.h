/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A next boot put together by hand, in which all is as planned: each test breaks one link
 * of the chain. */
#pragma once

#include "unit/check.h"
#include "verify/next_boot.h"

#include <stdlib.h>
#include <string.h>

#define RELEASE	 "6.12.1"
#define IMAGE	 "/boot/initrd.img-6.12.1"
#define IDS	 "vfio-pci.ids=1002:68c8"
#define SOFTDEPS "softdep radeon pre: vfio-pci\n"
#define MODPROBE "etc/modprobe.d/00-vfio-bootcfg.conf"
#define SCRIPT	 "scripts/init-top/00-vfio-bootcfg"
#define BINDER	 "lib/vfio-bootcfg/vfio-bootcfg-early"

struct prospect {
	struct system system;
	struct kernel kernel;
	struct device_rule rule;
	struct function function;
	struct plan plan;
	struct next_boot next;
	const char *running; /* command line, or NULL */
	struct verification verification;
};

static inline struct image *prospect_image(struct prospect *prospect)
{
	return &prospect->next.kernels[0].image.image;
}

static inline void prospect_module(struct prospect *prospect, const char *name)
{
	struct image *image = prospect_image(prospect);
	struct image_module *module = array_add(image->modules, image->n_modules);

	*module = (struct image_module){ xstrdup(RELEASE), xstrdup(name) };
}

static inline struct image_file *prospect_find(struct prospect *prospect,
					       const char *path)
{
	struct image *image = prospect_image(prospect);

	for (size_t i = 0; i < image->n_files; i++)
		if (strcmp(image->files[i].path, path) == 0)
			return &image->files[i];
	return NULL;
}

/* Writes over what is at the path; NULL takes it away. */
static inline void prospect_file(struct prospect *prospect, const char *path,
				 const char *text)
{
	struct image *image = prospect_image(prospect);
	struct image_file *file = prospect_find(prospect, path);

	if (!file && !text)
		return;
	if (!file) {
		file = array_add(image->files, image->n_files);
		file->path = xstrdup(path);
	}
	free(file->bytes);
	file->bytes = text ? xstrdup(text) : NULL;
	file->size = text ? strlen(text) : 0;
	if (text)
		return;
	free(file->path);
	*file = image->files[--image->n_files];
}

static inline void prospect_rule(struct prospect *prospect, enum rule_kind kind,
				 const char *where, const char *module, const char *text)
{
	struct boot_image *image = &prospect->next.kernels[0].image;

	*array_add(image->rules, image->n_rules) =
		(struct modprobe_rule){ kind, xstrdup(where), xstrdup(module),
					xstrdup(text) };
}

static inline void prospect_planned(struct prospect *prospect, const char *path,
				    const char *text)
{
	struct next_boot *next = &prospect->next;

	*array_add(next->files, next->n_files) = (struct planned_file){
		.path = xstrdup(path),
		.bytes = xstrdup(text),
		.size = strlen(text),
		.modified = 100,
	};
}

static inline struct boot_entry *prospect_entry(struct prospect *prospect,
						const char *title, const char *options,
						const char *release)
{
	struct boot_menu *menu = &prospect->next.menu;
	struct boot_entry *entry = array_add(menu->v, menu->n);

	entry->where = xasprintf("/boot/grub/grub.cfg:%zu", 10 * menu->n);
	entry->title = xstrdup(title);
	entry->id = xstrdup(title);
	entry->options = options ? xstrdup(options) : NULL;
	entry->release = release ? xstrdup(release) : NULL;
	return entry;
}

/* What each generator leaves in its images, besides modules and modprobe.d. */
static inline void prospect_made_by(struct prospect *prospect,
				    enum image_generator generator)
{
	static const char order[] = "/scripts/init-top/00-vfio-bootcfg \"$@\"\n"
				    "[ -e /conf/param.conf ] && . /conf/param.conf\n"
				    "/scripts/init-top/00-vfio-bootcfg-early \"$@\"\n"
				    "/scripts/init-top/udev \"$@\"\n";

	prospect_file(prospect, "conf/initramfs.conf", NULL);
	prospect_file(prospect, "scripts/init-top/ORDER", NULL);
	switch (generator) {
	case IMAGE_BY_DRACUT:
		prospect_file(prospect, "lib/dracut/modules.txt", "");
		prospect_file(prospect, "etc/cmdline.d/20-force_drivers.conf",
			      "rd.driver.pre=vfio_pci\nrd.driver.pre=vfio\n");
		break;
	case IMAGE_BY_MKINITCPIO:
		prospect_file(prospect, "buildconfig", "");
		prospect_file(
			prospect, "config",
			"MODULES=\"vfio_pci vfio\"\nEARLYHOOKS=\"udev vfio-bootcfg\"\n");
		break;
	case IMAGE_BY_INITRAMFS_TOOLS:
		prospect_file(prospect, "conf/initramfs.conf", "");
		prospect_file(prospect, "scripts/init-top/ORDER", order);
		prospect_file(prospect, SCRIPT, "modprobe -a vfio_pci\n");
		break;
	case IMAGE_BY_OTHER:
		break;
	}
}

static inline void prospect_plan(struct prospect *prospect)
{
	static const char *const family[] = { "vfio", "vfio_iommu_type1", "vfio_pci",
					      "vfio_pci_core" };
	struct plan *plan = &prospect->plan;
	struct plan_softdep *softdep = array_add(plan->softdeps, plan->n_softdeps);
	struct plan_kernel *kernel = array_add(plan->kernels, plan->n_kernels);
	struct target *target = array_add(plan->targets, plan->n_targets);
	struct modules *reserving = &prospect->kernel.reserving;

	prospect->kernel.release = xstrdup(RELEASE);
	for (size_t i = 0; i < sizeof family / sizeof *family; i++)
		*array_add(reserving->v, reserving->n) =
			(struct module){ .name = xstrdup(family[i]),
					 .state = MODULE_LOADABLE };
	prospect->system.root = xstrdup("/");
	prospect->system.grub_reads_dropins = true;
	plan->driver = "vfio-pci";
	plan->system = &prospect->system;
	plan->uses_initramfs[INITRAMFS_TOOLS] = true;
	plan->uses_bootloader[BOOTLOADER_GRUB] = true;
	strings_add(&plan->cmdline, IDS);
	strings_add(&plan->cmdline, "intel_iommu=on");
	softdep->module = xstrdup("radeon");
	strings_add(&softdep->pre, "vfio-pci");
	kernel->kernel = &prospect->kernel;
	kernel->driver = MODULE_LOADABLE;
	strings_add(&kernel->modules, "vfio-pci");
	strings_add(&kernel->modules, "vfio_iommu_type1");
	prospect->rule.name = (char *)"gpu";
	target->rule = &prospect->rule;
	target->function = &prospect->function;
}

static inline void prospect_begin(struct prospect *prospect)
{
	static const char *const modules[] = { "radeon", "vfio", "vfio_iommu_type1",
					       "vfio_pci", "vfio_pci_core" };
	struct boot_kernel *kernel;

	*prospect = (struct prospect){ .function.id = { 0x1002, 0x68c8, 0, 0 } };
	prospect_plan(prospect);
	kernel = array_add(prospect->next.kernels, prospect->next.n_kernels);
	kernel->release = xstrdup(RELEASE);
	kernel->image.path = xstrdup(IMAGE);
	kernel->image.modified = 200;
	kernel->image.image.n_entries = 1000;
	for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
		prospect_module(prospect, modules[i]);
	prospect_file(prospect, MODPROBE, SOFTDEPS);
	prospect_file(prospect, "sbin/modprobe", "");
	prospect_rule(prospect, RULE_SOFTDEP, MODPROBE, "radeon", "vfio-pci");
	prospect_made_by(prospect, IMAGE_BY_INITRAMFS_TOOLS);
	prospect_planned(prospect, "/" MODPROBE, SOFTDEPS);
	prospect_planned(prospect, "/etc/default/grub.d/zz-vfio-bootcfg.cfg", "x");
	prospect_planned(prospect, "/etc/initramfs-tools/" SCRIPT,
			 "modprobe -a vfio_pci\n");
	prospect->next.menu.kind = MENU_GRUB;
	prospect->next.menu.why = xstrdup("the first entry");
	prospect->next.menu_path = xstrdup("/boot/grub/grub.cfg");
	prospect_entry(prospect, "Debian", "root=x " IDS " intel_iommu=on", RELEASE);
}

static int prospect_compare(const void *a, const void *b)
{
	const struct image_file *x = a, *y = b;

	return strcmp(x->path, y->path);
}

static inline void prospect_judge(struct prospect *prospect)
{
	struct image *image = prospect_image(prospect);

	if (image->n_files)
		qsort(image->files, image->n_files, sizeof *image->files,
		      prospect_compare);
	verification_free(&prospect->verification);
	verify_next_boot(&prospect->plan, &prospect->next, prospect->running,
			 &prospect->verification);
}

/* The worst result of a check, or NULL. */
static inline const struct check_result *prospect_result(const struct prospect *prospect,
							 const char *code)
{
	static const int badness[] = {
		[CHECK_PASS] = 0, [CHECK_WARN] = 1, [CHECK_UNKNOWN] = 2, [CHECK_FAIL] = 3
	};
	const struct verification *verification = &prospect->verification;
	const struct check_result *worst = NULL;

	for (size_t i = 0; i < verification->n_checks; i++) {
		const struct check_result *check = &verification->checks[i];

		if (strcmp(check->code, code) == 0 &&
		    (!worst || badness[check->status] > badness[worst->status]))
			worst = check;
	}
	return worst;
}

static inline void prospect_check(const struct prospect *prospect, const char *code,
				  enum check_status status, const char *message,
				  const char *remedy)
{
	const struct check_result *result = prospect_result(prospect, code);

	if (!result)
		fail_msg("there is no '%s'", code);
	if (result->status != status || !strstr(result->message, message))
		fail_msg("%s is %s: %s", code, check_status_name(result->status),
			 result->message);
	if (remedy && (!result->remedy || !strstr(result->remedy, remedy)))
		fail_msg("%s has the remedy '%s'", code,
			 result->remedy ? result->remedy : "(none)");
}

/* Judges, and expects that of all checks only this one is not passed. */
static inline void prospect_check_alone(struct prospect *prospect, const char *code,
					enum check_status status, const char *message,
					const char *remedy)
{
	prospect_judge(prospect);
	prospect_check(prospect, code, status, message, remedy);
	for (size_t i = 0; i < prospect->verification.n_checks; i++) {
		const struct check_result *other = &prospect->verification.checks[i];

		if (strcmp(other->code, code) != 0 && other->status != CHECK_PASS)
			fail_msg("%s, too: %s", other->code, other->message);
	}
	assert_int_equal(prospect->verification.verdict,
			 status == CHECK_FAIL	   ? VERDICT_FAIL
			 : status == CHECK_UNKNOWN ? VERDICT_UNKNOWN
						   : VERDICT_PASS);
}

static inline void prospect_end(struct prospect *prospect)
{
	verification_free(&prospect->verification);
	next_boot_free(&prospect->next);
	plan_free(&prospect->plan);
	free(prospect->kernel.release);
	modules_free(&prospect->kernel.reserving);
	for (size_t i = 0; i < prospect->kernel.n_matches; i++) {
		free(prospect->kernel.matches[i].modalias);
		modules_free(&prospect->kernel.matches[i].modules);
	}
	free(prospect->kernel.matches);
	system_free(&prospect->system);
}
