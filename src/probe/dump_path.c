/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/dump_path.h"

#include "base/memory.h"

#include <string.h>

enum { BUSES = 256 };

/* One bus of a domain, from what its functions and the bridges say. */
struct bus {
	struct dumped *bridge; /* that leads to it, or NULL */
	bool is_ambiguous;     /* two of them do */
	bool is_covered;       /* lies below a bridge, whichever leads to it */
	bool is_root;
};

struct domain {
	struct dumped *v;
	size_t n;
	struct bus buses[BUSES];
};

static bool is_usable_bridge(const struct dumped *dumped)
{
	return dumped->buses.secondary > dumped->function.bdf.bus &&
	       dumped->buses.subordinate >= dumped->buses.secondary;
}

/*
 * Bus 0 begins every domain of a PC. Another bus is a root only where one of its
 * functions says so: in a dump of some functions alone, the bridges may be missing.
 */
static void read_buses(struct domain *domain)
{
	domain->buses[0].is_root = true;
	for (size_t i = 0; i < domain->n; i++) {
		struct dumped *dumped = &domain->v[i];
		struct bus *behind = &domain->buses[dumped->buses.secondary];

		if (dumped->is_on_root_bus)
			domain->buses[dumped->function.bdf.bus].is_root = true;
		if (!is_usable_bridge(dumped))
			continue;
		behind->is_ambiguous = behind->bridge;
		behind->bridge = dumped;
		for (unsigned bus = dumped->buses.secondary;
		     bus <= dumped->buses.subordinate; bus++)
			domain->buses[bus].is_covered = true;
	}
}

/* A bridge leads only to a higher bus, so its own path is there already. */
static char *path_of(const struct domain *domain, const struct dumped *dumped)
{
	const struct bdf *bdf = &dumped->function.bdf;
	const struct bus *bus = &domain->buses[bdf->bus];

	if (bus->is_ambiguous)
		return NULL;
	if (bus->bridge)
		return bus->bridge->function.path
			       ? xasprintf("%s/%02x.%x", bus->bridge->function.path,
					   bdf->device, bdf->function)
			       : NULL;
	if (bus->is_root && !bus->is_covered)
		return xstrdup(bdf_text(*bdf).s);
	return NULL;
}

static void set_domain(struct dumped *v, size_t n)
{
	cleanup_free struct domain *domain = xcalloc(1, sizeof *domain);

	domain->v = v;
	domain->n = n;
	read_buses(domain);
	for (size_t i = 0; i < n; i++)
		v[i].function.path = path_of(domain, &v[i]);
}

void dump_set_paths(struct dumped *v, size_t n)
{
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n; end++)
			if (v[end].function.bdf.domain != v[i].function.bdf.domain)
				break;
		set_domain(v + i, end - i);
	}
}
