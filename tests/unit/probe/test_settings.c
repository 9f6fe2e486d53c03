/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was settled by hand before us, with the line that says it. */
#include "unit/probe/root.h"

/* 'options etc/a.conf:1 vfio_pci [ids=…]', one a line. The caller frees it. */
static char *listed(const struct settings *settings)
{
	static const char *const commands[] = {
		[SETTING_OPTIONS] = "options",
		[SETTING_BLACKLIST] = "blacklist",
		[SETTING_INSTALL] = "install",
	};
	cleanup_strings struct strings lines = { 0 };

	for (size_t i = 0; i < settings->n; i++)
		strings_take(&lines,
			     xasprintf("%s %s %s [%s]", commands[settings->v[i].command],
				       settings->v[i].where, settings->v[i].module,
				       settings->v[i].text));
	return strings_join(&lines, "\n");
}

static void lines_about_the_drivers_that_reserve_are_kept(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{ "options vfio-pci ids=10de:1b80 disable_vga=1\n",
		  "options /etc/modprobe.d/a.conf:1 vfio_pci "
		  "[ids=10de:1b80 disable_vga=1]" },
		{ "# a comment\n\n\toptions\tvfio_pci \t ids=1002:68c8",
		  "options /etc/modprobe.d/a.conf:3 vfio_pci [ids=1002:68c8]" },
		/* A line is named by its beginning, also behind one that goes on. */
		{ "options kvm \\\n ignore_msrs=1\noptions vfio-pci \\\nids=1\nblacklist "
		  "pci-stub\n",
		  "options /etc/modprobe.d/a.conf:3 vfio_pci [ids=1]\n"
		  "blacklist /etc/modprobe.d/a.conf:5 pci_stub []" },
		{ "blacklist vfio-pci\nblacklist nouveau\n",
		  "blacklist /etc/modprobe.d/a.conf:1 vfio_pci []" },
		{ "install vfio-pci /sbin/override.sh\n",
		  "install /etc/modprobe.d/a.conf:1 vfio_pci [/sbin/override.sh]" },
		/* A pattern, of which the first that matches a module counts. */
		{ "install vfio_pci* /bin/a\ninstall vfio-pci /bin/b\n",
		  "install /etc/modprobe.d/a.conf:1 vfio_pci [/bin/a]\n"
		  "install /etc/modprobe.d/a.conf:1 vfio_pci_core [/bin/a]" },
		/* These are none to kmod. */
		{ "options vfio-pci\ninstall vfio-pci\nblacklist\noptions vfio[pci 1\n",
		  "" },
		{ "#options vfio-pci ids=1\nsoftdep vfio-pci pre: a\n", "" },
		{ "options vfio* ids=1\nblacklist vfio*\n", "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_free char *text = NULL;
		struct site site;

		site_begin(&site, NULL);
		folder_write("etc/modprobe.d/a.conf", cases[i].text);
		site_probe(&site);
		text = listed(&site.system.settings);
		assert_string_equal(text, cases[i].expected);
		site_end(&site);
	}
}

static void files_are_read_in_the_order_of_kmod_and_without_ours(void **state)
{
	cleanup_free char *text = NULL;
	struct site site;

	site_begin(&site, NULL);
	folder_write("etc/modprobe.d/b.conf", "options vfio-pci ids=2\n");
	folder_write("usr/lib/modprobe.d/a.conf", "options vfio-pci ids=1\n");
	folder_write("usr/lib/modprobe.d/b.conf", "options vfio-pci ids=hidden\n");
	folder_write("etc/modprobe.d/00-vfio-bootcfg.conf", "options vfio-pci ids=0\n");
	site_probe(&site);
	text = listed(&site.system.settings);
	assert_string_equal(text,
			    "options /usr/lib/modprobe.d/a.conf:1 vfio_pci [ids=1]\n"
			    "options /etc/modprobe.d/b.conf:1 vfio_pci [ids=2]");
	site_end(&site);
}

static void softdeps_of_the_drivers_that_reserve_are_known(void **state)
{
	const struct softdep *softdep;
	struct site site;

	site_begin(&site, "debian12");
	folder_write("etc/modprobe.d/a.conf", "softdep vfio post: vfio_iommu_type1\n");
	site_probe(&site);
	softdep = kernel_softdep(&site.system.kernels[0], "vfio");
	assert_non_null(softdep);
	assert_string_equal(softdep->post.v[0], "vfio_iommu_type1");
	site_end(&site);
}

