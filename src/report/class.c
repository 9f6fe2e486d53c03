/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/class.h"

#include <stddef.h>

/* pci_ids.h; a row with more bits in its mask stands before one with fewer. */
static const struct {
	uint32_t mask, class;
	const char *word;
} words[] = {
	{ 0xffff00, 0x010100, "ide" },	      { 0xffff00, 0x010400, "raid" },
	{ 0xffff00, 0x010600, "sata" },	      { 0xffff00, 0x010700, "sas" },
	{ 0xffff00, 0x010800, "nvme" },	      { 0xffff00, 0x020000, "ethernet" },
	{ 0xffff00, 0x020700, "infiniband" }, { 0xffff00, 0x040100, "audio" },
	{ 0xffff00, 0x040300, "audio" },      { 0xffff00, 0x060000, "host" },
	{ 0xffff00, 0x060100, "isa" },	      { 0xffff00, 0x060400, "bridge" },
	{ 0xffff00, 0x070000, "serial" },     { 0xffff00, 0x080600, "iommu" },
	{ 0xffff00, 0x0c0000, "firewire" },   { 0xffff00, 0x0c0300, "usb" },
	{ 0xffff00, 0x0c0400, "fibre" },      { 0xffff00, 0x0c0500, "smbus" },
	{ 0xff0000, 0x000000, "other" },      { 0xff0000, 0x010000, "storage" },
	{ 0xff0000, 0x020000, "network" },    { 0xff0000, 0x030000, "display" },
	{ 0xff0000, 0x040000, "multimedia" }, { 0xff0000, 0x050000, "memory" },
	{ 0xff0000, 0x060000, "bridge" },     { 0xff0000, 0x070000, "comm" },
	{ 0xff0000, 0x080000, "system" },     { 0xff0000, 0x090000, "input" },
	{ 0xff0000, 0x0a0000, "docking" },    { 0xff0000, 0x0b0000, "processor" },
	{ 0xff0000, 0x0c0000, "serial-bus" }, { 0xff0000, 0x0d0000, "wireless" },
	{ 0xff0000, 0x0e0000, "i2o" },	      { 0xff0000, 0x0f0000, "satellite" },
	{ 0xff0000, 0x100000, "encryption" }, { 0xff0000, 0x110000, "signal" },
	{ 0xff0000, 0x120000, "accel" },      { 0xff0000, 0x400000, "coproc" },
	{ 0xff0000, 0xff0000, "unassigned" },
};

const char *class_word(uint32_t class)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if ((class & words[i].mask) == words[i].class)
			return words[i].word;
	return "-";
}
