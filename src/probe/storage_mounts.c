/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/storage_mounts.h"

#include "base/memory.h"

#include <errno.h>
#include <libmount.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

static void free_table(struct libmnt_table **table)
{
	mnt_unref_table(*table);
}

static void free_iterator(struct libmnt_iter **iterator)
{
	mnt_free_iter(*iterator);
}

/* A line that is no mount is left out. */
static int on_bad_line(struct libmnt_table *table, const char *name, int line)
{
	return 1;
}

/* From a stream, so that libmount opens nothing; `text` must outlive the table. */
static struct libmnt_table *parse(char *text, size_t n, const char *name)
{
	struct libmnt_table *table = mnt_new_table();
	cleanup_file FILE *file = n ? fmemopen(text, n, "r") : NULL;

	if (table && file) {
		mnt_table_set_parser_errcb(table, on_bad_line);
		mnt_table_parse_stream(table, file, name);
	}
	return table;
}

static struct mount mount_of(struct libmnt_fs *fs, bool may_use_source)
{
	dev_t number = mnt_fs_get_devno(fs);
	const char *source = mnt_fs_get_source(fs), *target = mnt_fs_get_target(fs);
	const char *type = mnt_fs_get_fstype(fs), *folder = mnt_fs_get_root(fs);

	return (struct mount){
		.major = major(number),
		.minor = minor(number),
		.source = source && may_use_source ? xstrdup(source) : NULL,
		.target = xstrdup(target ? target : ""),
		.filesystem = xstrdup(type ? type : ""),
		.is_whole = !folder || strcmp(folder, "/") == 0,
	};
}

int mounts_read(const struct tree *tree, struct mounts *ret)
{
	cleanup_free char *text = NULL;
	cleanup(free_table) struct libmnt_table *table = NULL;
	cleanup(free_iterator) struct libmnt_iter *iterator = NULL;
	struct libmnt_fs *fs;
	bool may_use_source;
	size_t n;
	int r = tree_read(tree, &text, &n, "proc/self/mountinfo");

	if (r < 0)
		return r;
	/* For /dev/root libmount puts what the command line of the *running* kernel calls
	 * it (libmount/src/tab_parse.c, kernel_fs_postparse): then no source is believed,
	 * only device numbers. */
	may_use_source = !strstr(text, " /dev/root ");
	table = parse(text, n, "mountinfo");
	iterator = mnt_new_iter(MNT_ITER_FORWARD);
	if (!table || !iterator)
		return -ENOMEM;
	*ret = (struct mounts){ 0 };
	while (mnt_table_next_fs(table, iterator, &fs) == 0)
		*array_add(ret->v, ret->n) = mount_of(fs, may_use_source);
	return 0;
}

void mounts_free(struct mounts *mounts)
{
	for (size_t i = 0; i < mounts->n; i++) {
		free(mounts->v[i].source);
		free(mounts->v[i].target);
		free(mounts->v[i].filesystem);
	}
	free(mounts->v);
	*mounts = (struct mounts){ 0 };
}

/* Whether `path` lies in `folder`; '/' holds everything. */
static bool lies_in(const char *path, const char *folder)
{
	size_t n = strlen(folder);

	if (n && folder[n - 1] == '/')
		n--;
	return strncmp(path, folder, n) == 0 && (path[n] == '/' || path[n] == '\0');
}

const struct mount *mounts_holding(const struct mounts *mounts, const char *path)
{
	const struct mount *best = NULL;

	for (size_t i = 0; i < mounts->n; i++) {
		const struct mount *mount = &mounts->v[i];

		if (lies_in(path, mount->target) &&
		    (!best || strlen(mount->target) >= strlen(best->target)))
			best = mount;
	}
	return best;
}

struct strings swaps_read(const struct tree *tree)
{
	struct strings swaps = { 0 };
	cleanup_free char *text = NULL;
	cleanup(free_table) struct libmnt_table *table = NULL;
	cleanup(free_iterator) struct libmnt_iter *iterator =
		mnt_new_iter(MNT_ITER_FORWARD);
	struct libmnt_fs *fs;
	size_t n;

	if (!iterator || tree_read(tree, &text, &n, "proc/swaps") < 0)
		return swaps;
	table = parse(text, n, "swaps");
	while (table && mnt_table_next_fs(table, iterator, &fs) == 0)
		if (mnt_fs_get_source(fs))
			strings_add(&swaps, mnt_fs_get_source(fs));
	return swaps;
}
