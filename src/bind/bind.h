/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How functions get to the reserving driver through sysfs, and back to their own if that
 * fails. First each one is reserved, which takes microseconds and keeps all other drivers
 * off it; then the driver is loaded, once; then each one is taken.
 */
#pragma once

#include "base/memory.h"
#include "bind/device.h"

/* Milliseconds. A step that hangs is given up; after `total`, what is not taken yet goes
 * back, and a step gets `late`: the whole ends, no matter what hangs. On the running
 * system `total` begins anew for going back. */
struct bind_limits {
	long write, load, total, late;
};
extern const struct bind_limits bind_limits; /* 5 s, 10 s, 30 s and 20 ms */

struct binder {
	const char *root;   /* Borrowed: "", or what stands before sys/ and sbin/. */
	const char *driver; /* Borrowed: as sysfs names it, 'vfio-pci'. */
	struct bind_limits limits;
	/* On the running system no other driver is on its way: what was free stays so. */
	bool is_live;
	long end;      /* by child_clock(), when `total` is over */
	char *trouble; /* why the driver cannot be had, or NULL */
};

enum binding_state {
	BINDING_NEW,
	BINDING_RESERVED, /* only the reserving driver can match it now */
	BINDING_BOUND,
	BINDING_ABSENT,
	BINDING_OTHER_IDENTITY, /* left alone; `found` is what it is */
	BINDING_HELD,		/* `holder` could not be unbound, for `reason` */
	BINDING_FAILED,		/* for `reason`; its own driver may have it again */
	BINDING_RETURNED,	/* was taken, and is as it was before */
	BINDING_STRANDED,	/* was taken, and could not be returned for `reason` */
};

struct binding {
	struct device device;
	struct identity_pattern expected;
	enum binding_state state;
	struct identity found;
	bool is_stuck;	/* a step did not return, and may still do what it was asked */
	char *former;	/* the driver that had it when it was reserved, or NULL */
	char *holder;	/* the driver that it was to be unbound from, or NULL */
	char *override; /* what was in 'driver_override' before, or NULL */
	char *reason;	/* or NULL */
};

/* From here on the time runs. */
void binder_start(struct binder *binder, const char *root, const char *driver,
		  const struct bind_limits *limits);

/* From BINDING_NEW to BINDING_RESERVED or to an end. */
void binding_reserve(struct binding *binding, const struct binder *binder);

/* Loads the driver where it is not there yet. */
void binder_load(struct binder *binder);

/* From BINDING_RESERVED to BINDING_BOUND or to another end. */
void binding_take(struct binding *binding, const struct binder *binder);

/* Undoes the two: whether the driver that had it before, or none, has it again. */
bool binding_return(struct binding *binding, const struct binder *binder);

void binding_free(struct binding *binding);
void binder_free(struct binder *binder);

#define cleanup_binder cleanup(binder_free)
