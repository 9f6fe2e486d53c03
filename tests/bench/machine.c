/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * machine N DIR: the sysfs and procfs files of a machine with N PCI functions, as lspci
 * (-O sysfs.path=DIR/sys/bus/pci) and vfio-bootcfg (--snapshot DIR) read them, and
 * DIR/bench.conf, which reserves some of its graphics cards. Always the same bytes for
 * the same N: root ports with cards of a few kinds, network cards with virtual functions,
 * and a new PCI domain when the buses of one are used up.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct kind {
	uint16_t vendor, device, subsystem_vendor, subsystem_device;
	uint32_t class;
	const char *driver;
};

static const struct kind host_bridge = {
	0x8086, 0x09a2, 0x8086, 0x09a2, 0x060000, NULL,
};
static const struct kind root_port = {
	0x8086, 0x347a, 0x8086, 0x0000, 0x060400, "pcieport",
};

/* A card is up to four kinds of function, and virtual ones behind the first. */
static const struct card {
	struct kind functions[4];
	unsigned n_virtual;
	struct kind virtual;
} cards[] = {
	{ .functions = { { 0x10de, 0x2484, 0x1458, 0x404c, 0x030000, "nouveau" },
			 { 0x10de, 0x228b, 0x1458, 0x404c, 0x040300,
			   "snd_hda_intel" } } },
	{ .functions = { { 0x144d, 0xa808, 0x144d, 0xa801, 0x010802, "nvme" } } },
	{ .functions = { { 0x8086, 0x1572, 0x8086, 0x0001, 0x020000, "i40e" } },
	  .n_virtual = 32,
	  .virtual = { 0x8086, 0x154c, 0x8086, 0x0000, 0x020000, "iavf" } },
	{ .functions = { { 0x1002, 0x73bf, 0x1da2, 0xe438, 0x030000, "amdgpu" },
			 { 0x1002, 0xab28, 0x1002, 0xab28, 0x040300, "snd_hda_intel" },
			 { 0x1002, 0x73a6, 0x1da2, 0xe438, 0x0c0330, "xhci_hcd" },
			 { 0x1002, 0x73a4, 0x1da2, 0x0408, 0x0c8000, NULL } } },
	{ .functions = { { 0x1b21, 0x2142, 0x1043, 0x8756, 0x0c0330, "xhci_hcd" } } },
	{ .functions = { { 0x1000, 0x005d, 0x1028, 0x1f49, 0x010400, "megaraid_sas" } } },
	{ .functions = { { 0x8086, 0x1521, 0x8086, 0x0002, 0x020000, "igb" },
			 { 0x8086, 0x1521, 0x8086, 0x0002, 0x020000, "igb" },
			 { 0x8086, 0x1521, 0x8086, 0x0002, 0x020000, "igb" },
			 { 0x8086, 0x1521, 0x8086, 0x0002, 0x020000, "igb" } } },
};
enum { N_CARDS = sizeof cards / sizeof *cards, RESERVED_MAX = 8, BUSES = 200 };

struct machine {
	const char *folder;
	long wanted, made;
	unsigned groups, reserved;
	FILE *config;
};

struct address {
	unsigned domain, bus, device, function;
};

/* Where a function hangs: below a root bus, or below the root port that leads to it. */
struct place {
	struct address at;
	struct address port;
	bool has_port;
	bool is_multi;
	bool is_virtual;    /* of the first function behind the port */
	unsigned secondary; /* the bus below a bridge, or 0 */
};

struct text {
	char s[1024];
};

static struct text format(const char *format, ...) __attribute__((format(printf, 1, 2)));

static struct text format(const char *format, ...)
{
	struct text text;
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text.s, sizeof text.s, format, arguments);
	va_end(arguments);
	return text;
}

static struct text address_text(struct address at)
{
	return format("%04x:%02x:%02x.%x", at.domain, at.bus, at.device, at.function);
}

static void fail(const char *path)
{
	fprintf(stderr, "machine: %s: %s\n", path, strerror(errno));
	exit(1);
}

static void make_folder(const char *path)
{
	if (mkdir(path, 0755) && errno != EEXIST)
		fail(path);
}

/* With all folders above it. */
static void make_folders(struct text path)
{
	for (char *slash = path.s + 1; (slash = strchr(slash, '/')); *slash++ = '/') {
		*slash = 0;
		make_folder(path.s);
	}
	make_folder(path.s);
}

static void write_bytes(const char *folder, const char *name, const void *bytes, size_t n)
{
	struct text path = format("%s/%s", folder, name);
	int fd = open(path.s, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n)
		fail(path.s);
	close(fd);
}

static void write_text(const char *folder, const char *name, struct text text)
{
	write_bytes(folder, name, text.s, strlen(text.s));
}

static void make_link(const char *folder, const char *name, struct text target)
{
	struct text path = format("%s/%s", folder, name);

	if (symlink(target.s, path.s) && errno != EEXIST)
		fail(path.s);
}

