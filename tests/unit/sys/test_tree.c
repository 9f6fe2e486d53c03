/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every test runs on a directory and on the snapshot of the same files: whoever reads
 * cannot tell which it is. */
#include "base/memory.h"
#include "sys/tree.h"
#include "unit/check.h"
#include "unit/sys/folder.h"

#include <errno.h>
#include <string.h>

#define DEVICE "sys/devices/pci0000:00/0000:00:03.1/0000:29:00.0"

static const char snapshot[] =
	"vfio-bootcfg snapshot 1\n"
	"t kernel.log\n"
	"|[    0.000000] Linux version 6.12\n"
	"|\n"
	"|| a bar, and a \\x20 that is no escape\n"
	"f proc/cmdline quiet splash\n"
	"f proc/empty\n"
	"d sys/class/iommu\n"
	"l sys/bus/pci/devices/0000:29:00.0 "
	"../../../devices/pci0000:00/0000:00:03.1/0000:29:00.0\n"
	"l sys/bus/pci/absolute /" DEVICE "\n"
	"l sys/bus/pci/climbing ../../../../../" DEVICE "\n"
	"l sys/bus/pci/dangling nowhere\n"
	"l sys/bus/pci/loop loop\n"
	"f " DEVICE "-sibling/vendor 0x8086\n"
	"l " DEVICE "/driver ../../../../bus/pci/drivers/vfio-pci\n"
	"f " DEVICE "/label two\\nlines \\\\ \\x09tab\n"
	"f " DEVICE "/vendor 0x10de\n";

static struct tree *held, *directory;

static int set_up(void **state)
{
	struct findings findings = { 0 };
	const char *folder = folder_make();

	folder_write("kernel.log", "[    0.000000] Linux version 6.12\n\n"
				   "| a bar, and a \\x20 that is no escape\n");
	folder_write("proc/cmdline", "quiet splash\n");
	folder_write("proc/empty", "");
	folder_path("sys/class/iommu/");
	folder_link("sys/bus/pci/devices/0000:29:00.0",
		    "../../../devices/pci0000:00/0000:00:03.1/0000:29:00.0");
	folder_link("sys/bus/pci/absolute", "/" DEVICE);
	folder_link("sys/bus/pci/climbing", "../../../../../" DEVICE);
	folder_link("sys/bus/pci/dangling", "nowhere");
	folder_link("sys/bus/pci/loop", "loop");
	folder_write(DEVICE "-sibling/vendor", "0x8086\n");
	folder_link(DEVICE "/driver", "../../../../bus/pci/drivers/vfio-pci");
	folder_write(DEVICE "/label", "two\nlines \\ \ttab\n");
	folder_write(DEVICE "/vendor", "0x10de\n");
	assert_int_equal(tree_open_directory(folder, &directory), 0);
	assert_int_equal(
		tree_open_snapshot(snapshot, strlen(snapshot), "s", &held, &findings), 0);
	assert_int_equal(findings.n, 0);
	return 0;
}

static int tear_down(void **state)
{
	tree_close(held);
	tree_close(directory);
	folder_remove();
	return 0;
}

static int in_directory(void **state)
{
	*state = directory;
	return 0;
}

static int in_snapshot(void **state)
{
	*state = held;
	return 0;
}

static void an_attribute_is_read_through_links(void **state)
{
	static const char *const folders[] = {
		DEVICE,
		"sys/bus/pci/devices/0000:29:00.0",
		"/sys//bus/./pci/devices/0000:29:00.0",
		"sys/bus/pci/../pci/devices/0000:29:00.0",
		"sys/bus/pci/absolute",
		"sys/bus/pci/climbing",
		"sys/bus/pci/absolute/../0000:29:00.0",
	};

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		cleanup_free char *value = NULL;

		assert_int_equal(tree_attribute(*state, &value, "%s/vendor", folders[i]),
				 0);
		assert_string_equal(value, "0x10de");
	}
}

static void what_is_not_there_says_why(void **state)
{
	static const struct {
		const char *path;
		int error;
	} cases[] = {
		{ "sys/bus/pci/missing", -ENOENT },
		{ "sys/bus/pci/missing/../devices/0000:29:00.0/vendor", -ENOENT },
		{ "sys/bus/pci/dangling", -ENOENT },
		{ "sys/bus/pci/dangling/vendor", -ENOENT },
		{ "sys/bus/pci/loop", -ELOOP },
		{ "sys/bus/pci/loop/vendor", -ELOOP },
		{ DEVICE "/vendor/x", -ENOTDIR },
		{ DEVICE "/vendor/..", -ENOTDIR },
		{ DEVICE, -EISDIR },
		{ "sys/class/iommu", -EISDIR },
		{ "sys/bus/pci/absolute", -EISDIR },
		{ "", -EISDIR },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *value = NULL;

		assert_int_equal(tree_attribute(*state, &value, "%s", cases[i].path),
				 cases[i].error);
		assert_null(value); /* left alone */
	}
}

static void only_the_last_newline_of_an_attribute_goes(void **state)
{
	cleanup_free char *label = NULL, *empty = NULL;

	assert_int_equal(tree_attribute(*state, &label, DEVICE "/label"), 0);
	assert_string_equal(label, "two\nlines \\ \ttab");
	assert_int_equal(tree_attribute(*state, &empty, "proc/empty"), 0);
	assert_string_equal(empty, "");
}

