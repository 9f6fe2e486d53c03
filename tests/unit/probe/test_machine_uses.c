/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the host uses a function for, through everything that can lie between. */
#include "probe/probe.h"
#include "unit/probe/machine.h"

#define ROOT "sys/devices/pci0000:00"

#define BLOCK(name, folder)                                                    \
	"l sys/class/block/" name " ../../devices/" folder "/block/" name "\n" \
	"d sys/devices/" folder "/block/" name "\n"
#define PARTITION(disk, name, folder, number)                                           \
	"l sys/class/block/" name " ../../devices/" folder "/block/" disk "/" name "\n" \
	"l sys/dev/block/" number " ../../devices/" folder "/block/" disk "/" name "\n" \
	"d sys/devices/" folder "/block/" disk "/" name "\n"
#define VIRTUAL(name, number, slaves)                                       \
	"l sys/class/block/" name " ../../devices/virtual/block/" name "\n" \
	"l sys/dev/block/" number " ../../devices/virtual/block/" name "\n" slaves
#define SLAVE(name, slave) "l sys/devices/virtual/block/" name "/slaves/" slave " x\n"

#define AHCI		   "pci0000:00/0000:00:1f.2/ata1/host0"
#define NVME		   "pci0000:00/0000:00:01.0/0000:01:00.0/nvme/nvme0"

static const char functions[] = FUNCTION(ROOT, "0000:00:01.0", "8086", "1901", "060400")
	FUNCTION(ROOT "/0000:00:01.0", "0000:01:00.0", "144d", "a808",
		 "010802") FUNCTION(ROOT, "0000:00:1f.2", "8086", "2922", "010601")
		FUNCTION(ROOT, "0000:00:19.0", "8086", "1533", "020000")
			FUNCTION(ROOT, "0000:00:1a.0", "8086", "10ed", "020000")
				BLOCK("sda", AHCI) PARTITION("sda", "sda1", AHCI, "8:1")
					PARTITION("sda", "sda2", AHCI, "8:2")
						BLOCK("nvme0n1", NVME)
							PARTITION("nvme0n1", "nvme0n1p1",
								  NVME, "259:1");

/* Asserts what is used of both disks; '-' is nothing. */
static void assert_uses(const char *text, const char *ahci, const char *nvme)
{
	cleanup_free char *whole = xasprintf(SNAPSHOT "%s%s", functions, text);
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine machine = machine_of(whole, &findings);
	cleanup_free char *a = strings_join(&function_of(&machine, "00:1f.2")->uses, " ");
	cleanup_free char *n = strings_join(&function_of(&machine, "01:00.0")->uses, " ");

	assert_string_equal(a, ahci);
	assert_string_equal(n, nvme);
	assert_int_equal(function_of(&machine, "00:01.0")->uses.n, 0); /* a bridge */
	assert_int_equal(findings.n, 0);
}

#define MOUNTINFO "t proc/self/mountinfo\n"
#define MOUNT(number, place, type, source) \
	"|25 1 " number " / " place " rw - " type " " source " rw\n"

static void partitions_lead_to_their_controller(void **state)
{
	assert_uses(MOUNTINFO MOUNT("259:1", "/", "ext4", "/dev/nvme0n1p1")
			    MOUNT("8:1", "/boot", "ext4", "/dev/sda1")
				    MOUNT("8:2", "/boot/efi", "vfat", "/dev/sda2"),
		    "/boot /boot/efi", "/");
}

/* LVM on LUKS on RAID on two disks of different controllers. */
static void stacked_devices_lead_to_all_controllers(void **state)
{
	assert_uses(VIRTUAL("md0", "9:0", SLAVE("md0", "sda2") SLAVE("md0", "nvme0n1p1"))
			    VIRTUAL("dm-0", "253:0", SLAVE("dm-0", "md0"))
				    VIRTUAL("dm-1", "253:1", SLAVE("dm-1", "dm-0"))
					    MOUNTINFO MOUNT("253:1", "/", "ext4",
							    "/dev/mapper/vg-root"),
		    "/", "/");
}

