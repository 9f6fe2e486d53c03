/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/storage_zfs.h"

#include "base/memory.h"
#include "probe/topology.h"

#include <stdlib.h>
#include <string.h>

/* The value of a line 'E:NAME=VALUE' of udev's database; NULL without one. The caller
 * frees it. */
static char *property(const char *text, const char *name)
{
	cleanup_free char *start = xasprintf("E:%s=", name);
	size_t n = strlen(start);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, start, n) == 0)
			return xstrndup(line + n, strcspn(line + n, "\n"));
	}
	return NULL;
}

/* A device is known to udev by its number: 'b8:3'. */
static void read_member(const struct tree *tree, const char *number,
			struct zfs_members *members)
{
	cleanup_free char *text = NULL, *type = NULL, *pool = NULL, *target = NULL;
	size_t n;

	if (tree_read(tree, &text, &n, "run/udev/data/b%s", number) < 0)
		return;
	type = property(text, "ID_FS_TYPE");
	pool = property(text, "ID_FS_LABEL_ENC");
	if (!type || strcmp(type, "zfs_member") != 0 || !pool ||
	    tree_readlink(tree, &target, "sys/dev/block/%s", number) < 0)
		return;
	*array_add(members->v, members->n) =
		(struct zfs_member){ xstrdup(path_base(target)), steal_ptr(pool) };
}

struct zfs_members zfs_members_read(const struct tree *tree)
{
	cleanup_strings struct strings numbers = { 0 };
	struct zfs_members members = { 0 };

	tree_list(tree, &numbers, "sys/dev/block");
	for (size_t i = 0; i < numbers.n; i++)
		read_member(tree, numbers.v[i], &members);
	return members;
}

void zfs_members_free(struct zfs_members *members)
{
	for (size_t i = 0; i < members->n; i++) {
		free(members->v[i].device);
		free(members->v[i].pool);
	}
	free(members->v);
	*members = (struct zfs_members){ 0 };
}

void zfs_members_of(const struct zfs_members *members, const char *data_set,
		    struct strings *ret)
{
	cleanup_free char *pool = xstrndup(data_set, strcspn(data_set, "/"));

	for (size_t i = 0; i < members->n; i++)
		if (strcmp(members->v[i].pool, pool) == 0)
			strings_add(ret, members->v[i].device);
}

bool zfs_is_imported(const struct tree *tree, const char *pool)
{
	return tree_exists(tree, "proc/spl/kstat/zfs/%s", pool);
}
