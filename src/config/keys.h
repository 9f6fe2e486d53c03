/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of config_keys, and what each of them does to a configuration. */
#pragma once

#include "config/config.h"
#include "config/faults.h"

enum {
	KEY_DRIVER,
	KEY_IOMMU,
	KEY_INITRAMFS,
	KEY_BOOTLOADER,
	KEY_FALLBACK_ENTRY,
	KEY_ADDRESS,
	KEY_PATH,
	KEY_ID,
	KEY_FUNCTIONS,
	KEY_CLAIM,
	KEY_ALLOW,
	KEYS,
};

/* The row of `name`, whatever its case, or NULL. */
const struct config_key *key_find(const char *section, const char *name);

/* The names of a section's keys. The caller frees them. */
struct strings key_names(const char *section);

/* A key that is given a value. */
struct setting {
	const struct config_key *key;
	const char *value;
	const char *where; /* 'FILE:LINE'; NULL: it is the default */
	struct config *config;
	struct device_rule *device; /* for the keys of a device section */
	struct faults *faults;
};

/* Replaces what the key had; a value that is none is a fault. */
void setting_apply(const struct setting *setting);

/* Gives every key of `section` its default. */
void setting_apply_defaults(const char *section, struct config *config,
			    struct device_rule *device, struct faults *faults);
