/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit/verify/prospect.h"

struct order_case {
	enum image_generator generator;
	const char *path, *text; /* of the image; NULL text: without it */
	bool has_softdep;
	enum check_status status;
	const char *message;
};

static void check_order(const struct order_case *order)
{
	struct prospect prospect;
	const struct check_result *result;

	prospect_begin(&prospect);
	prospect_made_by(&prospect, order->generator);
	if (order->path)
		prospect_file(&prospect, order->path, order->text);
	if (!order->has_softdep)
		strcpy(prospect.next.kernels[0].image.rules[0].module, "other");
	prospect_judge(&prospect);
	result = prospect_result(&prospect, "image-load-order");
	assert_non_null(result);
	if (result->status != order->status || !strstr(result->message, order->message))
		fail_msg("'%s' in %s: %s: %s", order->text, order->path,
			 check_status_name(result->status), result->message);
	prospect_end(&prospect);
}

/* Each generator has its own way, and so does what goes wrong. */
static void the_order_is_judged_by_what_made_the_image(void **state)
{
	static const struct order_case cases[] = {
		{ IMAGE_BY_DRACUT, "etc/cmdline.d/20-force_drivers.conf", NULL, true,
		  CHECK_FAIL, "has no 'rd.driver.pre='" },
		{ IMAGE_BY_DRACUT, "etc/cmdline.d/20-force_drivers.conf",
		  "rd.driver.pre=radeon,vfio-pci\n", false, CHECK_FAIL,
		  "loads 'radeon' before 'vfio-pci'" },
		/* modprobe loads the driver before it, by the softdep. */
		{ IMAGE_BY_DRACUT, "etc/cmdline.d/20-force_drivers.conf",
		  "rd.driver.pre=radeon,vfio-pci\n", true, CHECK_PASS, "loads" },
		{ IMAGE_BY_DRACUT, "etc/cmdline.d/10-first.conf",
		  "rd.driver.pre=radeon\n", false, CHECK_FAIL, "loads 'radeon' before" },
		{ IMAGE_BY_DRACUT, "etc/modules-load.d/x.conf", "radeon\n", false,
		  CHECK_FAIL, "may load 'radeon' before" },
		{ IMAGE_BY_DRACUT, "etc/modules-load.d/x.conf", "radeon\n", true,
		  CHECK_PASS, "loads" },
		{ IMAGE_BY_MKINITCPIO, "config", "HOOKS=\"udev\"\n", true, CHECK_FAIL,
		  "does not name the driver in MODULES" },
		{ IMAGE_BY_MKINITCPIO, "config", "MODULES=\"radeon vfio_pci\"\n", false,
		  CHECK_FAIL, "loads 'radeon' before" },
		{ IMAGE_BY_MKINITCPIO, "config", "MODULES=\"amdgpu vfio_pci\"\n", false,
		  CHECK_PASS, "loads 'vfio-pci'" }, /* no rival of a target */
		{ IMAGE_BY_INITRAMFS_TOOLS, SCRIPT, NULL, true, CHECK_FAIL,
		  "lacks '" SCRIPT "'" },
		{ IMAGE_BY_INITRAMFS_TOOLS, SCRIPT, "modprobe other\n", true, CHECK_FAIL,
		  "another '" SCRIPT "' than the plan says" },
		{ IMAGE_BY_INITRAMFS_TOOLS, "scripts/init-top/ORDER",
		  "/scripts/init-top/udev \"$@\"\n"
		  "/scripts/init-top/00-vfio-bootcfg \"$@\"\n",
		  true, CHECK_FAIL, "runs '" SCRIPT "' after udev" },
		{ IMAGE_BY_INITRAMFS_TOOLS, "scripts/init-top/ORDER",
		  "/scripts/init-top/00-vfio-bootcfg-early \"$@\"\n", true, CHECK_FAIL,
		  "does not run '" SCRIPT "'" },
		{ IMAGE_BY_OTHER, NULL, NULL, true, CHECK_UNKNOWN, "is not known" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check_order(&cases[i]);
}

/* Its modules are loaded beside coldplug: softdeps or a drop-in make it certain. */
static void systemd_in_mkinitcpio_is_a_race(void **state)
{
	static const struct {
		bool has_modules, has_softdep, has_dropin;
		enum check_status status;
		const char *message;
	} cases[] = {
		{ true, true, false, CHECK_PASS, "softdeps load 'vfio-pci'" },
		{ true, false, true, CHECK_PASS, "before coldplug" },
		{ true, false, false, CHECK_WARN, "which comes first is not certain" },
		{ false, true, true, CHECK_FAIL, "does not name the driver" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct prospect prospect;

		prospect_begin(&prospect);
		prospect_made_by(&prospect, IMAGE_BY_MKINITCPIO);
		prospect_file(&prospect, "config", NULL);
		prospect_file(&prospect, "lib/systemd/systemd", "");
		prospect_file(&prospect, "etc/modules-load.d/MODULES.conf",
			      cases[i].has_modules ? "vfio_pci\nvfio\n" : "\n");
		prospect_file(&prospect,
			      "etc/systemd/system/systemd-udev-trigger.service.d/x.conf",
			      cases[i].has_dropin
				      ? "[Unit]\nAfter=systemd-modules-load.service\n"
				      : "");
		if (!cases[i].has_softdep)
			strcpy(prospect.next.kernels[0].image.rules[0].module, "other");
		prospect_judge(&prospect);
		prospect_check(&prospect, "image-load-order", cases[i].status,
			       cases[i].message, NULL);
		prospect_end(&prospect);
	}
}

static void the_early_binder_and_what_runs_it_must_be_there(void **state)
{
	static const struct {
		enum image_generator generator;
		const char *hook;    /* that runs it */
		const char *message; /* of what is wrong without the hook */
	} cases[] = {
		{ IMAGE_BY_DRACUT, "lib/dracut/hooks/pre-udev/01-vfio-bootcfg-early.sh",
		  "lacks the hook of pre-udev" },
		{ IMAGE_BY_DRACUT,
		  "var/lib/dracut/hooks/pre-udev/01-vfio-bootcfg-early.sh",
		  "lacks the hook of pre-udev" },
		{ IMAGE_BY_MKINITCPIO, "hooks/vfio-bootcfg",
		  "lacks 'hooks/vfio-bootcfg'" },
		{ IMAGE_BY_INITRAMFS_TOOLS, "scripts/init-top/00-vfio-bootcfg-early",
		  "lacks 'scripts/init-top/00-vfio-bootcfg-early'" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct prospect prospect;

		prospect_begin(&prospect);
		prospect.plan.needs_early = true;
		prospect_made_by(&prospect, cases[i].generator);
		prospect_file(&prospect, cases[i].hook, "");
		prospect_check_alone(&prospect, "image-early", CHECK_FAIL,
				     "lacks the early binder", NULL);
		prospect_file(&prospect, BINDER, "");
		prospect_check_alone(&prospect, "image-early", CHECK_PASS,
				     "runs the early binder", NULL);
		prospect_file(&prospect, "sbin/modprobe", NULL);
		prospect_check_alone(&prospect, "image-early", CHECK_FAIL,
				     "lacks 'modprobe'", NULL);
		prospect_file(&prospect, "bin/modprobe", "");
		prospect_file(&prospect, cases[i].hook, NULL);
		prospect_check_alone(&prospect, "image-early", CHECK_FAIL,
				     cases[i].message, NULL);
		prospect_end(&prospect);
	}
}

static void the_binder_needs_its_unit_where_systemd_runs(void **state)
{
	static const char unit[] = "lib/systemd/system/vfio-bootcfg-early.service";
	static const char wants[] =
		"lib/systemd/system/sysinit.target.wants/vfio-bootcfg-early.service";
	struct prospect prospect;

	prospect_begin(&prospect);
	prospect.plan.needs_early = true;
	prospect_made_by(&prospect, IMAGE_BY_MKINITCPIO);
	prospect_file(&prospect, "lib/systemd/systemd", "");
	prospect_file(&prospect, "etc/modules-load.d/MODULES.conf", "vfio_pci\n");
	prospect_file(&prospect, BINDER, "");
	prospect_check_alone(&prospect, "image-early", CHECK_FAIL,
			     "lacks 'vfio-bootcfg-early.service'", NULL);
	prospect_file(&prospect, unit, "");
	prospect_check_alone(&prospect, "image-early", CHECK_FAIL, "does not start",
			     NULL);
	prospect_file(&prospect, wants, "");
	prospect_check_alone(&prospect, "image-early", CHECK_PASS,
			     "runs the early binder", NULL);
	prospect_end(&prospect);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_order_is_judged_by_what_made_the_image),
		cmocka_unit_test(systemd_in_mkinitcpio_is_a_race),
		cmocka_unit_test(the_early_binder_and_what_runs_it_must_be_there),
		cmocka_unit_test(the_binder_needs_its_unit_where_systemd_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
