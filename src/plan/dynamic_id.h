/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One entry of `ids=`, as vfio-pci and pci-stub read it. */
#pragma once

#include "facts/function.h"

struct dynamic_id {
	unsigned vendor, device, subvendor, subdevice; /* UINT_MAX: any */
	unsigned class, class_mask;
};

/* False for what the kernel skips as an invalid id. */
bool dynamic_id_parse(const char *text, struct dynamic_id *ret);
bool dynamic_id_takes(const struct dynamic_id *id, const struct function *function);

/* Whether it takes every function of an identity, whatever its class. */
bool dynamic_id_covers(const struct dynamic_id *id,
		       const struct identity_pattern *pattern);
