/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the bytes of a function's configuration space say (PCI Local Bus 3.0, 6.1). */
#pragma once

#include "facts/function.h"
#include "probe/libpci.h"

/* The buses that a bridge leads to; all 0 where it is none. */
struct dump_buses {
	uint8_t secondary, subordinate;
};

/* A function and its place in a topology that only its neighbours tell. */
struct dumped {
	struct function function;
	struct dump_buses buses;
	bool is_on_root_bus; /* by its own word: a host bridge, a root port */
};

/* False where the dump holds too few bytes of it, or nobody answered. */
bool dump_read_config(struct pci_dev *device, struct dumped *ret);