/* Nothing that a damaged snapshot says may keep us here. */
static void devices_that_stand_on_each_other_end(void **state)
{
	assert_uses(VIRTUAL("dm-0", "253:0", SLAVE("dm-0", "dm-1")) VIRTUAL(
			    "dm-1", "253:1", SLAVE("dm-1", "dm-0") SLAVE("dm-1", "sda1"))
			    MOUNTINFO MOUNT("253:0", "/", "ext4", "/dev/mapper/a"),
		    "/", "");
}

/* A partition of RAID has no slaves of its own, but lies in the folder of the disk. */
static void a_partition_of_a_stacked_device_stands_on_it(void **state)
{
	assert_uses(
		VIRTUAL("md0", "9:0",
			SLAVE("md0",
			      "sda1")) "l sys/class/block/md0p1 ../../devices/virtual/block/md0/md0p1\n"
				       "l sys/dev/block/259:9 ../../devices/virtual/block/md0/md0p1\n" MOUNTINFO
					       MOUNT("259:9", "/", "ext4", "/dev/md0p1"),
		"/", "");
}

/* btrfs has numbers of its own, and names one of its devices. */
static void every_device_of_a_btrfs_is_used(void **state)
{
	assert_uses("l sys/fs/btrfs/0f2c/devices/sda2 x\n"
		    "l sys/fs/btrfs/0f2c/devices/nvme0n1p1 x\n"
		    "d sys/fs/btrfs/features\n" MOUNTINFO
		    "|25 1 0:24 /@ / rw - btrfs /dev/sda2 rw\n"
		    "|26 1 0:24 /@home /home rw - btrfs /dev/sda2 rw\n",
		    "/ /home", "/ /home");
	assert_uses(
		VIRTUAL("dm-0", "253:0",
			SLAVE("dm-0",
			      "nvme0n1p1")) "f sys/devices/virtual/block/dm-0/dm/name luks-root\n" MOUNTINFO
					    "|25 1 0:24 /@ / rw - btrfs /dev/mapper/luks-root rw\n",
		"", "/");
	assert_uses(MOUNTINFO
		    "|25 1 0:24 / / rw - bcachefs /dev/sda1:/dev/nvme0n1p1 rw\n",
		    "/", "/");
}

/* A namespace that several controllers serve is a device of its subsystem. */
static void a_multipath_namespace_leads_to_its_controllers(void **state)
{
	assert_uses(
		"l sys/class/nvme-subsystem/nvme-subsys0 ../../devices/virtual/"
		"nvme-subsystem/nvme-subsys0\n"
		"l sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme0 "
		"../../../" NVME "\n"
		"l sys/class/block/nvme1n1 ../../devices/virtual/nvme-subsystem/"
		"nvme-subsys0/nvme1n1\n"
		"l sys/dev/block/259:7 ../../devices/virtual/nvme-subsystem/"
		"nvme-subsys0/nvme1n1\n"
		"d sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme1n1\n" MOUNTINFO
			MOUNT("259:7", "/", "ext4", "/dev/nvme1n1"),
		"", "/");
}

static void bind_mounts_are_shown_where_the_system_is_one(void **state)
{
	assert_uses(MOUNTINFO "|25 1 8:1 /ostree/deploy/0 / rw - ext4 /dev/sda1 rw\n"
			      "|26 1 8:1 /var/lib/x /srv/jail rw - ext4 /dev/sda1 rw\n"
			      "|27 1 8:1 / /sysroot rw - ext4 /dev/sda1 rw\n",
		    "/ /sysroot", "");
}

static void swap_is_used_on_devices_and_in_files(void **state)
{
	static const char heading[] = "t proc/swaps\n|Filename\t\t\t\tType\t\tSize\t\t"
				      "Used\t\tPriority\n";
	cleanup_free char *device =
		xasprintf("%s|/dev/nvme0n1p1 partition\t1\t0\t-2\n", heading);
	cleanup_free char *file =
		xasprintf("%s|/data/swap\\040file file\t1\t0\t-2\n" MOUNTINFO MOUNT(
				  "8:1", "/", "ext4", "/dev/sda1")
				  MOUNT("259:1", "/data", "xfs", "/dev/nvme0n1p1"),
			  heading);

	assert_uses(device, "", "swap");
	assert_uses(file, "/", "/data swap");
}

