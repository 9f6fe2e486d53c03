/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"
#include "sys/snapshot.h"
#include "unit/check.h"
#include "unit/sys/folder.h"

#include <errno.h>
#include <string.h>

#define UUID "0f2c8e1a-9b3d-4c5e-8f70-112233445566"
#define DISK "sys/devices/pci0000:00/0000:00:1f.2/ata1/block/sda"

static int set_up(void **state)
{
	folder_make();
	folder_write("proc/sys/kernel/hostname", "tower\n");
	folder_write("proc/sys/kernel/osrelease", "6.12.1\n");
	folder_write("proc/cmdline", "root=UUID=" UUID " hostname=tower\n");
	folder_write("proc/cpuinfo", "processor\t: 0\nvendor_id\t: GenuineIntel\n"
				     "processor\t: 1\nvendor_id\t: GenuineIntel\n");
	folder_write("proc/interrupts", "     CPU0 CPU1\n  9:  0  7  IR-IO-APIC 9 acpi\n"
					"ERR:  0\n");
	folder_write("proc/iomem", "00001000-0009fbff : System RAM\n"
				   "  01000000-01e02fff : Kernel code\n");
	folder_write("proc/modules", "vfio_pci 16384 0 - Live 0xffffffffc0c00000\n"
				     "vfio 65536 1 vfio_pci, Live 0xffffffffc0b00000\n");
	folder_write("proc/net/route",
		     "Iface\tDestination\tGateway\tFlags\n"
		     "eth0\t00000000\t0102A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
		     "eth0\t0002A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n");
	folder_write(
		"proc/self/mountinfo",
		"22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=x\n"
		"23 22 0:21 / /proc rw - proc proc rw\n"
		"24 22 0:30 /@ /home/alice/Backup rw - btrfs /dev/sda2 rw\n"
		"26 22 0:32 / /srv/data rw - zfs rpool/data rw,xattr\n"
		"25 22 0:31 / /srv/share rw - nfs4 server:/share rw,addr=10.0.0.1\n");
	folder_write("proc/swaps", "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
				   "/home/alice/Backup/swap file 1 0 -2\n");
	folder_link("sys/bus/pci/devices/0000:00:1f.2",
		    "../../../devices/pci0000:00/0000:00:1f.2");
	folder_write("sys/devices/pci0000:00/0000:00:1f.2/vendor", "0x8086\n");
	folder_write("sys/devices/pci0000:00/0000:00:1f.2/config", "secret");
	folder_write("sys/devices/pci0000:00/0000:00:1f.2/resource",
		     "0x01 0x02 0x03\n0x04 0x05 0x06\n"
		     "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
		     "0x0000000000000000 0x0000000000000000 0x0000000000000000\n");
	folder_link("sys/devices/pci0000:00/0000:00:1f.2/driver",
		    "../../../bus/pci/drivers/ahci");
	folder_link("sys/bus/pci/drivers/ahci/module", "../../../../module/ahci");
	folder_link("sys/class/block/sda",
		    "../../devices/pci0000:00/0000:00:1f.2/ata1/block/sda");
	folder_write(DISK "/serial", "S4EWNX0R\n");
	folder_link("sys/fs/btrfs/" UUID "/devices/sda", "../../../../devices/x");
	folder_write("run/udev/data/b8:1",
		     "S:disk/by-id/ata-S4EWNX0R\nE:ID_SERIAL=S4EWNX0R\n"
		     "E:ID_FS_LABEL_ENC=rpool\nE:ID_FS_TYPE=zfs_member\n");
	folder_write("run/udev/data/b8:2", "E:ID_SERIAL=S4EWNX0R\nE:ID_FS_TYPE=ext4\n");
	folder_link("sys/class/net/enx525400123456", "../../devices/virtual/net/x");
	folder_write("sys/firmware/acpi/tables/DMAR", "secret");
	folder_write("sys/firmware/acpi/tables/SSDT", "secret");
	folder_write("sys/module/vfio_iommu_type1/parameters/odd\\ name", "a\\b\tc\n");
	folder_write("dev/vfio/16", "");
	folder_path("dev/vfio/devices/");
	return 0;
}

static int tear_down(void **state)
{
	folder_remove();
	return 0;
}

