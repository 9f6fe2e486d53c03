/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The program defines child_write(), child_run() and child_clock() itself, so that the
 * linker leaves out those of the room: what binding asks of the kernel ends here, where a
 * few lines do in the files what the kernel would do, and write it down.
 */
#pragma once

#include "bind/child.h"
#include "bind/device.h"
#include "unit/bind/fake_sysfs.h"
#include "unit/check.h"

enum reaction { OBEYS, REFUSES, HANGS, WAITS, VANISHES, LETS_GO };

/* How the kernel behaves in this test, and what it was asked to do. */
static struct {
	enum reaction unbind, probe, load, override;
	bool has_native; /* 'radeon' takes what it may take */
	bool native_hangs;
	long native_takes; /* this long; with less, it is left in the middle of its probe
			    */
	const char *only;  /* the address that this is about, or NULL: all */
	long now;
	char trace[1024];
} kernel;

static void trace(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void trace(const char *format, ...)
{
	size_t n = strlen(kernel.trace);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(kernel.trace + n, sizeof kernel.trace - n, format, arguments);
	va_end(arguments);
}

static int react(enum reaction reaction, const char *address, long limit)
{
	if (kernel.only && strcmp(address, kernel.only) != 0)
		return 0;
	switch (reaction) {
	case OBEYS:
		break;
	case REFUSES:
		return -EBUSY;
	case HANGS:
		fake_hold(address, NULL); /* the link goes first */
		kernel.now += limit;
		return -ETIME;
	case WAITS:
		kernel.now += limit;
		return -ETIME;
	case VANISHES:
		unlink(fake_path("sys/bus/pci/devices/%s/vendor", address));
		fake_hold(address, NULL);
		return -ENODEV;
	case LETS_GO:
		fake_hold(address, NULL);
		return -ENODEV;
	}
	return 0;
}

static struct bdf fake_bdf(const char *address)
{
	struct bdf bdf;

	assert_true(bdf_parse(address, &bdf));
	return bdf;
}

static int kernel_probe(const char *address, long limit)
{
	const struct device device = { fake_root, fake_bdf(address) };
	cleanup_free char *driver = device_override(&device);
	int r;

	trace("probe\n");
	if (!device_is_present(&device))
		return -ENODEV;
	if (!driver || strcmp(driver, "radeon") == 0) {
		if (kernel.has_native)
			fake_hold(address, "radeon");
		if (limit < kernel.native_takes)
			return -ETIME;
		return kernel.native_hangs ? react(WAITS, address, limit) : 0;
	}
	r = react(kernel.probe, address, limit);
	if (r == -ETIME && kernel.probe == HANGS)
		fake_hold(address,
			  driver); /* the link comes before the driver is asked */
	/* Kernels return 0 for a probe that failed: the tests shall not depend on it. */
	if (r < 0)
		return r == -EBUSY ? 0 : r;
	if (access(fake_path("sys/bus/pci/drivers/%s", driver), F_OK) == 0)
		fake_hold(address, driver);
	return 0;
}

/* 'unbind' of the driver that holds it, through the link of the device. */
static int kernel_unbind(const char *address, long limit)
{
	int r;

	trace("unbind\n");
	r = react(kernel.unbind, address, limit);
	if (r == 0)
		fake_hold(address, NULL);
	return r;
}

/* 'ROOT/sys/bus/pci/devices/ADDRESS/driver_override' */
static int kernel_override(const char *path, const char *text, long limit)
{
	cleanup_free char *folder = xstrndup(path, (size_t)(strrchr(path, '/') - path));
	int r;

	assert_string_equal(strrchr(path, '/') + 1, "driver_override");
	trace("override=%s\n", *text == '\n' ? "" : text);
	r = react(kernel.override, strrchr(folder, '/') + 1, limit);
	if (r == 0)
		fake_file(path, *text == '\n' ? "(null)\n" : text, 0644);
	return r;
}

long child_clock(void)
{
	return kernel.now;
}

int child_write(const char *path, const char *text, long limit)
{
	const char *name = strrchr(path, '/') + 1;

	if (strcmp(name, "drivers_probe") == 0)
		return kernel_probe(text, limit);
	if (strcmp(name, "unbind") == 0)
		return kernel_unbind(text, limit);
	return kernel_override(path, text, limit);
}

int child_run(const char *const argv[], long limit)
{
	int r;

	assert_string_equal(argv[0], fake_path("sbin/modprobe"));
	assert_null(argv[2]);
	trace("load %s\n", argv[1]);
	r = react(kernel.load, "", limit);
	if (r == 0)
		fake_folder(fake_path("sys/bus/pci/drivers/%s", argv[1]));
	return r == -EBUSY ? 1 : r;
}

/* The driver that holds it; it lives until the next call. */
static const char *holder_of(const char *address)
{
	static char *driver;
	const struct device device = { fake_root, fake_bdf(address) };

	free(driver);
	driver = device_driver(&device);
	return driver ? driver : "(none)";
}

static int fake_kernel_start(void **state)
{
	memset(&kernel, 0, sizeof kernel);
	fake_start(state);
	fake_file(fake_path("sbin/modprobe"), "", 0755);
	return 0;
}