/* As udev writes it; the pool is in no file of the kernel. */
static void zfs_is_on_the_devices_that_udev_has_seen_in_its_pool(void **state)
{
#define IN_POOL(number, pool)                                      \
	"t run/udev/data/b" number "\n|I:1234\n|E:ID_FS_LABEL=x\n" \
	"|E:ID_FS_LABEL_ENC=" pool "\n|E:ID_FS_TYPE=zfs_member\n|G:systemd\n"
	assert_uses(MOUNTINFO MOUNT("0:24", "/", "zfs", "rpool/ROOT/pve-1")
			    IN_POOL("259:1", "rpool") IN_POOL("8:1", "tank"),
		    "", "/");
	assert_uses(MOUNTINFO MOUNT("0:24", "/", "zfs", "rpool")
			    MOUNT("0:25", "/boot", "zfs", "bpool/BOOT/ubuntu")
				    IN_POOL("259:1", "rpool") IN_POOL("8:1", "rpool")
					    IN_POOL("8:2", "bpool"),
		    "/ /boot", "/");
	assert_uses(MOUNTINFO MOUNT("8:1", "/", "ext4", "/dev/sda1")
			    MOUNT("0:25", "/srv", "zfs", "gone/srv")
				    IN_POOL("259:1", "rpool"),
		    "/", "");
}

static void assert_unknown_root(const char *text, const char *message, const char *uses,
				const char *guess)
{
	cleanup_free char *whole = xasprintf(SNAPSHOT "%s%s", functions, text);
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine machine = machine_of(whole, &findings);
	cleanup_free char *a = strings_join(&function_of(&machine, "00:1f.2")->uses, " ");
	cleanup_free char *n = strings_join(&function_of(&machine, "01:00.0")->uses, " ");

	assert_int_equal(machine.functions.n, 5);
	assert_int_equal(findings.n, 1);
	assert_string_equal(findings.v[0].code, "root-storage-unknown");
	assert_string_equal(findings.v[0].message, message);
	assert_string_equal(a, uses);
	assert_string_equal(n, uses);
	assert_string_equal(machine.root_guess ? machine.root_guess : "", guess);
	assert_int_equal(function_of(&machine, "00:19.0")->uses.n, 0); /* a NIC */
}

/* To be silent would say that nothing carries it. */
static void a_root_whose_devices_are_unknown_is_noted(void **state)
{
	assert_unknown_root(MOUNTINFO MOUNT("0:24", "/", "nfs4", "server:/srv"),
			    "cannot tell which devices carry '/' (nfs4 on 'server:/srv')",
			    "", "");
	assert_unknown_root("e proc/self/mountinfo EACCES\n",
			    "cannot tell which devices carry '/': 'proc/self/mountinfo': "
			    "Permission denied",
			    "", "");
}

static void a_root_that_may_be_on_any_disk_is_on_all(void **state)
{
	assert_unknown_root(MOUNTINFO MOUNT("0:24", "/", "zfs", "rpool/ROOT/debian"),
			    "cannot tell which devices carry '/' (zfs on "
			    "'rpool/ROOT/debian'): every disk counts as one that does",
			    "/", "zpool status -P rpool");
	assert_unknown_root(
		MOUNTINFO MOUNT("0:24", "/", "btrfs", "/dev/root"),
		"cannot tell which devices carry '/' (btrfs on ''): every disk "
		"counts as one that does",
		"/", "btrfs filesystem show /");
}

/* The kernel's name for what root= said; libmount would look that up on the machine that
 * runs the test. */
static void dev_root_is_only_believed_by_its_number(void **state)
{
	assert_uses(MOUNTINFO MOUNT("8:1", "/", "ext4", "/dev/root"), "/", "");
}

