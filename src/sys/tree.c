/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/tree.h"

#include "base/memory.h"
#include "sys/held.h"
#include "sys/root.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Either a directory or a snapshot, which has bytes. */
struct tree {
	struct root root;
	struct held held;
};

static bool is_held(const struct tree *tree)
{
	return tree->held.bytes;
}

static struct tree *tree_new(void)
{
	struct tree *tree = xcalloc(1, sizeof *tree);

	tree->root.fd = -1;
	return tree;
}

int tree_open_directory(const char *path, struct tree **ret)
{
	struct tree *tree = tree_new();
	int r = root_open(path, &tree->root);

	if (r < 0)
		tree_close(tree);
	else
		*ret = tree;
	return r;
}

int tree_take_snapshot(char *bytes, size_t n, const char *name, struct tree **ret,
		       struct findings *findings)
{
	struct tree *tree = tree_new();
	int r = held_parse(bytes, n, name, &tree->held, findings);

	if (r < 0)
		tree_close(tree);
	else
		*ret = tree;
	return r;
}

int tree_open_snapshot(const char *bytes, size_t n, const char *name, struct tree **ret,
		       struct findings *findings)
{
	char *copy = xreallocarray(NULL, n + 1, 1);

	memcpy(copy, bytes, n);
	copy[n] = '\0';
	return tree_take_snapshot(copy, n, name, ret, findings);
}

void tree_close(struct tree *tree)
{
	if (!tree)
		return;
	root_close(&tree->root);
	held_free(&tree->held);
	free(tree);
}

/* The path that a printf format makes; 0, or -ENAMETOOLONG. */
#define FORMAT_PATH(path, format)                                           \
	({                                                                  \
		va_list arguments_;                                         \
		int n_;                                                     \
		va_start(arguments_, format);                               \
		n_ = vsnprintf((path), sizeof(path), (format), arguments_); \
		va_end(arguments_);                                         \
		n_ < 0 || (size_t)n_ >= sizeof(path) ? -ENAMETOOLONG : 0;   \
	})

/* The entry of a file, its links followed; NULL and a negative errno where it is none. */
static const struct held_entry *held_file(const struct held *held, const char *path,
					  int *ret_error)
{
	struct held_place place;

	*ret_error = held_resolve(held, path, HELD_FOLLOW, &place);
	if (*ret_error < 0)
		return NULL;
	if (!place.entry || place.entry->kind == HELD_DIRECTORY) {
		*ret_error = -EISDIR;
		return NULL;
	}
	if (place.entry->kind == HELD_ERROR) {
		*ret_error = -place.entry->error;
		return NULL;
	}
	return place.entry;
}

/* An attribute stands without its newline; a file that is empty has none. */
static bool lacks_newline(const struct held_entry *entry)
{
	return entry->kind == HELD_ATTRIBUTE && entry->size;
}

static int held_read(const struct held *held, const char *path, size_t limit, char **ret,
		     size_t *ret_size)
{
	int r;
	const struct held_entry *entry = held_file(held, path, &r);
	size_t size;

	if (!entry)
		return r;
	size = entry->size + lacks_newline(entry);
	if (size > limit)
		return -EFBIG;
	*ret = xcalloc(size + 1, 1);
	memcpy(*ret, entry->value, entry->size);
	if (lacks_newline(entry))
		(*ret)[entry->size] = '\n';
	*ret_size = size;
	return 0;
}

static int read_limited(const struct tree *tree, const char *path, size_t limit,
			char **ret, size_t *ret_size)
{
	if (is_held(tree))
		return held_read(&tree->held, path, limit, ret, ret_size);
	return root_read(&tree->root, path, limit, ret, ret_size);
}

int tree_attribute(const struct tree *tree, char **ret, const char *format, ...)
{
	char path[PATH_MAX];
	size_t n = 0;
	int r = FORMAT_PATH(path, format);

	if (r == 0)
		r = read_limited(tree, path, TREE_ATTRIBUTE_MAX, ret, &n);
	if (r == 0 && n && (*ret)[n - 1] == '\n')
		(*ret)[n - 1] = '\0';
	return r;
}

int tree_read(const struct tree *tree, char **ret, size_t *ret_size, const char *format,
	      ...)
{
	char path[PATH_MAX];
	int r = FORMAT_PATH(path, format);

	return r < 0 ? r : read_limited(tree, path, TREE_FILE_MAX, ret, ret_size);
}

static int held_readlink(const struct held *held, const char *path, char **ret)
{
	struct held_place place;
	int r = held_resolve(held, path, HELD_NO_FOLLOW, &place);

	if (r < 0)
		return r;
	if (!place.entry || place.entry->kind != HELD_LINK)
		return place.entry && place.entry->kind == HELD_ERROR
			       ? -place.entry->error
			       : -EINVAL;
	*ret = xstrdup(place.entry->value);
	return 0;
}

int tree_readlink(const struct tree *tree, char **ret, const char *format, ...)
{
	char path[PATH_MAX];
	int r = FORMAT_PATH(path, format);

	if (r < 0)
		return r;
	if (is_held(tree))
		return held_readlink(&tree->held, path, ret);
	return root_readlink(&tree->root, path, ret);
}

int tree_list(const struct tree *tree, struct strings *ret, const char *format, ...)
{
	char path[PATH_MAX];
	int r = FORMAT_PATH(path, format);

	if (r < 0)
		return r;
	if (is_held(tree))
		return held_list(&tree->held, path, ret);
	return root_list(&tree->root, path, ret);
}

bool tree_exists(const struct tree *tree, const char *format, ...)
{
	char path[PATH_MAX];
	struct held_place place;
	struct stat status;

	if (FORMAT_PATH(path, format) < 0)
		return false;
	if (is_held(tree))
		return held_resolve(&tree->held, path, HELD_NO_FOLLOW, &place) == 0;
	return root_stat(&tree->root, path, &status) == 0;
}

/* Some C libraries open no stream of no bytes. A stream for reading leaves the bytes
 * alone, whatever the type of the argument says. */
static FILE *open_bytes(const char *bytes, size_t n)
{
	return n ? fmemopen((void *)(uintptr_t)bytes, n, "r") : fopen("/dev/null", "re");
}

/* A copy that the stream owns, with its newline. */
static FILE *open_attribute(const struct held_entry *entry)
{
	FILE *file = fmemopen(NULL, entry->size + 2, "w+");

	if (file) {
		fprintf(file, "%s\n", entry->value);
		rewind(file);
	}
	return file;
}

static int held_stream(const struct held *held, const char *path, FILE **ret)
{
	int r;
	const struct held_entry *entry = held_file(held, path, &r);
	FILE *file;

	if (!entry)
		return r;
	file = lacks_newline(entry) ? open_attribute(entry)
				    : open_bytes(entry->value, entry->size);
	if (!file)
		return -errno;
	*ret = file;
	return 0;
}

static int root_stream(const struct root *root, const char *path, FILE **ret)
{
	struct stat status;
	cleanup_fd int fd = root_open_regular(root, path, &status);
	FILE *file;

	if (fd < 0)
		return fd;
	if (status.st_size > TREE_STREAM_MAX)
		return -EFBIG;
	file = fdopen(fd, "r");
	if (!file)
		return -errno;
	steal_fd(&fd);
	*ret = file;
	return 0;
}

int tree_stream(const struct tree *tree, FILE **ret, const char *path)
{
	if (is_held(tree))
		return held_stream(&tree->held, path, ret);
	return root_stream(&tree->root, path, ret);
}