static void assert_override(const struct site *site, const char *address,
			    const char *driver, const char *where)
{
	const struct driverctl_override *override;
	struct bdf bdf;

	assert_true(bdf_parse(address, &bdf));
	override = system_override(&site->system, bdf);
	if (!driver) {
		assert_null(override);
		return;
	}
	assert_non_null(override);
	assert_string_equal(override->driver, driver);
	assert_string_equal(override->where, where);
}

static void overrides_of_driverctl_are_read(void **state)
{
	struct site site;

	site_begin(&site, NULL);
	folder_write("etc/driverctl.d/pci-0000:02:00.0", "vfio-pci\n");
	folder_write("etc/driverctl.d/0000:01:00.1", "uio_pci_generic");
	folder_write("etc/driverctl.d/pci-10000:e1:00.0", "");
	folder_write("etc/driverctl.d/vmbus-0c8a4d4c", "uio_hv_generic\n");
	folder_write("etc/driverctl.d/pci-0000:02:00.0~", "nvme\n");
	site_probe(&site);
	assert_int_equal(site.findings.n, 0);
	assert_int_equal(site.system.n_overrides, 3);
	assert_override(&site, "0000:02:00.0", "vfio-pci",
			"/etc/driverctl.d/pci-0000:02:00.0");
	assert_override(&site, "0000:01:00.1", "uio_pci_generic",
			"/etc/driverctl.d/0000:01:00.1");
	assert_override(&site, "10000:e1:00.0", "", "/etc/driverctl.d/pci-10000:e1:00.0");
	assert_override(&site, "0000:03:00.0", NULL, NULL);
	site_end(&site);
}

static void an_override_that_cannot_be_read_is_a_warning(void **state)
{
	struct finding finding;
	struct site site;

	site_begin(&site, NULL);
	folder_write("etc/driverctl.d/pci-0000:02:00.0/a", "");
	site_probe(&site);
	finding = site_finding(&site, "unreadable-file");
	assert_int_equal(finding.severity, SEVERITY_WARNING);
	assert_string_equal(finding.where, "/etc/driverctl.d/pci-0000:02:00.0");
	site_end(&site);
}

/* All options of a module are one string to the kernel, and the last value counts. */
static void the_last_value_of_a_parameter_counts(void **state)
{
	static const struct {
		const char *text, *parameter;
		const char *value; /* NULL: none */
		const char *where;
	} cases[] = {
		{ "options vfio-pci ids=1:2 ids=3:4\n", "ids", "3:4", "a.conf:1" },
		{ "options vfio-pci ids=1:2\noptions vfio_pci disable_vga=1\n", "ids",
		  "1:2", "a.conf:1" },
		{ "options vfio-pci ids=1:2\noptions vfio_pci ids=\n", "ids", "",
		  "a.conf:2" },
		{ "options vfio-pci disable-vga\n", "disable_vga", "", "a.conf:1" },
		{ "options vfio-pci nids=1:2\n", "ids", NULL, NULL },
		{ "blacklist vfio-pci\ninstall vfio-pci ids=1\n", "ids", NULL, NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct setting *line = NULL;
		cleanup_free char *value = NULL;
		struct site site;

		site_begin(&site, NULL);
		folder_write("etc/modprobe.d/a.conf", cases[i].text);
		site_probe(&site);
		value = settings_option(&site.system.settings, "vfio_pci",
					cases[i].parameter, &line);
		if (cases[i].value) {
			assert_string_equal(value, cases[i].value);
			assert_string_equal(strrchr(line->where, '/') + 1,
					    cases[i].where);
		} else {
			assert_null(value);
			assert_null(line);
		}
		site_end(&site);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_about_the_drivers_that_reserve_are_kept),
		cmocka_unit_test(files_are_read_in_the_order_of_kmod_and_without_ours),
		cmocka_unit_test(softdeps_of_the_drivers_that_reserve_are_known),
		cmocka_unit_test(overrides_of_driverctl_are_read),
		cmocka_unit_test(an_override_that_cannot_be_read_is_a_warning),
		cmocka_unit_test(the_last_value_of_a_parameter_counts),
	};

	return cmocka_run_group_tests(tests, site_begin_group, site_end_group);
}
