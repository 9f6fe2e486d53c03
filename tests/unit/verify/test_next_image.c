/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit/verify/prospect.h"

#include <errno.h>

static void what_is_as_planned_passes(void **state)
{
	static const enum image_generator generators[] = { IMAGE_BY_DRACUT,
							   IMAGE_BY_MKINITCPIO,
							   IMAGE_BY_INITRAMFS_TOOLS };

	for (int i = 0; i < 3; i++) {
		struct prospect prospect;

		prospect_begin(&prospect);
		prospect_made_by(&prospect, generators[i]);
		prospect_check_alone(&prospect, "image-load-order", CHECK_PASS,
				     "loads 'vfio-pci'", NULL);
		assert_string_equal(prospect.verification.schema, "vfio-bootcfg.check/1");
		assert_string_equal(prospect.verification.kernel, RELEASE);
		prospect_check(&prospect, "image-driver", CHECK_PASS, "has 'vfio-pci'",
			       NULL);
		prospect_check(&prospect, "image-softdep", CHECK_PASS, "softdeps", NULL);
		prospect_check(&prospect, "entry-cmdline", CHECK_PASS, "carries every",
			       NULL);
		prospect_check(&prospect, "default-cmdline", CHECK_PASS,
			       "/etc/default/grub", NULL);
		assert_string_equal(prospect_result(&prospect, "image-driver")->kernel,
				    RELEASE);
		prospect_end(&prospect);
	}
}

