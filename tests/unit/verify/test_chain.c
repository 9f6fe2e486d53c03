/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Causes that lie in the boot chain: which link let go of a parameter, and what is wrong
 * with the image of the kernel that ran. */
#include "evidence/next_boot.h"
#include "facts/system.h"
#include "unit/verify/gpu.h"

#include <errno.h>

#define RELEASE "6.12.1"
#define OTHER	"6.1.0"

/* The chain as it stands after the boot: two kernels, a menu and a file of words. */
struct after {
	struct next_boot next;
	struct system system;
	struct kernel kernels[2];
	struct plan_kernel planned[2];
	struct file file;
};

static void add_kernel(struct after *after, size_t i, const char *release,
		       bool has_driver)
{
	struct boot_kernel *kernel =
		array_add(after->next.kernels, after->next.n_kernels);
	struct image *image = &kernel->image.image;

	kernel->release = xstrdup(release);
	kernel->entry = i;
	kernel->image.path = xasprintf("/boot/initrd.img-%s", release);
	*array_add(image->modules, image->n_modules) =
		(struct image_module){ xstrdup(release),
				       xstrdup(has_driver ? "vfio_pci" : "nvme") };
	after->kernels[i] = (struct kernel){ .release = (char *)release };
	after->planned[i] = (struct plan_kernel){ .kernel = &after->kernels[i],
						  .driver = MODULE_LOADABLE };
}

static void add_entry(struct after *after, const char *title, const char *options,
		      const char *release)
{
	struct boot_menu *menu = &after->next.menu;
	struct boot_entry *entry = array_add(menu->v, menu->n);

	menu->kind = MENU_GRUB;
	entry->where = xasprintf("/boot/grub/grub.cfg:%zu", 10 * menu->n);
	entry->title = xstrdup(title);
	entry->id = xstrdup(title);
	entry->options = xstrdup(options);
	entry->release = xstrdup(release);
}

static void begin_after(struct after *after, struct scene *scene, const char *driver)
{
	*after = (struct after){ .system = { .root = (char *)"/" } };
	begin_gpu(scene, driver);
	scene->plan.system = &after->system;
	scene->plan.uses_initramfs[INITRAMFS_TOOLS] = true;
	*array_add(scene->plan.kernels, scene->plan.n_kernels) = after->planned[0];
	*array_add(scene->plan.kernels, scene->plan.n_kernels) = after->planned[1];
	scene->next = &after->next;
}

static void use_kernels(struct after *after, struct scene *scene)
{
	memcpy(scene->plan.kernels, after->planned, sizeof after->planned);
	scene->plan.n_kernels = after->next.n_kernels;
}