/* The first 64 bytes of the configuration space, which lspci reads. */
static void write_config_space(const char *folder, const struct kind *kind, bool is_multi,
			       unsigned secondary)
{
	uint8_t space[256] = {
		[0x00] = kind->vendor & 0xff,
		[0x01] = kind->vendor >> 8,
		[0x02] = kind->device & 0xff,
		[0x03] = kind->device >> 8,
		[0x04] = 0x06,
		[0x08] = 0x01,
		[0x09] = kind->class & 0xff,
		[0x0a] = kind->class >> 8 & 0xff,
		[0x0b] = kind->class >> 16 & 0xff,
		[0x0e] = (uint8_t)((secondary ? 1 : 0) | (is_multi ? 0x80 : 0)),
	};

	if (secondary) {
		space[0x19] = (uint8_t)secondary;
		space[0x1a] = (uint8_t)secondary;
	} else {
		space[0x2c] = kind->subsystem_vendor & 0xff;
		space[0x2d] = kind->subsystem_vendor >> 8;
		space[0x2e] = kind->subsystem_device & 0xff;
		space[0x2f] = kind->subsystem_device >> 8;
	}
	write_bytes(folder, "config", space, sizeof space);
}

static struct text modalias_of(const struct kind *kind)
{
	return format("pci:v%08Xd%08Xsv%08Xsd%08Xbc%02Xsc%02Xi%02X", kind->vendor,
		      kind->device, kind->subsystem_vendor, kind->subsystem_device,
		      kind->class >> 16 & 0xff, kind->class >> 8 & 0xff,
		      kind->class & 0xff);
}

static void write_attributes(const char *folder, struct address at,
			     const struct kind *kind)
{
	struct text modalias = modalias_of(kind);
	struct text resource = { "" };

	for (int i = 0; i < 13; i++)
		strcat(resource.s,
		       "0x0000000000000000 0x0000000000000000 0x0000000000000000\n");
	write_text(folder, "vendor", format("0x%04x\n", kind->vendor));
	write_text(folder, "device", format("0x%04x\n", kind->device));
	write_text(folder, "subsystem_vendor",
		   format("0x%04x\n", kind->subsystem_vendor));
	write_text(folder, "subsystem_device",
		   format("0x%04x\n", kind->subsystem_device));
	write_text(folder, "class", format("0x%06x\n", kind->class));
	write_text(folder, "revision", format("0x01\n"));
	write_text(folder, "irq", format("0\n"));
	write_text(folder, "enable", format("1\n"));
	write_text(folder, "numa_node", format("-1\n"));
	write_text(folder, "driver_override", format("(null)\n"));
	write_text(folder, "modalias", format("%s\n", modalias.s));
	write_text(folder, "resource", resource);
	write_text(
		folder, "uevent",
		format("%s%s%sPCI_CLASS=%X\nPCI_ID=%04X:%04X\nPCI_SUBSYS_ID=%04X:%04X\n"
		       "PCI_SLOT_NAME=%s\nMODALIAS=%s\n",
		       kind->driver ? "DRIVER=" : "", kind->driver ? kind->driver : "",
		       kind->driver ? "\n" : "", kind->class, kind->vendor, kind->device,
		       kind->subsystem_vendor, kind->subsystem_device, address_text(at).s,
		       modalias.s));
	if (kind->class >> 8 == 0x0300)
		write_text(folder, "boot_vga", format("0\n"));
}

/* The links to driver and group, and theirs back. */
static void write_links(const struct machine *machine, const char *folder, const char *up,
			const char *below, struct address at, const char *driver)
{
	struct text name = address_text(at);
	struct text group =
		format("%s/sys/kernel/iommu_groups/%u", machine->folder, machine->groups);

	make_folders(format("%s/devices", group.s));
	write_text(group.s, "type", format("DMA\n"));
	make_link(format("%s/devices", group.s).s, name.s,
		  format("../../../../devices/%s/%s", below, name.s));
	make_link(folder, "iommu_group",
		  format("%s/kernel/iommu_groups/%u", up, machine->groups));
	make_link(folder, "subsystem", format("%s/bus/pci", up));
	make_link(format("%s/sys/bus/pci/devices", machine->folder).s, name.s,
		  format("../../../devices/%s/%s", below, name.s));
	if (!driver)
		return;
	struct text driver_folder =
		format("%s/sys/bus/pci/drivers/%s", machine->folder, driver);

	make_folder(driver_folder.s);
	make_folder(format("%s/sys/module/%s", machine->folder, driver).s);
	make_link(driver_folder.s, "module", format("../../../../module/%s", driver));
	make_link(driver_folder.s, name.s,
		  format("../../../../devices/%s/%s", below, name.s));
	make_link(folder, "driver", format("%s/bus/pci/drivers/%s", up, driver));
}

