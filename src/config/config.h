/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the administrator asked for, with the line that asked it.
 *
 * iniparser reads the values. It keeps no positions and lets a repeated key win in
 * silence, so a line index beside it (config/lines.h) gives every diagnostic its
 * file:line and finds what is repeated, unknown or no entry at all.
 */
#pragma once

#include "base/bdf.h"
#include "base/finding.h"
#include "base/identity.h"
#include "base/memory.h"
#include "base/strings.h"

#include <stdbool.h>
#include <stddef.h>

enum { CONFIG_SIZE_MAX = 1024 * 1024 };

enum claim { CLAIM_AUTO, CLAIM_ID, CLAIM_SUBSYSTEM, CLAIM_ADDRESS };
enum iommu_request { IOMMU_ON, IOMMU_PT, IOMMU_LEAVE };
enum functions_request { FUNCTIONS_ALL, FUNCTIONS_LISTED };

const char *claim_name(enum claim claim);

/* One `[device NAME]`. Of each list, at least one has an element. */
struct device_rule {
	char *name;
	char *where; /* 'FILE:LINE' of the section */
	struct bdf *addresses;
	size_t n_addresses;
	struct strings paths; /* canonical: '0000:00:03.1/00.0' */
	struct identity_pattern *ids;
	size_t n_ids;
	char *where_address, *where_path, *where_id; /* of the keys, or NULL */
	enum functions_request functions;
	enum claim claim;
	char *where_claim;    /* of the key, or NULL */
	struct strings allow; /* refusal codes; all known to config_refusals */
};

struct config {
	char *driver;	    /* as sysfs names it: 'vfio-pci' */
	char *where_driver; /* or NULL */
	enum iommu_request iommu;
	struct strings initramfs;  /* empty: auto; 'none' stands alone */
	struct strings bootloader; /* the same */
	bool fallback_entry;
	bool forensic; /* for one plan, by option: the log shall prove who came first */
	struct device_rule *devices;
	size_t n_devices;
};

/* One file, already read: the bytes, the name for diagnostics, and a path (a sealed copy,
 * such as '/proc/self/fd/N') at which iniparser finds the same bytes. */
struct config_source {
	const char *name;
	const char *bytes;
	size_t n;
	const char *path;
};

/*
 * Reads the sources in order into *ret. A later file may replace a key of [vfio-bootcfg]
 * that an earlier one gave; a device is described once. Every fault of every file is
 * added to *findings; *ret is usable only when none of them is an error.
 */
void config_parse(const struct config_source *sources, size_t n_sources,
		  struct config *ret, struct findings *findings);
void config_free(struct config *config);

/* 1 to 64 of A-Z a-z 0-9 . _ -, of which '.' and '-' do not come first. */
bool name_fits_device(const char *name);

/* The refusals that `allow` may name, sorted. */
extern const char *const config_refusals[];
extern const size_t config_n_refusals;

/* The keys, for the manual page and for completion: one row a key. */
struct config_key {
	const char *section; /* 'vfio-bootcfg' or 'device' */
	const char *name;
	const char *values;   /* 'on | pt | leave' */
	const char *standard; /* the default, or '' */
	const char *help;
};
extern const struct config_key config_keys[];
extern const size_t config_n_keys;

#define cleanup_config cleanup(config_free)
