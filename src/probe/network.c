/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/uses.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SYSFS_NET "sys/class/net"

/* Of include/uapi/linux/route.h: RTF_UP and RTF_REJECT. */
enum { ROUTE_UP = 0x1, ROUTE_REJECT = 0x200 };

struct route {
	char interface[64], destination[40], mask[40];
	unsigned flags;
};

/* 'eth0 00000000 010200C0 0003 0 0 0 00000000 …' (net/ipv4/fib_trie.c) */
static bool parse_ipv4(const char *line, struct route *ret)
{
	return sscanf(line, "%63s %39s %*s %x %*s %*s %*s %39s", ret->interface,
		      ret->destination, &ret->flags, ret->mask) == 4;
}

/* '00…0 00 00…0 00 NEXT-HOP METRIC REFERENCES USE FLAGS eth0' (net/ipv6/route.c) */
static bool parse_ipv6(const char *line, struct route *ret)
{
	return sscanf(line, "%39s %39s %*s %*s %*s %*s %*s %*s %x %63s", ret->destination,
		      ret->mask, &ret->flags, ret->interface) == 4;
}

static bool is_zero(const char *text)
{
	return text[strspn(text, "0")] == '\0';
}

/* The kernel's own entry that rejects what has no route is on lo. */
static bool is_default(const struct route *route)
{
	return is_zero(route->destination) && is_zero(route->mask) &&
	       (route->flags & (ROUTE_UP | ROUTE_REJECT)) == ROUTE_UP &&
	       strcmp(route->interface, "lo") != 0;
}

static void add_default(struct uses_walk *walk, const char *path,
			bool (*parse)(const char *line, struct route *ret))
{
	cleanup_free char *line = NULL;
	cleanup_file FILE *file = NULL;
	struct route route;
	size_t room = 0;

	if (tree_stream(walk->tree, &file, path) < 0)
		return;
	while (getline(&line, &room, file) > 0)
		if (parse(line, &route) && is_default(&route))
			uses_walk_add(walk, route.interface);
}

/* Bridges, bonds, teams and VLANs have a link 'lower_NAME' to each device below them
 * (net/core/dev.c, netdev_adjacent_sysfs_add). */
static bool add_lower(struct uses_walk *walk, const char *interface)
{
	static const char prefix[] = "lower_";
	cleanup_strings struct strings names = { 0 };
	bool has_any = false;

	if (tree_list(walk->tree, &names, SYSFS_NET "/%s", interface) < 0)
		return false;
	for (size_t i = 0; i < names.n; i++)
		if (strncmp(names.v[i], prefix, strlen(prefix)) == 0)
			has_any |= uses_walk_add(walk, names.v[i] + strlen(prefix));
	return has_any;
}

/* The bridges of Open vSwitch do not show their ports; all ports of all of them are below
 * its one 'ovs-system' (net/openvswitch/vport-netdev.c). A card too many is refused. */
static void add_switch(struct uses_walk *walk, const char *target)
{
	if (strstr(target, "/virtual/"))
		uses_walk_add(walk, "ovs-system");
}

void uses_read_network(const struct tree *tree, struct functions *functions)
{
	cleanup_uses_walk struct uses_walk walk = { 0 };
	const char *interface;
	size_t n_default;

	uses_walk_open(tree, SYSFS_NET, &walk);
	uses_walk_start(&walk);
	add_default(&walk, "proc/net/route", parse_ipv4);
	add_default(&walk, "proc/net/ipv6_route", parse_ipv6);
	n_default = walk.n;
	while ((interface = uses_walk_next(&walk))) {
		cleanup_free char *target = NULL;

		if (tree_readlink(tree, &target, SYSFS_NET "/%s", interface) == 0)
			uses_mark(tree, functions, target, "default route");
		if (!add_lower(&walk, interface) && target && walk.at <= n_default)
			add_switch(&walk, target);
	}
}