/* One function; false when the machine has as many as it should. */
static bool add_function(struct machine *machine, const struct kind *kind,
			 struct place place)
{
	struct text below = format("pci%04x:00", place.at.domain);
	const char *up = "../../..";

	if (machine->made == machine->wanted)
		return false;
	if (place.has_port) {
		below = format("pci%04x:00/%s", place.at.domain,
			       address_text(place.port).s);
		up = "../../../..";
	}
	struct text folder = format("%s/sys/devices/%s/%s", machine->folder, below.s,
				    address_text(place.at).s);

	make_folders(folder);
	write_attributes(folder.s, place.at, kind);
	write_config_space(folder.s, kind, place.is_multi, place.secondary);
	if (place.is_virtual)
		make_link(folder.s, "physfn",
			  format("../%04x:%02x:00.0", place.at.domain, place.at.bus));
	write_links(machine, folder.s, up, below.s, place.at, kind->driver);
	machine->made++;
	return true;
}

/* A card behind a root port; its slot is one group, each virtual function another. */
static bool add_card(struct machine *machine, const struct card *card,
		     struct address port, unsigned bus)
{
	struct place place = {
		.at = { port.domain, bus, 0, 0 },
		.port = port,
		.has_port = true,
		.is_multi = card->functions[1].vendor,
	};

	machine->groups++;
	for (unsigned i = 0; i < 4 && card->functions[i].vendor; i++) {
		place.at.function = i;
		if (!add_function(machine, &card->functions[i], place))
			return false;
	}
	place.is_virtual = true;
	for (unsigned i = 0; i < card->n_virtual; i++) {
		machine->groups++;
		place.at.device = 2 + i / 8;
		place.at.function = i % 8;
		if (!add_function(machine, &card->virtual, place))
			return false;
	}
	return true;
}

/* Some cards of the last kind of graphics card: they have many twins. */
static void reserve(struct machine *machine, const struct card *card, unsigned domain,
		    unsigned bus)
{
	if (card != &cards[3] || bus < 4 || machine->reserved == RESERVED_MAX)
		return;
	fprintf(machine->config, "[device card%u]\naddress = %04x:%02x:00.0\n\n",
		machine->reserved++, domain, bus);
}

static bool add_domain(struct machine *machine, unsigned domain)
{
	machine->groups++;
	if (!add_function(machine, &host_bridge,
			  (struct place){ .at = { domain, 0, 0, 0 } }))
		return false;
	for (unsigned bus = 1; bus <= BUSES; bus++) {
		const struct card *card = &cards[(domain + bus) % N_CARDS];
		struct place port = {
			.at = { domain, 0, 1 + (bus - 1) / 8, (bus - 1) % 8 },
			.is_multi = true,
			.secondary = bus,
		};

		machine->groups++;
		if (!add_function(machine, &root_port, port) ||
		    !add_card(machine, card, port.at, bus))
			return false;
		reserve(machine, card, domain, bus);
	}
	return true;
}

/* What stands beside the functions. */
static void write_rest(const char *folder)
{
	struct text proc = format("%s/proc", folder);

	make_folders(format("%s/net", proc.s));
	make_folders(format("%s/self", proc.s));
	make_folders(format("%s/sys/class/iommu/dmar0", folder));
	write_text(proc.s, "cmdline",
		   format("root=/dev/vda1 ro intel_iommu=on iommu=pt\n"));
	write_text(proc.s, "version", format("Linux version 6.1.0-50-amd64 (bench)\n"));
	write_text(proc.s, "cpuinfo",
		   format("processor\t: 0\nvendor_id\t: GenuineIntel\n"));
	write_text(proc.s, "modules", format("igb 1 0 - Live 0x0\n"));
	write_text(proc.s, "interrupts", format(" 1: 0 IR-IO-APIC 1-edge i8042\n"));
	write_text(proc.s, "swaps", format("Filename Type Size Used Priority\n"));
	write_text(proc.s, "net/route", format("Iface\tDestination\tGateway\n"));
	write_text(proc.s, "self/mountinfo", format("1 0 0:1 / / rw - tmpfs tmpfs rw\n"));
	write_text(folder, "kernel.log", format("[    0.000000] Linux version 6.1.0\n"));
}

int main(int argc, char **argv)
{
	struct machine machine = { 0 };

	if (argc != 3 || (machine.wanted = atol(argv[1])) < 1) {
		fprintf(stderr, "usage: machine N DIR\n");
		return 2;
	}
	machine.folder = argv[2];
	make_folders(format("%s/sys/bus/pci/devices", machine.folder));
	make_folders(format("%s/sys/bus/pci/drivers", machine.folder));
	make_folders(format("%s/sys/module", machine.folder));
	machine.config = fopen(format("%s/bench.conf", machine.folder).s, "w");
	if (!machine.config)
		fail(machine.folder);
	for (unsigned domain = 0; add_domain(&machine, domain); domain++)
		;
	write_rest(machine.folder);
	return fclose(machine.config) ? 1 : 0;
}