static void a_driver_that_was_never_loaded_is_looked_for_in_the_image(void **state)
{
	static const struct {
		const char *release;
		bool has_this, has_other;
		int error;
		const char *says, *remedy, *shows; /* or NULL */
	} cases[] = {
		{ RELEASE, false, false, 0, "the initramfs of this kernel lacks it",
		  "run 'update-initramfs -u -k " RELEASE "'", NULL },
		/* The kernel was updated, and its image made without our files. */
		{ RELEASE, false, true, 0, "the initramfs of this kernel lacks it",
		  "run 'update-initramfs -u -k " RELEASE "'",
		  "without the files of the plan" },
		{ RELEASE, true, true, 0, "was never loaded", "the initramfs has it",
		  NULL },
		{ RELEASE, false, true, -EACCES, "was never loaded", "generate --rebuild",
		  NULL },
		{ "6.12.9", true, true, 0,
		  "this boot's kernel '6.12.9' is not installed any more",
		  "reboot into a kernel that is installed", "has no '6.12.9'" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene scene cleanup_scene = { 0 };
		struct after after;
		const struct check_result *result;

		begin_after(&after, &scene, "radeon");
		add_kernel(&after, 0, RELEASE, cases[i].has_this);
		add_kernel(&after, 1, OTHER, cases[i].has_other);
		after.next.kernels[0].image.error = cases[i].error;
		use_kernels(&after, &scene);
		free(scene.machine.release);
		scene.machine.release = xstrdup(cases[i].release);
		scene_modules(&scene, "radeon");
		judge_gpu(&scene, "");
		result = gpu_result(&scene, "target-bound");
		assert_says(result->message, cases[i].says);
		assert_says(result->remedy, cases[i].remedy);
		assert_true(!cases[i].shows || shows(result, cases[i].shows));
		next_boot_free(&after.next);
	}
}

#define TOKEN "vfio-pci.ids=1002:68c8"

static void a_lost_parameter_is_followed_to_the_link_that_lost_it(void **state)
{
	static const struct {
		const char *entry, *file, *booted;
		bool is_unified;
		const char *shows, *remedy;
	} cases[] = {
		/* Never generated. */
		{ "ro quiet", "GRUB_DISTRIBUTOR=x\n", "ro quiet", false, "none has it",
		  "generate --rebuild" },
		/* Generated, and the menu not made anew. */
		{ "ro quiet", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet " TOKEN "\"\n",
		  "ro quiet", false, "'Linux' lacks '" TOKEN "'",
		  "the entry was not made anew" },
		{ "ro quiet", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet " TOKEN "\"\n",
		  "ro quiet", true, "'Linux' lacks '" TOKEN "'",
		  "was not made anew: run 'vfio-bootcfg generate --rebuild' and reboot" },
		/* The same, where an earlier menu has the name with another value. */
		{ "ro quiet vfio-pci.ids=10de:1",
		  "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet " TOKEN "\"\n",
		  "ro quiet vfio-pci.ids=10de:1", false, "'Linux' lacks '" TOKEN "'",
		  "the entry was not made anew" },
		/* Made anew, and another entry booted. */
		{ "ro quiet " TOKEN, "", "BOOT_IMAGE=/vmlinuz ro single", false,
		  "'Linux, recovery' was booted",
		  "boot 'Linux', and not 'Linux, recovery'" },
		/* Made anew after this boot. */
		{ "ro quiet " TOKEN, "", "ro quiet", false, "'Linux' has '" TOKEN "'",
		  "this boot was before it was written" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene scene cleanup_scene = { 0 };
		struct after after;
		const struct check_result *result;

		begin_after(&after, &scene, "radeon");
		add_kernel(&after, 0, RELEASE, true);
		use_kernels(&after, &scene);
		add_entry(&after, "Linux", cases[i].entry, RELEASE);
		add_entry(&after, "Linux, recovery", "ro single", RELEASE);
		if (cases[i].is_unified)
			after.next.menu.v[0].unified = xstrdup("/efi/EFI/Linux/a.efi");
		after.file = (struct file){ .path = (char *)"/etc/default/grub",
					    .exists = true,
					    .bytes = (char *)cases[i].file,
					    .size = strlen(cases[i].file) };
		after.system.files = &after.file;
		after.system.n_files = 1;
		scene_cmdline(&scene, cases[i].booted, TOKEN);
		judge_gpu(&scene, "");
		result = result_of(&scene.verification, "cmdline-applied", NULL);
		assert_int_equal(result->status, CHECK_FAIL);
		if (!shows(result, cases[i].shows))
			fail_msg("case %zu does not show '%s'", i, cases[i].shows);
		assert_says(result->remedy, cases[i].remedy);
		next_boot_free(&after.next);
	}
}

/* Elsewhere there is no menu that could be made anew as a whole. */
static void only_grub_has_a_menu_that_is_made(void **state)
{
	static const struct {
		enum bootloader_kind loader;
		const char *remedy;
	} cases[] = {
		{ BOOTLOADER_GRUB,
		  "the boot menu was not made anew, or another entry was booted: run 'vfio-bootcfg generate --rebuild', and boot the entry that it wrote" },
		{ BOOTLOADER_KERNEL_CMDLINE,
		  "the entry or the unified image was not made anew, or another one was booted: run 'vfio-bootcfg generate --rebuild' and reboot" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene scene cleanup_scene = { 0 };
		struct file file = { .path = (char *)"/etc/kernel/cmdline",
				     .exists = true,
				     .bytes = (char *)"ro a=1\n",
				     .size = strlen("ro a=1\n") };
		struct system system = { .files = &file, .n_files = 1 };

		begin_gpu(&scene, "radeon");
		scene.plan.system = &system;
		scene.plan.uses_bootloader[cases[i].loader] = true;
		scene_cmdline(&scene, "quiet", "a=1");
		judge_gpu(&scene, "");
		assert_string_equal(
			result_of(&scene.verification, "cmdline-applied", NULL)->remedy,
			cases[i].remedy);
	}
}

/* From the file through the entry and the command line to the driver. */
static void the_way_of_a_parameter_is_shown(void **state)
{
	struct scene scene cleanup_scene = { 0 };
	struct after after;
	const struct check_result *result;

	begin_after(&after, &scene, "vfio-pci");
	add_kernel(&after, 0, RELEASE, true);
	use_kernels(&after, &scene);
	add_entry(&after, "Linux", "ro quiet " TOKEN, RELEASE);
	after.file = (struct file){ .path = (char *)"/etc/default/grub",
				    .exists = true,
				    .bytes = (char *)"# x\nX=\"" TOKEN "\"\n",
				    .size = strlen("# x\nX=\"" TOKEN "\"\n") };
	after.system.files = &after.file;
	after.system.n_files = 1;
	scene_cmdline(&scene, "ro quiet " TOKEN, TOKEN);
	judge_gpu(
		&scene,
		"[    1.000000] vfio_pci: add [1002:68c8[ffffffff:ffffffff]] class 0x000000/00000000\n");
	result = result_of(&scene.verification, "cmdline-applied", NULL);
	assert_int_equal(result->status, CHECK_PASS);
	assert_int_equal(result->n_evidence, 4);
	assert_string_equal(result->evidence[0].source, "proc/cmdline");
	assert_string_equal(result->evidence[1].source, "/etc/default/grub");
	assert_int_equal(result->evidence[1].line, 2);
	assert_string_equal(result->evidence[2].source, "/boot/grub/grub.cfg:10");
	assert_string_equal(result->evidence[3].source, "kernel.log");
	next_boot_free(&after.next);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_driver_that_was_never_loaded_is_looked_for_in_the_image),
		cmocka_unit_test(a_lost_parameter_is_followed_to_the_link_that_lost_it),
		cmocka_unit_test(only_grub_has_a_menu_that_is_made),
		cmocka_unit_test(the_way_of_a_parameter_is_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