static void a_whole_file_keeps_its_newline(void **state)
{
	static const struct {
		const char *path, *bytes;
	} cases[] = {
		{ "proc/cmdline", "quiet splash\n" },
		{ "proc/empty", "" },
		{ "kernel.log", "[    0.000000] Linux version 6.12\n\n"
				"| a bar, and a \\x20 that is no escape\n" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_free char *bytes = NULL;
		size_t n;

		assert_int_equal(tree_read(*state, &bytes, &n, "%s", cases[i].path), 0);
		assert_string_equal(bytes, cases[i].bytes);
		assert_int_equal(n, strlen(cases[i].bytes));
	}
}

static void a_link_is_read_as_it_stands(void **state)
{
	cleanup_free char *target = NULL;
	char *none = NULL;

	assert_int_equal(tree_readlink(*state, &target, "sys/bus/pci/absolute/driver"),
			 0);
	assert_string_equal(target, "../../../../bus/pci/drivers/vfio-pci");
	assert_int_equal(tree_readlink(*state, &none, DEVICE "/vendor"), -EINVAL);
	assert_int_equal(tree_readlink(*state, &none, DEVICE), -EINVAL);
	assert_int_equal(tree_readlink(*state, &none, "missing"), -ENOENT);
	assert_null(none);
}

static void directories_are_listed_in_order(void **state)
{
	static const struct {
		const char *path, *names;
	} cases[] = {
		{ "", "kernel.log proc sys" },
		{ "sys/", "bus class devices" },
		{ "sys/class/iommu", "" },
		{ "sys/bus/pci", "absolute climbing dangling devices loop" },
		{ "sys/bus/pci/devices/0000:29:00.0", "driver label vendor" },
		/* '-' sorts before '/', so the paths of the two are not neighbours */
		{ "sys/devices/pci0000:00/0000:00:03.1",
		  "0000:29:00.0 0000:29:00.0-sibling" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_strings struct strings names = { 0 };
		cleanup_free char *joined = NULL;

		assert_int_equal(tree_list(*state, &names, "%s", cases[i].path), 0);
		joined = strings_join(&names, " ");
		assert_string_equal(joined, cases[i].names);
	}
}

static void what_is_no_directory_is_not_listed(void **state)
{
	struct strings names = { 0 };

	assert_int_equal(tree_list(*state, &names, "proc/cmdline"), -ENOTDIR);
	assert_int_equal(tree_list(*state, &names, "sys/bus/usb"), -ENOENT);
	assert_int_equal(names.n, 0);
}

static void existence_is_that_of_the_link_itself(void **state)
{
	assert_true(tree_exists(*state, "sys/bus/pci/dangling"));
	assert_true(tree_exists(*state, "sys/bus/pci/loop"));
	assert_true(tree_exists(*state, "sys/bus"));
	assert_true(tree_exists(*state, "%s/%s", "sys/bus/pci/absolute", "vendor"));
	assert_false(tree_exists(*state, "sys/bus/pci/dangling/vendor"));
	assert_false(tree_exists(*state, "sys/bu"));
}

static void a_stream_gives_every_line(void **state)
{
	static const struct {
		const char *path, *bytes;
	} cases[] = { { "kernel.log", "[    0.000000] Linux version 6.12\n\n"
				      "| a bar, and a \\x20 that is no escape\n" },
		      { "proc/cmdline", "quiet splash\n" },
		      { "proc/empty", "" } };

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char bytes[200] = { 0 };
		FILE *file = NULL;

		assert_int_equal(tree_stream(*state, &file, cases[i].path), 0);
		assert_int_equal(fread(bytes, 1, sizeof bytes - 1, file),
				 strlen(cases[i].bytes));
		assert_string_equal(bytes, cases[i].bytes);
		fclose(file);
		file = NULL;
		assert_int_equal(tree_stream(*state, &file, "missing"), -ENOENT);
		assert_null(file);
	}
}

static void a_path_that_is_too_long_is_an_error(void **state)
{
	char *value = NULL;

	assert_int_equal(tree_attribute(*state, &value, "%05000d", 0), -ENAMETOOLONG);
	assert_false(tree_exists(*state, "%05000d", 0));
}

#define ON(where, test)                                             \
	{                                                           \
#test " (" #where ")", test, in_##where, NULL, NULL \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON(directory, an_attribute_is_read_through_links),
		ON(snapshot, an_attribute_is_read_through_links),
		ON(directory, what_is_not_there_says_why),
		ON(snapshot, what_is_not_there_says_why),
		ON(directory, only_the_last_newline_of_an_attribute_goes),
		ON(snapshot, only_the_last_newline_of_an_attribute_goes),
		ON(directory, a_whole_file_keeps_its_newline),
		ON(snapshot, a_whole_file_keeps_its_newline),
		ON(directory, a_link_is_read_as_it_stands),
		ON(snapshot, a_link_is_read_as_it_stands),
		ON(directory, directories_are_listed_in_order),
		ON(snapshot, directories_are_listed_in_order),
		ON(directory, what_is_no_directory_is_not_listed),
		ON(snapshot, what_is_no_directory_is_not_listed),
		ON(directory, existence_is_that_of_the_link_itself),
		ON(snapshot, existence_is_that_of_the_link_itself),
		ON(directory, a_stream_gives_every_line),
		ON(snapshot, a_stream_gives_every_line),
		ON(directory, a_path_that_is_too_long_is_an_error),
		ON(snapshot, a_path_that_is_too_long_is_an_error),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