static const char redacted[] =
	"vfio-bootcfg snapshot 1\n"
	"d dev\n"
	"d dev/vfio\n"
	"f dev/vfio/16 \n"
	"d dev/vfio/devices\n"
	"t kernel.log\n"
	"|<6>towerx redacted-1 booted on redacted-2\n"
	"|\n"
	"|\\x1b[31m a \\x20\tb\n"
	"f proc/cmdline root=UUID=redacted-2 hostname=redacted-1\n"
	"t proc/cpuinfo\n"
	"|vendor_id\t: GenuineIntel\n"
	"f proc/interrupts 9: IR-IO-APIC 9 acpi\n"
	"f proc/iomem 00001000-0009fbff : System RAM\n"
	"t proc/modules\n"
	"|vfio_pci 16384 0 - Live\n"
	"|vfio 65536 1 vfio_pci, Live\n"
	"t proc/net/route\n"
	"|eth0\t00000000\t00000000\t0003\t0\t0\t100\t00000000\n"
	"t proc/self/mountinfo\n"
	"|22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
	"|24 22 0:30 /redacted-3 /home/redacted-4/redacted-5 rw - btrfs /dev/sda2 rw\n"
	"|26 22 0:32 / /srv/redacted-6 rw - zfs rpool/data rw\n"
	"t proc/swaps\n"
	"|Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
	"|/home/redacted-4/redacted-5/swap\tfile\t1\t0\t-2\n"
	"f proc/sys/kernel/osrelease 6.12.1\n"
	"t run/udev/data/b8:1\n"
	"|E:ID_FS_LABEL_ENC=rpool\n"
	"|E:ID_FS_TYPE=zfs_member\n"
	"d sys/bus/pci/devices\n"
	"l sys/bus/pci/devices/0000:00:1f.2 ../../../devices/pci0000:00/0000:00:1f.2\n"
	"l sys/bus/pci/drivers/ahci/module ../../../../module/ahci\n"
	"d sys/class\n"
	"l sys/class/block/sda ../../devices/pci0000:00/0000:00:1f.2/ata1/block/sda\n"
	"l sys/class/net/enxredacted-7 ../../devices/virtual/net/x\n"
	"l sys/devices/pci0000:00/0000:00:1f.2/driver ../../../bus/pci/drivers/ahci\n"
	"t sys/devices/pci0000:00/0000:00:1f.2/resource\n"
	"|0x01 0x02 0x03\n"
	"|0x04 0x05 0x06\n"
	"f sys/devices/pci0000:00/0000:00:1f.2/vendor 0x8086\n"
	"d sys/firmware\n"
	"d sys/firmware/acpi/tables\n"
	"f sys/firmware/acpi/tables/DMAR \n"
	"l sys/fs/btrfs/redacted-2/devices/sda ../../../../devices/x\n"
	"d sys/module/vfio_iommu_type1\n"
	"f sys/module/vfio_iommu_type1/parameters/odd\\\\\\x20name a\\\\b\\x09c\n";

static char *written(FILE *log, enum redaction redaction)
{
	cleanup_tree struct tree *tree = NULL;
	char *text;
	size_t size;
	FILE *out = xopen_memstream(&text, &size);

	assert_int_equal(tree_open_directory(folder_root, &tree), 0);
	assert_int_equal(snapshot_write(tree, log, redaction, out), 0);
	fclose(out);
	return text;
}

static void a_snapshot_holds_what_probes_read_and_no_secret(void **state)
{
	static char log[] = "<6>towerx tower booted on " UUID "\n\n\033[31m a \\x20\tb\n";
	cleanup_file FILE *file = fmemopen(log, strlen(log), "r");
	cleanup_free char *text = written(file, REDACT);

	assert_string_equal(text, redacted);
}

static void nothing_is_redacted_on_request(void **state)
{
	cleanup_free char *text = written(NULL, REDACT_NOTHING);

	assert_non_null(
		strstr(text, "f proc/cmdline root=UUID=" UUID " hostname=tower\n"));
	assert_non_null(strstr(text, "l sys/class/net/enx525400123456 "));
	assert_non_null(strstr(text, " /@ /home/alice/Backup rw - btrfs "));
	assert_null(strstr(text, "kernel.log")); /* it has none */
}

/* As long as the kernel makes a record, and longer. */
static void an_endless_line_of_the_log_is_cut(void **state)
{
	cleanup_free char *log = NULL, *text = NULL;
	size_t size;
	FILE *out = xopen_memstream(&log, &size), *file;
	const char *first, *second;

	fprintf(out, "%01000000d\nnext", 0);
	fclose(out);
	file = fmemopen(log, size, "r");
	text = written(file, REDACT);
	fclose(file);
	first = strstr(text, "t kernel.log\n|") + strlen("t kernel.log\n|");
	second = strstr(first, "\n|next\n");
	assert_non_null(second);
	assert_int_equal(second - first, 8191);
}

static void a_full_disk_is_an_error(void **state)
{
	cleanup_tree struct tree *tree = NULL;
	cleanup_file FILE *out = fopen("/dev/full", "we");

	assert_int_equal(tree_open_directory(folder_root, &tree), 0);
	assert_int_equal(snapshot_write(tree, NULL, REDACT, out), -EIO);
}

static void an_unreadable_file_is_recorded(void **state)
{
	static const char text[] = "vfio-bootcfg snapshot 1\n"
				   "e dev/vfio EACCES\n"
				   "e kernel.log EPERM\n"
				   "e proc/cmdline EACCES\n"
				   "d sys/bus/pci/devices/0000:00:1f.2\n"
				   "e sys/bus/pci/devices/0000:00:1f.2/vendor EIO\n"
				   "e sys/class/iommu EACCES\n";
	cleanup_findings struct findings findings = { 0 };
	cleanup_tree struct tree *tree = NULL;
	cleanup_free char *copy = NULL;
	size_t size;
	FILE *out = xopen_memstream(&copy, &size);

	assert_int_equal(tree_open_snapshot(text, strlen(text), "s", &tree, &findings),
			 0);
	assert_int_equal(snapshot_write(tree, NULL, REDACT, out), -EPERM);
	fclose(out);
	assert_string_equal(copy, "vfio-bootcfg snapshot 1\n"
				  "d dev\n"
				  "e dev/vfio EACCES\n"
				  "e proc/cmdline EACCES\n"
				  "d sys/bus/pci/devices\n"
				  "e sys/bus/pci/devices/0000:00:1f.2/vendor EIO\n"
				  "d sys/class\n"
				  "e sys/class/iommu EACCES\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_snapshot_holds_what_probes_read_and_no_secret),
		cmocka_unit_test(nothing_is_redacted_on_request),
		cmocka_unit_test(an_endless_line_of_the_log_is_cut),
		cmocka_unit_test(a_full_disk_is_an_error),
		cmocka_unit_test(an_unreadable_file_is_recorded),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
