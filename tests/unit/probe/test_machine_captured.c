/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole machines: those that we booted, and strangers' sysfs trees. */
#include "probe/probe.h"
#include "sys/snapshot.h"
#include "unit/check.h"
#include "unit/probe/corpus.h"
#include "unit/probe/machine.h"
#include "unit/sys/folder.h"

#include <stdlib.h>
#include <string.h>

static struct tree *open_captured(const char *name)
{
	cleanup_free char *path = xasprintf(TEST_DATA "/machines/%s.snapshot", name);
	cleanup_findings struct findings findings = { 0 };
	cleanup_free char *text = NULL;
	struct tree *tree = NULL;
	size_t n;

	text = read_whole(path, &n);
	assert_int_equal(tree_open_snapshot(text, n, name, &tree, &findings), 0);
	assert_int_equal(findings.n, 0);
	return tree;
}

static struct machine captured(const char *name)
{
	cleanup_tree struct tree *tree = open_captured(name);
	cleanup_findings struct findings findings = { 0 };
	struct machine machine;

	probe_machine(tree, name, PROBE_NO_NAMES, &machine, &findings);
	assert_int_equal(findings.n, 0);
	return machine;
}

/* '03:00.0[1b36:0010]g16=nvme', as expected.tsv has it. */
static char *summary(const struct function *function)
{
	cleanup_free char *group = function->iommu_group == NO_GROUP
					   ? xstrdup("-")
					   : xasprintf("%d", function->iommu_group);

	return xasprintf("%s[%s]g%s=%s", bdf_text(function->bdf).s + strlen("0000:"),
			 identity_device_text(function->id).s, group,
			 function->driver ? function->driver : "none");
}

static void assert_machine(const char *name, char *truth)
{
	cleanup_machine struct machine machine = captured(name);
	char *save = NULL;

	for (char *row = strtok_r(truth, " \n", &save); row;
	     row = strtok_r(NULL, " \n", &save)) {
		cleanup_free char *address = xstrndup(row, strcspn(row, "["));
		cleanup_free char *got = summary(function_of(&machine, address));

		assert_string_equal(got, row);
	}
}

