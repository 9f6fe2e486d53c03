/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/topology.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Only the form that the kernel writes: a SCSI '0:0:0:0' or a short '29:00.0' is none. */
static bool component_is_bdf(const char *component, size_t n, struct bdf *ret)
{
	int length;

	return bdf_parse_prefix(component, ret, &length) && (size_t)length == n &&
	       strncmp(bdf_text(*ret).s, component, n) == 0;
}

/* 'pci0000:00', a root bus (drivers/pci/probe.c, pci_register_host_bridge). */
static bool component_is_root_bus(const char *component, size_t n)
{
	const char *hex = "0123456789abcdef";
	size_t domain, bus;

	if (strncmp(component, "pci", 3) != 0)
		return false;
	domain = strspn(component + 3, hex);
	if (domain < 4 || component[3 + domain] != ':')
		return false;
	bus = strspn(component + 4 + domain, hex);
	return bus == 2 && n == 4 + domain + bus;
}

struct bdfs bdfs_in_path(const char *path)
{
	struct bdfs bdfs = { 0 };

	while (*path) {
		size_t n = strcspn(path, "/");
		struct bdf bdf;

		if (component_is_bdf(path, n, &bdf))
			*array_add(bdfs.v, bdfs.n) = bdf;
		path += n + (path[n] == '/');
	}
	return bdfs;
}

void bdfs_free(struct bdfs *bdfs)
{
	free(bdfs->v);
	*bdfs = (struct bdfs){ 0 };
}

/* What follows the last root bus in the path, or NULL. */
static const char *behind_root_bus(const char *path)
{
	const char *behind = NULL;

	while (*path) {
		size_t n = strcspn(path, "/");

		path += n;
		if (*path == '/' && component_is_root_bus(path - n, n))
			behind = path + 1;
		path += *path == '/';
	}
	return behind;
}

char *topology_path(const char *target)
{
	const char *at = behind_root_bus(target);
	cleanup_free char *text = NULL;
	cleanup_file FILE *out = NULL;
	bool is_first = true;
	size_t size;

	if (!at || !*at)
		return NULL;
	out = xopen_memstream(&text, &size);
	for (size_t n; *at; at += n + (at[n] == '/'), is_first = false) {
		struct bdf bdf;

		n = strcspn(at, "/");
		if (!component_is_bdf(at, n, &bdf))
			return NULL;
		if (is_first)
			fputs(bdf_text(bdf).s, out);
		else
			fprintf(out, "/%02x.%x", bdf.device, bdf.function);
	}
	fclose(steal_ptr(out)); /* which may move the text */
	return steal_ptr(text);
}

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}
