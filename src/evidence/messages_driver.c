/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who has, had or wanted a function. What dev_printk() prints as 'driver address: …' is
 * found without a row (evidence/prefix.h); these are the wordings that name it elsewhere.
 */
#include "evidence/messages.h"

static const struct message rows[] = {
	{ MESSAGE_FUNCTION, "pci %b: [%i] type %x class ", "4.4..7.2",
	  "the PCI core found the function", "6.12:drivers/pci/probe.c" },
	{ MESSAGE_PROBE_FAILED, "%D: probe of %b failed with error -%e", "4.4..6.8",
	  "the driver refused the function", "6.8:drivers/base/dd.c:654" },
	{ MESSAGE_PROBE_FAILED, "%w %b: probe with driver %D failed with error -%e",
	  "6.11..7.2", "the driver refused the function", "7.2:drivers/base/dd.c:644" },
	{ MESSAGE_CLAIMED, "vfio-bootcfg: %b: bound to %D", "all",
	  "the early binder saw that the driver has the function", "src/early" },
	{ MESSAGE_EARLY, "vfio-bootcfg: %b: held by %D,", "all",
	  "the early binder could not take the function from a host driver",
	  "src/early" },
	{ MESSAGE_EARLY, "vfio-bootcfg: %b: left alone: identity is %i", "all",
	  "the early binder found another device at the address", "src/early" },
	{ MESSAGE_EARLY, "vfio-bootcfg: %b: ", "all",
	  "the early binder did not bind the function", "src/early" },
	{ MESSAGE_EARLY, "vfio-bootcfg: ", "all", "a word of the early binder",
	  "src/early" },

	/* With dyndbg="file drivers/base/dd.c +p". */
	{ MESSAGE_PROBING, "bus: 'pci': really_probe: probing driver %D with device %b",
	  "4.4..6.8", "the driver's probe of the function begins",
	  "6.8:drivers/base/dd.c:682" },
	{ MESSAGE_PROBING,
	  "%w %b: bus: 'pci': really_probe: probing driver %D with device", "6.11..7.2",
	  "the driver's probe of the function begins", "7.2:drivers/base/dd.c:672" },
	{ MESSAGE_CLAIMED, "bus: 'pci': really_probe: bound device %b to driver %D",
	  "4.4..6.8", "the driver has the function", "6.8:drivers/base/dd.c:768" },
	{ MESSAGE_CLAIMED, "%w %b: bus: 'pci': really_probe: bound device to driver %D",
	  "6.11..7.2", "the driver has the function", "7.2:drivers/base/dd.c:757" },
	/* With initcall_debug; the driver is not named. */
	{ MESSAGE_PROBING, "probe of %b returned %n after ", "5.4..7.2",
	  "a probe of the function ended", "7.2:drivers/base/dd.c:793" },

	{ MESSAGE_CLAIMED, "%{nvme} %w: pci function %b", "4.15..7.2",
	  "nvme has the function", "7.2:drivers/nvme/host/pci.c:3770" },
	{ MESSAGE_CLAIMED, "[drm] Initialized %D %*for %b on minor ", "4.15..7.2",
	  "a graphics driver has the function", "7.2:drivers/gpu/drm/drm_drv.c:1118" },
	{ MESSAGE_CLAIMED, "NVRM: GPU %b is already bound to %D.", "nvidia",
	  "the nvidia module came and found the function taken", "out of tree" },
	/* A child of the function, so some driver of the host has it. */
	{ MESSAGE_CLAIMED, "input: %*/%b/sound/", "4.4..7.2",
	  "a sound driver of the host has the function", "drivers/input/input.c" },
	{ MESSAGE_CLAIMED, "input: %*/%b/usb%n/", "4.4..7.2",
	  "a USB driver of the host has the function", "drivers/input/input.c" },
	{ MESSAGE_CLAIMED, "input: %*/%b/virtio%n/", "4.4..7.2",
	  "a virtio driver of the host has the function", "drivers/input/input.c" },
};

const struct message_list messages_of_driver = { rows, sizeof rows / sizeof *rows };