static void damaged_lines_of_mountinfo_are_left_out(void **state)
{
	assert_uses(MOUNTINFO MOUNT("8:1", "/", "ext4",
				    "/dev/sda1") "|garbage\n|\n|1 2 3\n"
						 "|25 1 8:2 /\n" MOUNT("259:1", "/boot",
								       "ext4",
								       "/dev/nvme0n1p1"),
		    "/", "/boot");
}

static void assert_default_route(const char *text, const char *address)
{
	cleanup_free char *whole = xasprintf(SNAPSHOT "%s%s", functions, text);
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine machine = machine_of(whole, &findings);

	for (size_t i = 0; i < machine.functions.n; i++) {
		const struct function *function = &machine.functions.v[i];
		const char *own = bdf_text(function->bdf).s;

		if (address && strcmp(own, address) == 0)
			assert_string_equal(function->uses.v[0], "default route");
		else
			assert_int_equal(function->uses.n, 0);
	}
}

#define NET(name, folder)                                                  \
	"l sys/class/net/" name " ../../devices/" folder "/net/" name "\n" \
	"d sys/devices/" folder "/net/" name "\n"
#define ETH0 NET("eth0", "pci0000:00/0000:00:19.0")
#define ROUTE_HEADING                                                                   \
	"t proc/net/route\n|Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\t" \
	"Mask\t\tMTU\tWindow\tIRTT\n"
#define ROUTE(interface, to, flags, mask) \
	"|" interface "\t" to "\t010200C0\t" flags "\t0\t0\t0\t" mask "\t0\t0\t0\n"

static void the_default_route_leads_to_its_card(void **state)
{
	assert_default_route(
		ETH0 ROUTE_HEADING ROUTE("eth0", "00000000", "0003", "00000000"),
		"0000:00:19.0");
	/* a network, a route that is down, one that rejects */
	assert_default_route(
		ETH0 ROUTE_HEADING ROUTE("eth0", "000200C0", "0001", "00FFFFFF")
			ROUTE("eth0", "00000000", "0002", "00000000")
				ROUTE("eth0", "00000000", "0203", "00000000")
					ROUTE("eth0", "00000000", "0003", "00000080"),
		NULL);
}

#define ZERO "00000000000000000000000000000000"

static void the_default_route_may_be_ipv6(void **state)
{
	assert_default_route(ETH0 "t proc/net/ipv6_route\n|" ZERO " 00 " ZERO
				  " 00 fe80" ZERO
				  " 00000400 00000001 00000000 00000003     eth0\n",
			     "0000:00:19.0");
	assert_default_route(
		ETH0 NET(
			"lo",
			"virtual") "t proc/net/ipv6_route\n|" ZERO " 00 " ZERO " 00 " ZERO
				   " ffffffff 00000001 00000000 00200200       lo\n|" ZERO
				   " 40 " ZERO " 00 " ZERO
				   " 00000400 00000001 00000000 00000003     eth0\n",
		NULL);
}

/* A bridge for the guests on a VLAN on a bond. */
static void bridges_and_bonds_lead_to_their_ports(void **state)
{
	assert_default_route(
		ETH0 NET("br0", "virtual") NET("bond0.5", "virtual") NET("bond0",
									 "virtual")
			NET("tap0",
			    "virtual") "l sys/devices/virtual/net/br0/lower_tap0 ../tap0\n"
				       "l sys/devices/virtual/net/br0/lower_bond0.5 ../bond0.5\n"
				       "l sys/devices/virtual/net/bond0.5/lower_bond0 ../bond0\n"
				       "l sys/devices/virtual/net/bond0/lower_eth0 x\n" ROUTE_HEADING
					       ROUTE("br0", "00000000", "0003",
						     "00000000"),
		"0000:00:19.0");
}

