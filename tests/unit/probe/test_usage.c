/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What runs on a function now, from the files that tell it. */
#include "probe/usage.h"
#include "unit/probe/machine.h"

#define ROOT "sys/devices/pci0000:00"
#define CARD "pci0000:00/0000:00:01.0/0000:01:00.0"

static const char functions[] = FUNCTION(ROOT, "0000:00:01.0", "8086", "1901", "060400")
	FUNCTION(ROOT "/0000:00:01.0", "0000:01:00.0", "10de", "2684", "030000")
		FUNCTION(ROOT, "0000:00:19.0", "8086", "1533", "020000");

static const char *const kinds[] = {
	[USE_INTERFACE] = "interface", [USE_STACKED] = "stacked", [USE_POOL] = "pool",
	[USE_NODE] = "node",	       [USE_MACHINE] = "machine",
};

/* Asserts every use, 'ADDRESS KIND NAME PROCESS PID', one a line. */
static void assert_usage(const char *text, const char *expected)
{
	cleanup_free char *whole = xasprintf(SNAPSHOT "%s%s", functions, text);
	cleanup_tree struct tree *tree = tree_of(whole);
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine machine = { 0 };
	cleanup_usage struct usage usage = { 0 };
	cleanup_strings struct strings lines = { 0 };
	cleanup_free char *got = NULL;

	probe_machine(tree, "test", PROBE_NO_NAMES, &machine, &findings);
	usage_read(tree, &machine, &usage);
	for (size_t i = 0; i < usage.n; i++)
		strings_take(&lines,
			     xasprintf("%s %s %s %s %ld", bdf_text(usage.v[i].bdf).s,
				       kinds[usage.v[i].kind], usage.v[i].name,
				       usage.v[i].process ? usage.v[i].process : "-",
				       usage.v[i].pid));
	got = strings_join(&lines, "\n");
	assert_string_equal(got, expected);
}

static void nothing_runs_on_what_nobody_opened(void **state)
{
	assert_usage("", "");
}

static void an_interface_that_is_up_is_a_use(void **state)
{
	assert_usage(
		"l sys/class/net/eth0 ../../devices/pci0000:00/0000:00:19.0/net/eth0\n"
		"f sys/devices/pci0000:00/0000:00:19.0/net/eth0/flags 0x1003\n"
		"l sys/class/net/eth1 ../../devices/" CARD "/net/eth1\n"
		"f sys/devices/" CARD "/net/eth1/flags 0x1002\n"
		"l sys/class/net/lo ../../devices/virtual/net/lo\n"
		"f sys/devices/virtual/net/lo/flags 0x9\n",
		"0000:00:19.0 interface eth0 - 0");
}

#define NODE(number, place, name)                                                     \
	"l sys/dev/char/" number " ../../devices/" CARD "/" place "\n"                \
	"t sys/devices/" CARD "/" place "/uevent\n|MAJOR=1\n|MINOR=2\n|DEVNAME=" name \
	"\n"

static void nodes_that_processes_have_open_are_uses(void **state)
{
	assert_usage(NODE("226:0", "drm/card0", "dri/card0")
			     NODE("116:3", "sound/card1/pcmC1D0p",
				  "snd/pcmC1D0p") "f proc/812/comm Xorg\n"
						  "l proc/812/fd/5 /dev/dri/card0\n"
						  "l proc/812/fd/6 /dev/dri/card0\n"
						  "l proc/812/fd/7 /dev/null\n"
						  "l proc/812/fd/8 socket:[1234]\n"
						  "f proc/99/comm mpv\n"
						  "l proc/99/fd/4 /dev/snd/pcmC1D0p\n",
		     "0000:01:00.0 node /dev/dri/card0 Xorg 812\n"
		     "0000:01:00.0 node /dev/snd/pcmC1D0p mpv 99");
}