static void captured_machines_are_what_their_kernels_said(void **state)
{
	cleanup_free char *table = NULL;
	char *save = NULL;
	unsigned n_machines = 0;
	size_t n;

	table = read_whole(TEST_DATA "/machines/expected.tsv", &n);
	for (char *line = strtok_r(table, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		char *tab = strchr(line, '\t');

		if (*line == '#')
			continue;
		*tab = '\0';
		print_message("%s\n", line);
		assert_machine(line, tab + 1);
		n_machines++;
	}
	assert_int_equal(n_machines, 18);
}

static void captured_machines_show_their_iommu(void **state)
{
	static const struct {
		const char *name;
		enum tristate active, in_firmware, remaps, is_unsafe;
		enum iommu_kind kind;
		const char *node; /* one of the device nodes, or NULL */
	} cases[] = {
		{ "base-intel-61-d059", YES, YES, YES, UNKNOWN, IOMMU_INTEL, NULL },
		{ "base-amd-61-d059", YES, YES, YES, UNKNOWN, IOMMU_AMD, NULL },
		{ "fail-a-no-iommu-612", NO, UNKNOWN, NO, NO, IOMMU_NONE,
		  "/dev/vfio/vfio" },
		/* off on the command line: interrupts are remapped all the same */
		{ "fail-a2-intel_iommu-off-612", NO, YES, YES, NO, IOMMU_INTEL,
		  "/dev/vfio/vfio" },
		{ "fail-f-intremap-off-612", YES, YES, NO, NO, IOMMU_INTEL,
		  "/dev/vfio/16" },
		{ "ok-f-unsafe-interrupts-612", YES, YES, NO, YES, IOMMU_INTEL,
		  "/dev/vfio/17" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_machine struct machine machine = captured(cases[i].name);

		assert_int_equal(machine.iommu.active, cases[i].active);
		assert_int_equal(machine.iommu.in_firmware, cases[i].in_firmware);
		assert_int_equal(machine.iommu.kind, cases[i].kind);
		assert_int_equal(machine.interrupt_remapping, cases[i].remaps);
		assert_int_equal(machine.unsafe_interrupts, cases[i].is_unsafe);
		assert_int_equal(machine.has_device_nodes, cases[i].node ? YES : NO);
		if (cases[i].node)
			assert_true(strings_has(&machine.device_nodes, cases[i].node));
	}
}

/* One of two equal network cards was taken, by its address. */
static void an_override_and_the_order_of_modules_are_seen(void **state)
{
	cleanup_machine struct machine machine = captured("ok-d-identical-override-612");
	const struct function *taken = function_of(&machine, "01:00.0");
	const struct function *twin = function_of(&machine, "02:00.0");
	const struct strings *modules = &machine.modules.names;
	size_t vfio = 0, e1000e = 0;

	assert_string_equal(taken->driver, "vfio-pci");
	assert_string_equal(taken->driver_module, "vfio_pci");
	assert_string_equal(taken->driver_override, "vfio-pci");
	assert_string_equal(twin->driver, "e1000e");
	assert_null(twin->driver_override);
	assert_string_equal(machine.release, "6.12.107+deb13-amd64");
	for (size_t i = 0; i < modules->n; i++) {
		vfio = strcmp(modules->v[i], "vfio_pci") == 0 ? i : vfio;
		e1000e = strcmp(modules->v[i], "e1000e") == 0 ? i : e1000e;
	}
	assert_true(vfio && vfio < e1000e);
}

static void assert_same_machine(const struct machine *a, const struct machine *b)
{
	assert_int_equal(a->functions.n, b->functions.n);
	for (size_t i = 0; i < a->functions.n; i++) {
		cleanup_free char *x = summary(&a->functions.v[i]);
		cleanup_free char *y = summary(&b->functions.v[i]);

		assert_string_equal(x, y);
		assert_string_equal(a->functions.v[i].path, b->functions.v[i].path);
	}
	assert_int_equal(a->iommu.active, b->iommu.active);
	assert_int_equal(a->iommu.in_firmware, b->iommu.in_firmware);
	assert_int_equal(a->interrupt_remapping, b->interrupt_remapping);
	assert_int_equal(a->unsafe_interrupts, b->unsafe_interrupts);
	assert_int_equal(a->has_device_nodes, b->has_device_nodes);
	assert_int_equal(a->device_nodes.n, b->device_nodes.n);
	assert_int_equal(a->modules.names.n, b->modules.names.n);
	assert_string_equal(a->release, b->release);
}

static char *written(const struct tree *tree, enum redaction redaction)
{
	char *text;
	size_t size;
	FILE *out = xopen_memstream(&text, &size);

	assert_int_equal(snapshot_write(tree, NULL, redaction, out), 0);
	fclose(out);
	return text;
}

/* What is written of a machine reads back as the same machine, and then it is written as
 * the same bytes. */
static void a_machine_survives_being_written(void **state)
{
	static const char *const names[] = { "base-amd-61-d059",
					     "ok-f-unsafe-interrupts-612" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		for (int redaction = 0; redaction < 2; redaction++) {
			cleanup_tree struct tree *tree = open_captured(names[i]);
			cleanup_free char *once =
				written(tree, redaction ? REDACT : REDACT_NOTHING);
			cleanup_tree struct tree *copy = tree_of(once);
			cleanup_free char *twice = written(copy, REDACT_NOTHING);
			cleanup_findings struct findings findings = { 0 };
			cleanup_machine struct machine a = captured(names[i]), b = { 0 };

			probe_machine(copy, "copy", PROBE_NO_NAMES, &b, &findings);
			assert_int_equal(findings.n, 0);
			assert_same_machine(&a, &b);
			assert_string_equal(once, twice);
		}
	}
}

/* This machine, whatever it is: the snapshot of it is it. */
static void the_running_machine_survives_being_written(void **state)
{
	cleanup_findings struct findings findings = { 0 };
	cleanup_tree struct tree *live = NULL, *copy = NULL;
	cleanup_machine struct machine a = { 0 }, b = { 0 };
	cleanup_free char *text = NULL;

	assert_int_equal(tree_open_directory("/", &live), 0);
	text = written(live, REDACT);
	copy = tree_of(text);
	probe_machine(live, "live", PROBE_NO_NAMES, &a, &findings);
	probe_machine(copy, "copy", PROBE_NO_NAMES, &b, &findings);
	assert_same_machine(&a, &b);
	assert_int_equal(a.cpu, b.cpu);
	for (size_t i = 0; i < a.functions.n; i++)
		assert_int_equal(a.functions.v[i].uses.n, b.functions.v[i].uses.n);
}

/* The lines of lspci -Dn without the revision; none where lspci gave up. */
static struct strings expected_of(const char *name)
{
	cleanup_free char *path =
		corpus_path("topology/expected/%s.lspci-sysfs-Dn.txt", name);
	cleanup_free char *text = NULL;
	struct strings lines = { 0 };
	char *save = NULL;
	size_t n;

	text = read_whole(path, &n);
	for (char *line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		char *revision = strstr(line, " (");
		struct bdf bdf;
		int length;

		if (revision)
			*revision = '\0';
		if (bdf_parse_prefix(line, &bdf, &length))
			strings_add(&lines, line);
	}
	return lines;
}

static void assert_tree(const char *name)
{
	struct strings expected = expected_of(name);
	cleanup_free char *archive = corpus_path("topology/%s.tar.bz2", name);
	cleanup_free char *command = NULL;
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine machine = { 0 };
	cleanup_tree struct tree *tree = NULL;

	command = xasprintf("tar -xjf '%s' -C '%s'", archive, folder_make());
	assert_int_equal(system(command), 0);
	/* the archive has one folder, named without the 's-hwloc-' of its file */
	assert_int_equal(
		tree_open_directory(folder_path(name + strlen("s-hwloc-")), &tree), 0);
	probe_machine(tree, name, PROBE_NO_NAMES, &machine, &findings);
	assert_int_equal(machine.functions.n, expected.n);
	for (size_t i = 0; i < machine.functions.n; i++) {
		const struct function *function = &machine.functions.v[i];
		cleanup_free char *line = xasprintf(
			"%s %04x: %s", bdf_text(function->bdf).s, function->class >> 8,
			identity_device_text(function->id).s);

		assert_string_equal(line, expected.v[i]);
	}
	/* Where no vendor can be read, libpci ends the program; each is a warning here.
	 */
	assert_true(expected.n ? findings.n == 0 : findings.n > 0);
	strings_free(&expected);
	folder_remove();
}

static void trees_of_strangers_agree_with_lspci(void **state)
{
	cleanup_strings struct strings names = corpus_list("topology", "s-", ".tar.bz2");

	if (!names.n)
		skip();
	for (size_t i = 0; i < names.n; i++) {
		print_message("%s\n", names.v[i]);
		assert_tree(names.v[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(captured_machines_are_what_their_kernels_said),
		cmocka_unit_test(captured_machines_show_their_iommu),
		cmocka_unit_test(an_override_and_the_order_of_modules_are_seen),
		cmocka_unit_test(a_machine_survives_being_written),
		cmocka_unit_test(the_running_machine_survives_being_written),
		cmocka_unit_test(trees_of_strangers_agree_with_lspci),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