static void a_bridge_of_open_vswitch_may_stand_on_any_of_its_ports(void **state)
{
	static const char ports[] = NET("br-int", "virtual")
		NET("ovs-system",
		    "virtual") "l sys/devices/virtual/net/ovs-system/lower_eth0 x\n";
	cleanup_free char *on_bridge =
		xasprintf("%s%s%s", ETH0, ports,
			  ROUTE_HEADING ROUTE("br-int", "00000000", "0003", "00000000"));
	cleanup_free char *beside = xasprintf(
		"%s%s%s", ETH0, ports,
		NET("eth1", "pci0000:00/0000:00:1a.0")
			ROUTE_HEADING ROUTE("eth1", "00000000", "0003", "00000000"));

	assert_default_route(on_bridge, "0000:00:19.0");
	assert_default_route(beside, "0000:00:1a.0");
}

/* Whoever takes the physical function takes its virtual ones along. */
static void a_virtual_function_marks_its_physical_one(void **state)
{
	static const char text[] = "l " ROOT "/0000:00:1a.0/physfn ../0000:00:19.0\n" NET(
		"eth1", "pci0000:00/0000:00:1a.0")
		ROUTE_HEADING ROUTE("eth1", "00000000", "0003", "00000000");
	cleanup_free char *whole = xasprintf(SNAPSHOT "%s%s", functions, text);
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine machine = machine_of(whole, &findings);

	assert_true(function_of(&machine, "00:1a.0")->is_virtual_function);
	assert_int_equal(function_of(&machine, "00:1a.0")->uses.n, 1);
	assert_int_equal(function_of(&machine, "00:19.0")->uses.n, 1);
}

/* A VMD controller is no bridge, and all the disks of its domain go with it. */
static void a_vmd_controller_carries_what_is_behind_it(void **state)
{
#define VMD ROOT "/0000:00:0e.0"
	static const char text[] = SNAPSHOT FUNCTION(ROOT, "0000:00:0e.0", "8086", "467f",
						     "010400")
		FUNCTION(VMD "/pci10000:e0", "10000:e0:06.0", "8086", "464d",
			 "060400") FUNCTION(VMD "/pci10000:e0/10000:e0:06.0",
					    "10000:e1:00.0", "144d", "a808", "010802")
			PARTITION("nvme0n1", "nvme0n1p1",
				  "pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0/"
				  "10000:e1:00.0/nvme/nvme0",
				  "259:1")
				MOUNTINFO MOUNT("259:1", "/", "ext4", "/dev/nvme0n1p1");
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine machine = machine_of(text, &findings);

	assert_int_equal(function_of(&machine, "10000:e1:00.0")->uses.n, 1);
	assert_int_equal(function_of(&machine, "0000:00:0e.0")->uses.n, 1);
	assert_int_equal(function_of(&machine, "10000:e0:06.0")->uses.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(partitions_lead_to_their_controller),
		cmocka_unit_test(stacked_devices_lead_to_all_controllers),
		cmocka_unit_test(devices_that_stand_on_each_other_end),
		cmocka_unit_test(a_partition_of_a_stacked_device_stands_on_it),
		cmocka_unit_test(every_device_of_a_btrfs_is_used),
		cmocka_unit_test(a_multipath_namespace_leads_to_its_controllers),
		cmocka_unit_test(bind_mounts_are_shown_where_the_system_is_one),
		cmocka_unit_test(swap_is_used_on_devices_and_in_files),
		cmocka_unit_test(zfs_is_on_the_devices_that_udev_has_seen_in_its_pool),
		cmocka_unit_test(a_root_whose_devices_are_unknown_is_noted),
		cmocka_unit_test(a_root_that_may_be_on_any_disk_is_on_all),
		cmocka_unit_test(dev_root_is_only_believed_by_its_number),
		cmocka_unit_test(damaged_lines_of_mountinfo_are_left_out),
		cmocka_unit_test(the_default_route_leads_to_its_card),
		cmocka_unit_test(the_default_route_may_be_ipv6),
		cmocka_unit_test(bridges_and_bonds_lead_to_their_ports),
		cmocka_unit_test(a_bridge_of_open_vswitch_may_stand_on_any_of_its_ports),
		cmocka_unit_test(a_virtual_function_marks_its_physical_one),
		cmocka_unit_test(a_vmd_controller_carries_what_is_behind_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
