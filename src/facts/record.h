/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the last generate reserved, as it is kept with the files it wrote: it lets a later
 * run see that a device has moved, although the configuration names only an address, and
 * which built-in drivers took the devices before: no index of a kernel before 7 names
 * them; and where the twins were, which an id alone does not tell from a device that has
 * moved.
 */
#pragma once

#include "base/bdf.h"
#include "base/finding.h"
#include "base/identity.h"
#include "base/memory.h"

#include <stddef.h>

#define RECORD_PATH "/var/lib/vfio-bootcfg/reservation"

struct record_target {
	char *name; /* of the device section */
	struct bdf bdf;
	struct identity id;
	char *path; /* by topology, of a target that had twins; or NULL */
};
/* A function that the host kept, with the vendor:device of a target. */
struct record_twin {
	struct bdf bdf;
	struct identity id;
};
struct record_builtin {
	char *module;
	struct identity id; /* that of a function which it held */
};
struct record {
	struct record_target *v;
	size_t n;
	struct record_twin *twins;
	size_t n_twins;
	struct record_builtin *builtins;
	size_t n_builtins;
};

/* Reads 'target NAME ADDRESS VVVV:DDDD:SVVV:SDDD', below it 'path ADDRESS PATH', 'twin
 * ADDRESS VVVV:DDDD:SVVV:SDDD' and 'builtin MODULE VVVV:DDDD:SVVV:SDDD' lines; '#' begins
 * a comment line. */
void record_parse(const char *text, const char *name, struct record *ret,
		  struct findings *findings);
/* The text that record_parse() reads. The caller frees it. */
char *record_format(const struct record *record);
void record_free(struct record *record);

#define cleanup_record cleanup(record_free)
