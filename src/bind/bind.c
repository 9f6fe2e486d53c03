/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bind/bind.h"

#include "bind/child.h"
#include "bind/module.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct bind_limits bind_limits = { 5000, 10000, 30000, 20 };

void binder_start(struct binder *binder, const char *root, const char *driver,
		  const struct bind_limits *limits)
{
	*binder = (struct binder){
		.root = root,
		.driver = driver,
		.limits = *limits,
		.end = child_clock() + limits->total,
	};
}

static bool is_late(const struct binder *binder)
{
	return child_clock() >= binder->end;
}

static long limited(const struct binder *binder, long limit)
{
	long left = binder->end - child_clock();

	if (left < binder->limits.late)
		return binder->limits.late;
	return left < limit ? left : limit;
}

static const char *error_text(int error)
{
	return error == -ETIME ? "it did not return in time" : strerror(-error);
}

static int binding_write(struct binding *binding, const struct binder *binder,
			 const char *name, const char *text)
{
	int r = device_write(&binding->device, name, text,
			     limited(binder, binder->limits.write));

	binding->is_stuck |= r == -ETIME;
	return r;
}

static int binding_probe(struct binding *binding, const struct binder *binder)
{
	int r = device_probe(&binding->device, limited(binder, binder->limits.write));

	binding->is_stuck |= r == -ETIME;
	return r;
}

/* A device that vanished in between explains every failure. */
__attribute__((format(printf, 3, 4))) static void
conclude(struct binding *binding, enum binding_state state, const char *reason, ...)
{
	va_list arguments;

	binding->state = device_is_present(&binding->device) ? state : BINDING_ABSENT;
	va_start(arguments, reason);
	binding->reason = xvasprintf(reason, arguments);
	va_end(arguments);
}

/*
 * Gives a function back to its own driver, by name: without that, the first one that
 * matches would take it. Not after a step that hangs: that one has the device's lock, for
 * which the write would wait, too; and as soon as another driver can match, whoever loads
 * it waits for the lock (drivers/base/dd.c, __driver_attach).
 */
static void give_back(struct binding *binding, const struct binder *binder)
{
	cleanup_free char *now = device_driver(&binding->device);
	const char *former = now ? NULL : binding->holder;

	if (former) {
		binding_write(binding, binder, "driver_override", former);
		if (!binding->is_stuck)
			binding_probe(binding, binder);
	}
	if (!binding->is_stuck)
		binding_write(binding, binder, "driver_override",
			      binding->override ? binding->override : "\n");
	if (!binding->is_stuck && !now && !former && !binder->is_live)
		binding_probe(binding, binder);
}

static void write_override(struct binding *binding, const struct binder *binder)
{
	int r;

	binding->former = device_driver(&binding->device);
	binding->override = device_override(&binding->device);
	r = binding_write(binding, binder, "driver_override", binder->driver);
	if (r < 0)
		conclude(binding, BINDING_FAILED,
			 "'driver_override' could not be written: %s", error_text(r));
	else
		binding->state = BINDING_RESERVED;
}

void binding_reserve(struct binding *binding, const struct binder *binder)
{
	int r = device_read_identity(&binding->device, &binding->found);

	if (r < 0)
		conclude(binding, BINDING_FAILED, "its identity could not be read: %s",
			 error_text(r));
	else if (!identity_matches(binding->found, &binding->expected))
		binding->state = BINDING_OTHER_IDENTITY;
	else if (device_is_held_by(&binding->device, binder->driver))
		binding->state = BINDING_BOUND;
	else if (is_late(binder))
		conclude(binding, BINDING_FAILED, "no time was left");
	else
		write_override(binding, binder);
}

static bool is_registered(const struct binder *binder)
{
	cleanup_free char *path =
		xasprintf("%s/sys/bus/pci/drivers/%s", binder->root, binder->driver);

	return access(path, F_OK) == 0;
}

