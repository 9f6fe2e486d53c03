/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "early/early.h"

#include "base/cmdline.h"
#include "bind/bind.h"
#include "early/entries.h"
#include "early/kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	CMDLINE_MAX = 1024 * 1024, /* the kernel's own limit is 4096 or less */
	DRIVER_NAME_MAX = 55,
};

/* The whole file, NUL-terminated, or NULL with errno. The caller frees it. */
static char *read_text(const char *path, size_t limit)
{
	cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	cleanup_free char *text = NULL;
	size_t n = 0;

	if (fd < 0)
		return NULL;
	for (size_t room = 4096; room <= limit; room *= 2) {
		text = xreallocarray(text, room + 1, 1);
		while (n < room) {
			ssize_t got = read(fd, text + n, room - n);

			if (got < 0)
				return NULL;
			if (got == 0) {
				text[n] = '\0';
				return steal_ptr(text);
			}
			n += (size_t)got;
		}
	}
	errno = EFBIG;
	return NULL;
}

static void report_malformed(const char *root, const struct entries *entries)
{
	for (size_t i = 0; i < entries->n_malformed && i < MALFORMED_SHOWN; i++)
		kmsg_print(
			root, KMSG_WARNING,
			"skipped '%.*s' in 'vfio_bootcfg.devices': expected 'ADDRESS=VVVV:DDDD:SVVV:SDDD'",
			(int)(entries->malformed[i].n < 64 ? entries->malformed[i].n
							   : 64),
			entries->malformed[i].text);
	if (entries->n_malformed > MALFORMED_SHOWN)
		kmsg_print(root, KMSG_WARNING, "skipped %zu more like that",
			   entries->n_malformed - MALFORMED_SHOWN);
}

/* The wording is an interface: `verify` reads these lines. */
static void report_binding(const struct binder *binder, const struct binding *binding)
{
	struct bdf_text address = bdf_text(binding->device.bdf);

	if (binding->holder && binding->state != BINDING_HELD)
		kmsg_print(binder->root, KMSG_NOTICE, "%s: unbound from %s", address.s,
			   binding->holder);
	switch (binding->state) {
	case BINDING_NEW:
	case BINDING_RESERVED:
	case BINDING_RETURNED:
	case BINDING_STRANDED:
		break;
	case BINDING_BOUND:
		kmsg_print(binder->root, KMSG_INFO, "%s: bound to %s", address.s,
			   binder->driver);
		break;
	case BINDING_ABSENT:
		kmsg_print(binder->root, KMSG_WARNING, "%s: not present", address.s);
		break;
	case BINDING_OTHER_IDENTITY:
		kmsg_print(binder->root, KMSG_WARNING,
			   "%s: left alone: identity is %s, expected %s", address.s,
			   identity_text(binding->found).s,
			   identity_pattern_text(&binding->expected).s);
		break;
	case BINDING_HELD:
		kmsg_print(binder->root, KMSG_WARNING,
			   "%s: held by %s, could not be unbound: %s", address.s,
			   binding->holder, binding->reason);
		break;
	case BINDING_FAILED:
		kmsg_print(binder->root, KMSG_WARNING, "%s: not bound: %s", address.s,
			   binding->reason);
		break;
	}
}

static void bind_entries(const char *root, const char *driver,
			 const struct entries *entries)
{
	cleanup_free struct binding *bindings = xcalloc(entries->n, sizeof *bindings);
	cleanup_binder struct binder binder;
	bool is_any_reserved = false;

	binder_start(&binder, root, driver, &bind_limits);
	for (size_t i = 0; i < entries->n; i++) {
		bindings[i].device = (struct device){ root, entries->v[i].bdf };
		bindings[i].expected = entries->v[i].id;
		binding_reserve(&bindings[i], &binder);
		is_any_reserved |= bindings[i].state == BINDING_RESERVED;
	}
	if (is_any_reserved)
		binder_load(&binder);
	for (size_t i = 0; i < entries->n; i++) {
		if (bindings[i].state == BINDING_RESERVED)
			binding_take(&bindings[i], &binder);
		report_binding(&binder, &bindings[i]);
		binding_free(&bindings[i]);
	}
}

/* It becomes a path and an argument. */
static bool is_driver_name(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				"0123456789_-");

	return n && n <= DRIVER_NAME_MAX && !name[n] && *name != '-';
}

static bool is_off(const char *root, const struct cmdline *cmdline)
{
	const char *value = cmdline_value(cmdline, "vfio_bootcfg");

	if (!value)
		return false;
	if (strcmp(value, "off") != 0) {
		kmsg_print(root, KMSG_WARNING,
			   "'vfio_bootcfg=%s' is not understood, expected 'off'", value);
		return false;
	}
	kmsg_print(root, KMSG_INFO,
		   "off: vfio_bootcfg=off is on the kernel command line");
	return true;
}

static void run(const char *root, const struct cmdline *cmdline)
{
	const char *devices = cmdline_value(cmdline, "vfio_bootcfg.devices");
	const char *driver = cmdline_value(cmdline, "vfio_bootcfg.driver");
	cleanup_entries struct entries entries = { 0 };

	if (is_off(root, cmdline) || !devices)
		return;
	if (!driver)
		driver = "vfio-pci";
	if (!is_driver_name(driver)) {
		kmsg_print(root, KMSG_WARNING,
			   "'%.64s' in 'vfio_bootcfg.driver' is no name of a driver",
			   driver);
		return;
	}
	entries_parse(devices, &entries);
	report_malformed(root, &entries);
	if (entries.n)
		bind_entries(root, driver, &entries);
}

void early_run(const char *root)
{
	cleanup_free char *path = xasprintf("%s/proc/cmdline", root);
	cleanup_free char *text = read_text(path, CMDLINE_MAX);
	cleanup_cmdline struct cmdline cmdline = { 0 };

	if (!text) {
		kmsg_print(root, KMSG_WARNING, "'/proc/cmdline' could not be read: %s",
			   strerror(errno));
		return;
	}
	cmdline_parse(text, &cmdline);
	run(root, &cmdline);
}
