/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * log MIB: a kernel log of that many MiB: one boot of a machine that runs for months,
 * whose log is mostly about other things.
 */
#include <stdio.h>
#include <stdlib.h>

static const char *const start[] = {
	"Linux version 6.12.0-bench (builder@bench) (gcc 12.2.0) #1 SMP",
	"Command line: root=/dev/vda1 ro intel_iommu=on iommu=pt vfio-pci.ids=10de:2484",
	"ACPI: DMAR 0x000000007FFE2B3D 000088 (v01 BENCH  BENCH    00000001      00000001)",
	"Kernel command line: root=/dev/vda1 ro intel_iommu=on iommu=pt vfio-pci.ids=10de:2484",
	"DMAR: IOMMU enabled",
	"DMAR-IR: Enabled IRQ remapping in x2apic mode",
	"DMAR: Intel(R) Virtualization Technology for Directed I/O",
	"vfio_pci: add [10de:2484[ffffffff:ffffffff]] class 0x000000/00000000",
};

/* What fills logs; '%u' is a counter. */
static const char *const chatter[] = {
	"EXT4-fs (dm-%u): mounted filesystem with ordered data mode. Quota mode: none.",
	"usb 1-%u: new high-speed USB device number 4 using xhci_hcd",
	"br0: port %u(vnet1) entered blocking state",
	"br0: port %u(vnet1) entered forwarding state",
	"audit: type=1400 audit(1700000000.%u:31): apparmor=\"STATUS\" operation=\"profile_load\"",
	"kvm [%u]: ignored rdmsr: 0x10f data 0x0",
	"perf: interrupt took too long (%u > 2500), lowering kernel.perf_event_max_sample_rate",
	"TCP: request_sock_TCP: Possible SYN flooding on port %u. Sending cookies.",
	"nvme nvme0: %u/0/0 default/read/poll queues",
	"IPv6: ADDRCONF(NETDEV_CHANGE): veth%u: link becomes ready",
};
enum { N_CHATTER = sizeof chatter / sizeof *chatter };

/* Once in this many lines one is about an IOMMU or about vfio. */
enum { RARE = 2000 };
static const char *const rare[] = {
	"pci 0000:01:00.0: Adding to iommu group %u",
	"vfio-pci 0000:01:00.0: enabling device (0000 -> 0003) %u",
	"DMAR: [DMA Read NO_PASID] Request device [01:00.0] fault addr 0x%u000 [fault reason 0x06] PTE Read access is not set",
};
enum { N_RARE = sizeof rare / sizeof *rare };

int main(int argc, char **argv)
{
	long limit = argc == 2 ? atol(argv[1]) * 1024 * 1024 : 0;
	long size = 0;

	if (limit <= 0) {
		fprintf(stderr, "usage: log MIB\n");
		return 2;
	}
	for (size_t i = 0; i < sizeof start / sizeof *start; i++)
		size += printf("[    0.%06zu] %s\n", i, start[i]);
	for (unsigned i = 0; size < limit; i++) {
		size += printf("[%5u.%06u] ", 1 + i / 100, i % 1000000);
		size += printf(i % RARE ? chatter[i % N_CHATTER]
					: rare[i / RARE % N_RARE],
			       i % 4096);
		size += printf("\n");
	}
	return fflush(stdout) ? 1 : 0;
}