void binder_load(struct binder *binder)
{
	const char *driver = binder->driver;
	int r;

	if (is_registered(binder))
		return;
	r = module_load(binder->root, driver, limited(binder, binder->limits.load));
	if (is_registered(binder))
		return;
	if (r == -ENOENT)
		binder->trouble = xasprintf("there is no modprobe to load '%s'", driver);
	else if (r < 0)
		binder->trouble =
			xasprintf("'modprobe %s' failed: %s", driver, error_text(r));
	else
		binder->trouble = xasprintf(
			"'modprobe %s' ended with status %d, and there is no such driver",
			driver, r);
}

/* Whether no other driver holds it any more. */
static bool unbind(struct binding *binding, const struct binder *binder)
{
	cleanup_free char *holder = NULL;
	int r;

	binding->holder = device_driver(&binding->device);
	if (!binding->holder)
		return true;
	r = binding_write(binding, binder, "driver/unbind",
			  bdf_text(binding->device.bdf).s);
	if (r == 0)
		return true;
	/* -ENODEV: it was let go of in between (drivers/base/bus.c, unbind_store). But a
	 * driver that hangs has lost its link before (drivers/base/dd.c,
	 * __device_release_driver), and whatever is asked next hangs, too. */
	holder = device_driver(&binding->device);
	if (!holder && r != -ETIME)
		return true;
	if (r != -ETIME)
		give_back(binding, binder);
	conclude(binding, BINDING_HELD, "%s", error_text(r));
	return false;
}

static void refuse(struct binding *binding, const struct binder *binder)
{
	bool has_group = device_has(&binding->device, "iommu_group");

	give_back(binding, binder);
	conclude(binding, BINDING_FAILED, "'%s' did not take it%s", binder->driver,
		 has_group ? "" : ", and it has no IOMMU group");
}

void binding_take(struct binding *binding, const struct binder *binder)
{
	int r;

	if (device_is_held_by(&binding->device, binder->driver)) {
		binding->state = BINDING_BOUND; /* when the driver was loaded */
		return;
	}
	if (binder->trouble || is_late(binder)) {
		give_back(binding, binder);
		conclude(binding, BINDING_FAILED, "%s",
			 binder->trouble ? binder->trouble : "no time was left");
		return;
	}
	if (!unbind(binding, binder))
		return;
	/* What the write returns differs by kernel, and is 0 where no driver took it, too
	 * (drivers/base/bus.c, bus_rescan_devices_helper): the link decides. But it is
	 * made before the driver is asked (drivers/base/dd.c, really_probe), and says
	 * nothing of one that hangs. */
	r = binding_probe(binding, binder);
	if (r == -ETIME)
		conclude(binding, BINDING_FAILED,
			 "the probe by '%s' did not return in time", binder->driver);
	else if (device_is_held_by(&binding->device, binder->driver))
		binding->state = BINDING_BOUND;
	else
		refuse(binding, binder);
}

/* Whether it is as it was; a driver that hangs in its probe has the link already. */
static bool is_returned(const struct binding *binding)
{
	const char *before = binding->holder ? binding->holder : binding->former;
	cleanup_free char *now = device_driver(&binding->device);

	if (binding->is_stuck)
		return false;
	return before ? now && strcmp(now, before) == 0 : !now;
}

bool binding_return(struct binding *binding, const struct binder *binder)
{
	int r = 0;

	if (device_is_held_by(&binding->device, binder->driver))
		r = binding_write(binding, binder, "driver/unbind",
				  bdf_text(binding->device.bdf).s);
	if (!binding->is_stuck)
		give_back(binding, binder);
	free(binding->reason);
	binding->reason = NULL;
	if (is_returned(binding)) {
		binding->state = BINDING_RETURNED;
		return true;
	}
	if (binding->is_stuck)
		r = -ETIME;
	conclude(binding, BINDING_STRANDED, "%s",
		 r < 0 ? error_text(r) : "its driver did not take it");
	return false;
}

void binding_free(struct binding *binding)
{
	free(binding->former);
	free(binding->holder);
	free(binding->override);
	free(binding->reason);
	*binding = (struct binding){ 0 };
}

void binder_free(struct binder *binder)
{
	free(binder->trouble);
	*binder = (struct binder){ 0 };
}
