/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/dump_config.h"

enum { HEADER_SIZE = 64 };

static uint16_t word_at(const uint8_t *bytes, size_t at)
{
	return (uint16_t)(bytes[at] | bytes[at + 1] << 8);
}

static struct identity subsystem_at(struct identity id, struct pci_dev *device, int at)
{
	uint8_t bytes[4];

	if (pci_read_block(device, at, bytes, sizeof bytes)) {
		id.subsystem_vendor = word_at(bytes, 0);
		id.subsystem_device = word_at(bytes, 2);
	}
	return id;
}

/* Where the kernel takes it from (drivers/pci/probe.c, pci_setup_device): a bridge has it
 * in a capability, or none. */
static struct identity identity_of(struct pci_dev *device, const uint8_t *header)
{
	const struct identity id = { word_at(header, PCI_VENDOR_ID),
				     word_at(header, PCI_DEVICE_ID), 0, 0 };
	const struct pci_cap *ssvid;

	switch (header[PCI_HEADER_TYPE] & 0x7f) {
	case PCI_HEADER_TYPE_NORMAL:
		return subsystem_at(id, device, PCI_SUBSYSTEM_VENDOR_ID);
	case PCI_HEADER_TYPE_CARDBUS:
		return subsystem_at(id, device, PCI_CB_SUBSYSTEM_VENDOR_ID);
	case PCI_HEADER_TYPE_BRIDGE:
		ssvid = pci_find_cap(device, PCI_CAP_ID_SSVID, PCI_CAP_NORMAL);
		return ssvid ? subsystem_at(id, device,
					    (int)ssvid->addr + PCI_SSVID_VENDOR)
			     : id;
	}
	return id;
}

/* Host bridges, root ports, and what is integrated into the root complex stand nowhere
 * else. */
static bool is_on_root_bus(struct pci_dev *device, const struct function *function)
{
	const struct pci_cap *express =
		pci_find_cap(device, PCI_CAP_ID_EXP, PCI_CAP_NORMAL);
	uint8_t flags[2];

	if (function->class >> 8 == PCI_CLASS_BRIDGE_HOST)
		return true;
	if (!express ||
	    !pci_read_block(device, (int)express->addr + PCI_EXP_FLAGS, flags, 2))
		return false;
	switch ((word_at(flags, 0) & PCI_EXP_FLAGS_TYPE) >> 4) {
	case PCI_EXP_TYPE_ROOT_PORT:
	case PCI_EXP_TYPE_ROOT_INT_EP:
	case PCI_EXP_TYPE_ROOT_EC:
		return true;
	}
	return false;
}

bool dump_read_config(struct pci_dev *device, struct dumped *ret)
{
	uint8_t header[HEADER_SIZE];
	struct function function = {
		.bdf = { (uint32_t)device->domain, device->bus, device->dev,
			 device->func },
		.iommu_group = NO_GROUP,
	};

	if (!pci_read_block(device, 0, header, sizeof header) ||
	    word_at(header, PCI_VENDOR_ID) == 0xffff)
		return false;
	function.id = identity_of(device, header);
	function.class = (uint32_t)(header[PCI_CLASS_PROG] |
				    word_at(header, PCI_CLASS_DEVICE) << 8);
	function.header_type = header[PCI_HEADER_TYPE] & 0x7f;
	*ret = (struct dumped){ .function = function };
	ret->is_on_root_bus = is_on_root_bus(device, &function);
	/* The same two bytes in both kinds of bridge. */
	if (function_is_bridge(&function))
		ret->buses = (struct dump_buses){ header[PCI_SECONDARY_BUS],
						  header[PCI_SUBORDINATE_BUS] };
	return true;
}