static void each_file_that_has_drifted_is_named(void **state)
{
	static const struct {
		enum file_state state;
		const char *message, *remedy;
	} cases[] = {
		{ FILE_MISSING, "'/etc/x' is missing", "generate --rebuild" },
		{ FILE_DIFFERS, "'/etc/x' is not what the plan says",
		  "generate --rebuild" },
		{ FILE_EDITED, "'/etc/x' was edited since", "remove '/etc/x'" },
		{ FILE_LEFT_OVER, "'/etc/x' is left over of an earlier plan",
		  "generate --rebuild" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct prospect prospect;

		prospect_begin(&prospect);
		prospect_planned(&prospect, "/etc/x", "y");
		prospect.next.files[3].state = cases[i].state;
		prospect_check_alone(&prospect, "files-current", CHECK_FAIL,
				     cases[i].message, cases[i].remedy);
		prospect_end(&prospect);
	}
}

/* A twin was put in or pulled out, which changes what is remembered and nothing else. */
static void a_record_that_differs_is_a_warning(void **state)
{
	struct prospect prospect;

	prospect_begin(&prospect);
	prospect_planned(&prospect, "/var/lib/vfio-bootcfg/reservation", "target x\n");
	prospect.next.files[prospect.next.n_files - 1].state = FILE_DIFFERS;
	prospect_check_alone(&prospect, "files-current", CHECK_WARN,
			     "reservation' is not what the plan says; the next boot does "
			     "not depend on it",
			     "run 'vfio-bootcfg generate', which");
	prospect_end(&prospect);
}

static void a_refused_plan_fails(void **state)
{
	struct prospect prospect;

	prospect_begin(&prospect);
	prospect.next.refused = xstrdup("it carries '/'");
	prospect_check_alone(&prospect, "files-current", CHECK_FAIL, "it carries '/'",
			     "generate --dry-run");
	prospect_end(&prospect);

	/* What such a plan would put into the menu, into the image, or into the command
	 * lines to come is nothing to ask for. */
	prospect_begin(&prospect);
	prospect.next.refused = xstrdup("it carries '/'");
	free(prospect.next.menu.v[0].options);
	prospect.next.menu.v[0].options = xstrdup("");
	prospect.plan.needs_early = true;
	prospect_check_alone(&prospect, "files-current", CHECK_FAIL, "it carries '/'",
			     "generate --dry-run");
	prospect_end(&prospect);
}

static void a_kernel_without_the_driver_fails(void **state)
{
	struct prospect prospect;

	prospect_begin(&prospect);
	prospect.plan.kernels[0].driver = MODULE_MISSING;
	prospect_check_alone(&prospect, "kernel-driver", CHECK_FAIL,
			     "kernel '6.12.1' has no", "package of extra modules");
	prospect_end(&prospect);
}

/* A driver that is built in comes before all modules, whatever the image holds. */
static void a_driver_that_is_built_in_needs_no_image(void **state)
{
	struct prospect prospect;
	struct boot_image *image;

	prospect_begin(&prospect);
	prospect.plan.kernels[0].driver = MODULE_BUILTIN;
	image = &prospect.next.kernels[0].image;
	free(image->path);
	image->path = NULL;
	image->error = -ENOENT;
	prospect_check_alone(&prospect, "image-present", CHECK_PASS, "needs no initramfs",
			     NULL);
	prospect.plan.needs_early = true;
	prospect_check_alone(&prospect, "image-present", CHECK_FAIL, "loads no initramfs",
			     NULL);
	prospect_end(&prospect);
}

static void images_that_cannot_be_seen_are_told_apart(void **state)
{
	static const struct {
		int error;
		enum image_state state;
		enum check_status status;
		const char *message;
	} cases[] = {
		{ -ENOENT, IMAGE_WHOLE, CHECK_FAIL, "'" IMAGE "' of kernel '6.12.1' is" },
		{ -EACCES, IMAGE_WHOLE, CHECK_UNKNOWN, "Permission denied (root may)" },
		{ -EIO, IMAGE_WHOLE, CHECK_UNKNOWN, "cannot be read" },
		{ 0, IMAGE_BROKEN, CHECK_FAIL, "is broken: it ends early" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct prospect prospect;
		struct boot_image *image;

		prospect_begin(&prospect);
		image = &prospect.next.kernels[0].image;
		image->error = cases[i].error;
		image->image.state = cases[i].state;
		if (cases[i].state != IMAGE_WHOLE)
			image->image.problem = xstrdup("it ends early");
		prospect_check_alone(
			&prospect, "image-present", cases[i].status, cases[i].message,
			cases[i].status == CHECK_FAIL ? "update-initramfs -u -k 6.12.1"
						      : NULL);
		assert_null(prospect_result(&prospect, "image-driver"));
		prospect_end(&prospect);
	}
}

static void a_file_that_is_no_unified_image_is_said_to_be_none(void **state)
{
	static const int errors[] = { -ENODATA, -EINVAL };
	static const char *const messages[] = {
		"'/boot/EFI/Linux/x.efi' of kernel '6.12.1' is empty, and no unified image",
		"'/boot/EFI/Linux/x.efi' of kernel '6.12.1' is no unified image",
	};

	for (size_t i = 0; i < 2; i++) {
		struct prospect prospect;
		struct boot_image *image;

		prospect_begin(&prospect);
		image = &prospect.next.kernels[0].image;
		free(image->path);
		image->path = xstrdup("/boot/EFI/Linux/x.efi");
		image->error = errors[i];
		prospect_check_alone(&prospect, "image-present", CHECK_FAIL, messages[i],
				     "run 'update-initramfs -u -k 6.12.1'");
		prospect_end(&prospect);
	}
}

/* What is missing may be in the part that was not read. */
static void nothing_is_said_to_be_missing_in_what_was_not_read(void **state)
{
	struct prospect prospect;
	struct image *image;

	prospect_begin(&prospect);
	image = prospect_image(&prospect);
	image->state = IMAGE_UNREAD;
	image->problem = xstrdup("this build cannot unpack lzo");
	prospect_file(&prospect, MODPROBE, NULL);
	prospect_judge(&prospect);
	prospect_check(&prospect, "image-present", CHECK_UNKNOWN, "cannot unpack lzo",
		       NULL);
	prospect_check(&prospect, "image-softdep", CHECK_UNKNOWN, "lacks", NULL);
	prospect_check(&prospect, "image-driver", CHECK_PASS, "has 'vfio-pci'", NULL);
	assert_int_equal(prospect.verification.verdict, VERDICT_UNKNOWN);
	prospect_end(&prospect);
}

static void an_image_older_than_what_goes_into_it_is_a_warning(void **state)
{
	struct prospect prospect;

	prospect_begin(&prospect);
	prospect.next.files[0].modified = 201;
	prospect_check_alone(&prospect, "image-newer", CHECK_WARN,
			     "older than '/etc/modprobe.d/00-vfio-bootcfg.conf'",
			     "update-initramfs");
	/* What the loader reads goes into no image. */
	prospect.next.files[0].modified = 200;
	prospect.next.files[1].modified = 300;
	prospect_check_alone(&prospect, "image-newer", CHECK_PASS, "made after", NULL);
	prospect_end(&prospect);
}

static void drop_module(struct prospect *prospect, const char *name)
{
	struct image *image = prospect_image(prospect);

	for (size_t i = 0; i < image->n_modules; i++) {
		if (strcmp(image->modules[i].name, name) != 0)
			continue;
		free(image->modules[i].name);
		free(image->modules[i].release);
		memmove(&image->modules[i], &image->modules[i + 1],
			(--image->n_modules - i) * sizeof *image->modules);
		return;
	}
	fail();
}

static void a_missing_module_is_named(void **state)
{
	static const struct {
		const char *module;
		enum check_status status;
		const char *message;
	} cases[] = {
		{ "vfio_pci", CHECK_FAIL, "lacks 'vfio-pci'" },
		{ "vfio_pci_core", CHECK_FAIL, "lacks 'vfio_pci_core'" },
		{ "vfio", CHECK_FAIL, "lacks 'vfio'" },
		{ "vfio_iommu_type1", CHECK_WARN, "lacks 'vfio_iommu_type1', which" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct prospect prospect;

		prospect_begin(&prospect);
		drop_module(&prospect, cases[i].module);
		prospect_check_alone(&prospect, "image-driver", cases[i].status,
				     cases[i].message, "update-initramfs -u -k 6.12.1");
		prospect_end(&prospect);
	}
}

/* The index of the image knows better than a list of the family. */
static void what_the_driver_needs_is_asked_of_the_image(void **state)
{
	struct prospect prospect;

	prospect_begin(&prospect);
	prospect_file(&prospect, "lib/modules/" RELEASE "/modules.dep",
		      "kernel/vfio-pci.ko: kernel/irqbypass.ko kernel/vfio.ko\n");
	prospect_check_alone(&prospect, "image-driver", CHECK_FAIL, "lacks 'irqbypass'",
			     NULL);
	prospect_end(&prospect);
}

static void an_image_for_another_kernel_is_no_image_for_this_one(void **state)
{
	struct prospect prospect;
	struct image *image;
	const struct check_result *result;

	prospect_begin(&prospect);
	image = prospect_image(&prospect);
	for (size_t i = 0; i < image->n_modules; i++) {
		free(image->modules[i].release);
		image->modules[i].release = xstrdup("6.11.0");
	}
	prospect_judge(&prospect);
	prospect_check(&prospect, "image-driver", CHECK_FAIL, "lacks 'vfio-pci', 'vfio'",
		       NULL);
	result = prospect_result(&prospect, "image-driver");
	assert_string_equal(result->evidence[0].text,
			    "its 5 modules are of kernel '6.11.0'");
	prospect_end(&prospect);
}

static void softdeps_must_be_those_of_the_plan(void **state)
{
	static const struct {
		const char *text;
		const char *message;
	} cases[] = {
		{ NULL, "lacks '" MODPROBE "'" },
		{ "softdep radeon pre: vfio-pcj\n", "is not what the plan says" },
		{ SOFTDEPS "\n", "is not what the plan says" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct prospect prospect;

		prospect_begin(&prospect);
		prospect_file(&prospect, MODPROBE, cases[i].text);
		prospect_check_alone(&prospect, "image-softdep", CHECK_FAIL,
				     cases[i].message, "update-initramfs");
		prospect_end(&prospect);
	}
}

/* Of all lines for a module the first one counts, whatever ours says. */
static void a_line_before_ours_is_found(void **state)
{
	struct prospect prospect;
	struct boot_image *image;
	struct modprobe_rule ours;

	prospect_begin(&prospect);
	prospect_rule(&prospect, RULE_SOFTDEP, "etc/modprobe.d/00-a.conf", "rade*",
		      "drm");
	image = &prospect.next.kernels[0].image;
	ours = image->rules[0];
	image->rules[0] = image->rules[1];
	image->rules[1] = ours;
	prospect_check_alone(&prospect, "image-softdep", CHECK_FAIL,
			     "another file has the softdep of 'radeon'", NULL);
	assert_string_equal(
		prospect_result(&prospect, "image-softdep")->evidence[0].source,
		"etc/modprobe.d/00-a.conf");
	prospect_end(&prospect);
}

static void lines_that_keep_the_driver_from_loading_are_found(void **state)
{
	static const struct {
		enum rule_kind kind;
		const char *module, *text;
		enum image_generator generator;
		bool has_ids;
		enum check_status status;
	} cases[] = {
		{ RULE_INSTALL, "vfio_pci", "/bin/false", IMAGE_BY_DRACUT, true,
		  CHECK_FAIL },
		{ RULE_INSTALL, "vfio*", "/bin/false", IMAGE_BY_DRACUT, true,
		  CHECK_FAIL },
		{ RULE_INSTALL, "radeon", "/bin/false", IMAGE_BY_DRACUT, true,
		  CHECK_PASS },
		{ RULE_BLACKLIST, "vfio_pci", "", IMAGE_BY_MKINITCPIO, true, CHECK_FAIL },
		{ RULE_BLACKLIST, "vfio_pci", "", IMAGE_BY_DRACUT, true, CHECK_PASS },
		{ RULE_OPTIONS, "vfio_pci", "ids=10de:1", IMAGE_BY_DRACUT, true,
		  CHECK_PASS },
		{ RULE_OPTIONS, "vfio_pci", "ids=10de:1", IMAGE_BY_DRACUT, false,
		  CHECK_FAIL },
		{ RULE_OPTIONS, "vfio_pci", "disable_vga=1", IMAGE_BY_DRACUT, false,
		  CHECK_PASS },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct prospect prospect;

		prospect_begin(&prospect);
		prospect_made_by(&prospect, cases[i].generator);
		prospect_rule(&prospect, cases[i].kind, "etc/modprobe.d/x.conf:3",
			      cases[i].module, cases[i].text);
		if (!cases[i].has_ids)
			strcpy(prospect.plan.cmdline.v[0], "quiet");
		prospect_judge(&prospect);
		prospect_check(&prospect, "image-options", cases[i].status,
			       cases[i].status == CHECK_FAIL ? "etc/modprobe.d/x.conf:3"
							     : "does not keep",
			       NULL);
		prospect_end(&prospect);
	}
}

static void a_rival_that_is_built_in_is_noted(void **state)
{
	struct prospect prospect;
	struct alias_match *match;

	prospect_begin(&prospect);
	match = array_add(prospect.kernel.matches, prospect.kernel.n_matches);
	match->modalias = function_modalias(&prospect.function);
	*array_add(match->modules.v, match->modules.n) =
		(struct module){ .name = xstrdup("xhci_pci"), .state = MODULE_BUILTIN };
	prospect.plan.targets[0].claim = CLAIM_ID;
	prospect_check_alone(&prospect, "competitor-builtin", CHECK_WARN,
			     "has 'xhci_pci' built in, which comes before 'vfio-pci'",
			     "claim = address");
	prospect.plan.targets[0].claim = CLAIM_ADDRESS;
	prospect_check_alone(&prospect, "competitor-builtin", CHECK_PASS,
			     "the early binder takes", NULL);
	assert_string_equal(prospect_result(&prospect, "competitor-builtin")->address,
			    "0000:00:00.0");
	prospect_end(&prospect);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_as_planned_passes),
		cmocka_unit_test(each_file_that_has_drifted_is_named),
		cmocka_unit_test(a_record_that_differs_is_a_warning),
		cmocka_unit_test(a_refused_plan_fails),
		cmocka_unit_test(a_kernel_without_the_driver_fails),
		cmocka_unit_test(a_driver_that_is_built_in_needs_no_image),
		cmocka_unit_test(images_that_cannot_be_seen_are_told_apart),
		cmocka_unit_test(a_file_that_is_no_unified_image_is_said_to_be_none),
		cmocka_unit_test(nothing_is_said_to_be_missing_in_what_was_not_read),
		cmocka_unit_test(an_image_older_than_what_goes_into_it_is_a_warning),
		cmocka_unit_test(a_missing_module_is_named),
		cmocka_unit_test(what_the_driver_needs_is_asked_of_the_image),
		cmocka_unit_test(an_image_for_another_kernel_is_no_image_for_this_one),
		cmocka_unit_test(softdeps_must_be_those_of_the_plan),
		cmocka_unit_test(a_line_before_ours_is_found),
		cmocka_unit_test(lines_that_keep_the_driver_from_loading_are_found),
		cmocka_unit_test(a_rival_that_is_built_in_is_noted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
