/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The PCI functions of a machine. */
#pragma once

#include "base/bdf.h"
#include "base/identity.h"
#include "base/strings.h"
#include "base/tristate.h"

#include <stddef.h>

enum { FUNCTIONS_MAX = 65536, NO_GROUP = -1 };

struct function {
	struct bdf bdf;
	struct identity id;
	uint32_t class;	     /* 24 bits, as in sysfs: 0x030000 is VGA */
	uint8_t header_type; /* 0 device, 1 PCI bridge, 2 CardBus */
	char *path; /* by topology, '0000:00:03.1/00.0'; NULL where it is unknown */
	char *description;     /* from pci.ids; never NULL */
	char *driver;	       /* as sysfs names it, or NULL */
	char *driver_module;   /* that driver's module, or NULL where none or built in */
	char *builtin_module;  /* of a built-in driver, where sysfs names it, or NULL */
	char *driver_override; /* or NULL */
	int iommu_group;       /* or NO_GROUP */
	enum tristate is_boot_display;	    /* sysfs boot_vga */
	enum tristate has_connected_output; /* a DRM connector with a screen */
	enum tristate is_express; /* else conventional PCI, or within the chipset */
	bool is_virtual_function;
	bool is_removable;	    /* by whoever uses the machine: Thunderbolt, USB4 */
	size_t n_virtual_functions; /* that it has made */
	char *reset_method; /* 'flr pm', in the kernel's order; NULL: no file says */
	char *framebuffer;  /* of the firmware's, in one of its BARs: 'efifb', or NULL */
	/* Whether firmware keeps memory mapped for its group: 'direct' in the group's
	 * reserved_regions. */
	bool has_direct_region;
	struct strings
		uses; /* what would be lost with it: '/', 'swap', 'default route' */
};

/* Sorted by address, with the orders in which it is searched. */
struct functions {
	struct function *v;
	size_t n;
	size_t *by_identity; /* indices, by identity and then address */
	size_t *by_group;    /* indices, by group and then address */
	size_t *by_path;     /* indices, by path; those without one first */
};

/* Sorts and indexes; call it once after all are added. */
void functions_index(struct functions *functions);
void functions_free(struct functions *functions);
void function_free(struct function *function);

/* NULL where there is none. Borrowed from *functions. */
const struct function *functions_at(const struct functions *functions, struct bdf bdf);
const struct function *functions_at_path(const struct functions *functions,
					 const char *path);

/* A run of by_identity or by_group. */
struct function_run {
	const size_t *v;
	size_t n;
};
struct function_run functions_with_device(const struct functions *functions,
					  struct identity id); /* same vendor:device */
/* NO_GROUP is no group: the run is empty. */
struct function_run functions_in_group(const struct functions *functions, int group);

bool function_is_display(const struct function *function);
/* By header type, as VFIO judges it (v5.15 drivers/vfio/vfio.c, vfio_dev_driver_allowed):
 * a host bridge is an ordinary function. */
bool function_is_bridge(const struct function *function);

/* As the kernel composes it (drivers/pci/pci-sysfs.c, modalias_show). The caller frees
 * it. */
char *function_modalias(const struct function *function);
