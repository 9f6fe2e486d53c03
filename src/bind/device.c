/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bind/device.h"

#include "base/memory.h"
#include "bind/child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *path_of(const struct device *device, const char *name)
{
	return xasprintf("%s/sys/bus/pci/devices/%s/%s", device->root,
			 bdf_text(device->bdf).s, name);
}

bool device_has(const struct device *device, const char *name)
{
	cleanup_free char *path = path_of(device, name);

	return access(path, F_OK) == 0;
}

bool device_is_present(const struct device *device)
{
	return device_has(device, "vendor");
}

/* sysfs prints '0x1002'. */
static int read_id(const struct device *device, const char *name, uint16_t *ret)
{
	cleanup_free char *path = path_of(device, name);
	cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char text[16] = { 0 }, *rest;
	unsigned long value;

	if (fd < 0 || read(fd, text, sizeof text - 1) < 0)
		return -errno;
	value = strtoul(text, &rest, 16);
	if (rest == text || (*rest && *rest != '\n') || value > UINT16_MAX)
		return -EINVAL;
	*ret = (uint16_t)value;
	return 0;
}

int device_read_identity(const struct device *device, struct identity *ret)
{
	struct identity id;
	const struct {
		const char *name;
		uint16_t *value;
	} attributes[] = {
		{ "vendor", &id.vendor },
		{ "device", &id.device },
		{ "subsystem_vendor", &id.subsystem_vendor },
		{ "subsystem_device", &id.subsystem_device },
	};

	for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
		int r = read_id(device, attributes[i].name, attributes[i].value);

		if (r < 0)
			return r;
	}
	*ret = id;
	return 0;
}

char *device_driver(const struct device *device)
{
	cleanup_free char *path = path_of(device, "driver");
	char target[PATH_MAX];
	ssize_t n = readlink(path, target, sizeof target - 1);
	const char *slash;

	if (n < 0)
		return NULL;
	target[n] = '\0';
	slash = strrchr(target, '/');
	return xstrdup(slash ? slash + 1 : target);
}

char *device_override(const struct device *device)
{
	cleanup_free char *path = path_of(device, "driver_override");
	cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char text[PATH_MAX];
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);

	if (n < 0)
		return NULL;
	text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	/* An unset one is printed as a null pointer (drivers/pci/pci-sysfs.c). */
	return *text && strcmp(text, "(null)") != 0 ? xstrdup(text) : NULL;
}

bool device_is_held_by(const struct device *device, const char *driver)
{
	cleanup_free char *holder = device_driver(device);

	return holder && strcmp(holder, driver) == 0;
}

int device_write(const struct device *device, const char *name, const char *text,
		 long limit)
{
	cleanup_free char *path = path_of(device, name);

	return child_write(path, text, limit);
}

int device_probe(const struct device *device, long limit)
{
	cleanup_free char *path = xasprintf("%s/sys/bus/pci/drivers_probe", device->root);

	return child_write(path, bdf_text(device->bdf).s, limit);
}