/* Of the whole group: a machine has it or not. */
static void a_machine_holds_the_node_of_its_group(void **state)
{
	assert_usage("l sys/devices/" CARD "/iommu_group "
		     "../../../../kernel/iommu_groups/14\n"
		     "d sys/kernel/iommu_groups/14\n"
		     "l sys/class/iommu/dmar0 ../../devices/virtual/iommu/dmar0\n"
		     "f proc/77/comm qemu-system-x86\n"
		     "l proc/77/fd/30 /dev/vfio/14\n"
		     "l proc/77/fd/31 /dev/vfio/vfio\n",
		     "0000:01:00.0 machine /dev/vfio/14 qemu-system-x86 77");
}

static void what_stands_on_a_disk_is_a_use(void **state)
{
	assert_usage("l sys/class/block/nvme0n1 ../../devices/" CARD
		     "/nvme/nvme0/nvme0n1\n"
		     "l sys/devices/" CARD "/nvme/nvme0/nvme0n1/holders/dm-0 x\n",
		     "0000:01:00.0 stacked dm-0 - 0");
}

/* A namespace that several controllers serve is a device of its subsystem. */
static void what_stands_on_a_multipath_namespace_is_a_use(void **state)
{
#define SUBSYSTEM "devices/virtual/nvme-subsystem/nvme-subsys0"
	assert_usage("l sys/class/nvme-subsystem/nvme-subsys0 ../../" SUBSYSTEM "\n"
		     "l sys/" SUBSYSTEM "/nvme0 ../../../" CARD "/nvme/nvme0\n"
		     "l sys/class/block/nvme0n1 ../../" SUBSYSTEM "/nvme0n1\n"
		     "l sys/class/block/nvme0n1p2 ../../" SUBSYSTEM "/nvme0n1/nvme0n1p2\n"
		     "l sys/" SUBSYSTEM "/nvme0n1/nvme0n1p2/holders/dm-0 x\n",
		     "0000:01:00.0 stacked dm-0 - 0");
}

/* ZFS shows up neither among the holders nor among the processes. */
static void a_pool_that_is_imported_is_a_use(void **state)
{
#define MEMBER                                                                        \
	"l sys/class/block/nvme0n1p1 ../../devices/" CARD                             \
	"/nvme/nvme0/nvme0n1/nvme0n1p1\n"                                             \
	"l sys/dev/block/259:1 ../../devices/" CARD "/nvme/nvme0/nvme0n1/nvme0n1p1\n" \
	"t run/udev/data/b259:1\n|S:disk/by-id/x\n|E:ID_FS_LABEL_ENC=tank\n"          \
	"|E:ID_FS_TYPE=zfs_member\n"
	assert_usage(MEMBER "f proc/spl/kstat/zfs/tank/state ONLINE\n",
		     "0000:01:00.0 pool tank - 0");
	assert_usage(MEMBER "f proc/spl/kstat/zfs/other/state ONLINE\n", "");
}

/* A machine that has a whole disk, or its partition, as a file. */
static void an_open_block_device_is_a_use(void **state)
{
	assert_usage("l sys/class/block/nvme0n1 ../../devices/" CARD
		     "/nvme/nvme0/nvme0n1\n"
		     "l sys/dev/block/259:0 ../../devices/" CARD "/nvme/nvme0/nvme0n1\n"
		     "t sys/devices/" CARD
		     "/nvme/nvme0/nvme0n1/uevent\n|MAJOR=259\n|DEVNAME=nvme0n1\n"
		     "f proc/5/comm qemu\n"
		     "l proc/5/fd/9 /dev/nvme0n1\n",
		     "0000:01:00.0 node /dev/nvme0n1 qemu 5");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_runs_on_what_nobody_opened),
		cmocka_unit_test(an_interface_that_is_up_is_a_use),
		cmocka_unit_test(nodes_that_processes_have_open_are_uses),
		cmocka_unit_test(a_machine_holds_the_node_of_its_group),
		cmocka_unit_test(what_stands_on_a_disk_is_a_use),
		cmocka_unit_test(what_stands_on_a_multipath_namespace_is_a_use),
		cmocka_unit_test(a_pool_that_is_imported_is_a_use),
		cmocka_unit_test(an_open_block_device_is_a_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
