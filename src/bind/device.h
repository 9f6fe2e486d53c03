/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One PCI function as sysfs shows it. */
#pragma once

#include "base/bdf.h"
#include "base/identity.h"

#include <stdbool.h>

struct device {
	const char *root; /* Borrowed: "", or what stands before sys/. */
	struct bdf bdf;
};

bool device_is_present(const struct device *device);
bool device_has(const struct device *device, const char *name);

/* 0 or a negative errno. */
int device_read_identity(const struct device *device, struct identity *ret);

/* The driver that holds it, or NULL. The caller frees it. */
char *device_driver(const struct device *device);
/* What 'driver_override' holds, or NULL where it is unset. The caller frees it. */
char *device_override(const struct device *device);
bool device_is_held_by(const struct device *device, const char *driver);

/* Both as child_write(). The kernel takes the device's lock in each. */
int device_write(const struct device *device, const char *name, const char *text,
		 long limit);
int device_probe(const struct device *device, long limit);
