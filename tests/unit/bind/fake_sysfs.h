/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A folder with sys/, proc/, dev/ and sbin/, in which the tests build machines. */
#pragma once

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char fake_root[64];

/* A path below the root; it lives for a few calls. */
static inline const char *fake_path(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
static inline const char *fake_path(const char *format, ...)
{
	static char paths[8][512];
	static unsigned at;
	char *path = paths[at++ % 8];
	int n = snprintf(path, sizeof *paths, "%s/", fake_root);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(path + n, sizeof *paths - (size_t)n, format, arguments);
	va_end(arguments);
	return path;
}

static inline void fake_folder(const char *path)
{
	char copy[512];

	snprintf(copy, sizeof copy, "%s", path);
	for (char *at = copy + strlen(fake_root) + 1; (at = strchr(at, '/')); at++) {
		*at = '\0';
		if (mkdir(copy, 0755) && errno != EEXIST)
			abort();
		*at = '/';
	}
	if (mkdir(copy, 0755) && errno != EEXIST)
		abort();
}

static inline void fake_file(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);

	if (fd < 0 || write(fd, text, strlen(text)) < 0 || close(fd))
		abort();
}

/* What a file holds, or "(none)"; it lives until the next call. */
static inline const char *fake_text(const char *path)
{
	static char text[65536];
	int fd = open(path, O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);

	if (n < 0)
		return "(none)";
	close(fd);
	text[n] = '\0';
	return text;
}

/* Makes `driver` hold the function, or no driver where it is NULL. */
static inline void fake_hold(const char *address, const char *driver)
{
	const char *link = fake_path("sys/bus/pci/devices/%s/driver", address);

	unlink(link);
	if (!driver)
		return;
	fake_folder(fake_path("sys/bus/pci/drivers/%s", driver));
	fake_file(fake_path("sys/bus/pci/drivers/%s/unbind", driver), "", 0644);
	if (symlink(fake_path("sys/bus/pci/drivers/%s", driver), link))
		abort();
}

/* A function that is 1002:68c8:174b:3000. */
static inline void fake_device(const char *address, const char *driver)
{
	static const char *const attributes[][2] = {
		{ "vendor", "0x1002\n" },	    { "device", "0x68c8\n" },
		{ "subsystem_vendor", "0x174b\n" }, { "subsystem_device", "0x3000\n" },
		{ "driver_override", "(null)\n" },
	};

	fake_folder(fake_path("sys/bus/pci/devices/%s/iommu_group", address));
	for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
		fake_file(
			fake_path("sys/bus/pci/devices/%s/%s", address, attributes[i][0]),
			attributes[i][1], 0644);
	fake_hold(address, driver);
}

/* Setup and teardown of cmocka. */
static inline int fake_start(void **state)
{
	snprintf(fake_root, sizeof fake_root, "/tmp/early.XXXXXX");
	if (!mkdtemp(fake_root))
		abort();
	fake_folder(fake_path("sys/bus/pci/devices"));
	fake_folder(fake_path("sys/bus/pci/drivers"));
	fake_folder(fake_path("proc"));
	fake_folder(fake_path("dev"));
	fake_folder(fake_path("sbin"));
	fake_file(fake_path("sys/bus/pci/drivers_probe"), "", 0644);
	fake_file(fake_path("dev/kmsg"), "", 0644);
	return 0;
}

static inline int fake_remove_one(const char *path, const struct stat *status, int flag,
				  struct FTW *walk)
{
	return remove(path);
}

static inline int fake_end(void **state)
{
	return nftw(fake_root, fake_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
