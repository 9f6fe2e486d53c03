/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/held.h"

#include "base/search.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* As many as the kernel follows (include/linux/namei.h, MAXSYMLINKS). */
enum { LINKS_MAX = 40 };

void held_free(struct held *held)
{
	free(held->bytes);
	free(held->v);
	*held = (struct held){ 0 };
}

static int compare_to_path(const void *key, const void *element)
{
	const struct held_entry *entry = element;

	return strcmp(key, entry->path);
}

/* The first entry whose path is not before `path`. */
static size_t first_from(const struct held *held, const char *path)
{
	return search_first(path, held->v, held->n, sizeof *held->v, compare_to_path);
}

const struct held_entry *held_find(const struct held *held, const char *path)
{
	size_t i = first_from(held, path);

	return i < held->n && strcmp(held->v[i].path, path) == 0 ? &held->v[i] : NULL;
}

bool held_has_below(const struct held *held, const char *path)
{
	char below[PATH_MAX + 1];
	size_t n = strlen(path), i;

	if (n >= PATH_MAX)
		return false;
	memcpy(below, path, n);
	memcpy(below + n, "/", 2);
	i = first_from(held, n ? below : "");
	return i < held->n && (!n || strncmp(held->v[i].path, below, n + 1) == 0);
}

/* A path that is being walked: what is behind is in the place, the rest is ahead. */
struct walk {
	const struct held *held;
	enum held_follow follow;
	unsigned n_links;
	char ahead[2 * PATH_MAX];
	const char *at; /* in ahead */
	struct held_place *place;
};

static void step_up(struct held_place *place)
{
	char *slash = strrchr(place->path, '/');

	*(slash ? slash : place->path) = '\0';
	place->entry = NULL;
}

/* Puts the target of a link before what is ahead. */
static int take_link(struct walk *walk)
{
	const struct held_entry *link = walk->place->entry;
	size_t rest = strlen(walk->at) + 1;

	if (++walk->n_links > LINKS_MAX)
		return -ELOOP;
	if (link->size + 1 + rest > sizeof walk->ahead)
		return -ENAMETOOLONG;
	memmove(walk->ahead + link->size + 1, walk->at, rest);
	memcpy(walk->ahead, link->value, link->size);
	walk->ahead[link->size] = '/';
	walk->at = walk->ahead;
	if (link->value[0] == '/')
		walk->place->path[0] = '\0';
	else
		step_up(walk->place);
	walk->place->entry = NULL;
	return 0;
}

static int step_down(struct walk *walk, const char *name, size_t n)
{
	struct held_place *place = walk->place;
	size_t length = strlen(place->path);

	if (length + n + 2 > sizeof place->path)
		return -ENAMETOOLONG;
	if (length)
		place->path[length++] = '/';
	memcpy(place->path + length, name, n);
	place->path[length + n] = '\0';
	place->entry = held_find(walk->held, place->path);
	if (!place->entry && !held_has_below(walk->held, place->path))
		return -ENOENT;
	return 0;
}

/* Enters what the last step reached, because more is ahead or a link must be followed. */
static int enter(struct walk *walk, bool is_last)
{
	const struct held_entry *entry = walk->place->entry;

	if (!entry)
		return 0;
	switch (entry->kind) {
	case HELD_LINK:
		return is_last && walk->follow == HELD_NO_FOLLOW ? 0 : take_link(walk);
	case HELD_ERROR:
		return is_last ? 0 : -entry->error;
	case HELD_ATTRIBUTE:
	case HELD_TEXT:
		return is_last ? 0 : -ENOTDIR;
	case HELD_DIRECTORY:
		return 0;
	}
	return -EINVAL;
}

static int walk_on(struct walk *walk)
{
	const char *name = walk->at + strspn(walk->at, "/");
	size_t n = strcspn(name, "/");
	int r;

	walk->at = name + n;
	if (n == 0 || (n == 1 && name[0] == '.'))
		return 0;
	if (n == 2 && strncmp(name, "..", n) == 0) {
		step_up(walk->place);
		return 0;
	}
	r = step_down(walk, name, n);
	if (r < 0)
		return r;
	return enter(walk, walk->at[strspn(walk->at, "/")] == '\0');
}

/* Nothing lies below a link, so an entry of that very path needs no walk. */
static bool is_direct(const struct held_entry *entry, enum held_follow follow)
{
	return entry && (entry->kind != HELD_LINK || follow == HELD_NO_FOLLOW);
}

int held_resolve(const struct held *held, const char *path, enum held_follow follow,
		 struct held_place *ret)
{
	struct walk walk;
	int r = 0;

	if (strlen(path) >= PATH_MAX)
		return -ENAMETOOLONG;
	ret->entry = held_find(held, path);
	strcpy(ret->path, path);
	if (is_direct(ret->entry, follow))
		return 0;
	ret->entry = NULL;
	ret->path[0] = '\0';
	walk.held = held;
	walk.follow = follow;
	walk.n_links = 0;
	walk.place = ret;
	walk.at = strcpy(walk.ahead, path);
	while (r == 0 && *walk.at)
		r = walk_on(&walk);
	return r;
}

/* The names below the place: after each, the search skips what lies below that. */
static void list_below(const struct held *held, const char *path, struct strings *ret)
{
	char from[PATH_MAX + 2];
	size_t n = strlen(path), prefix = n ? n + 1 : 0;

	snprintf(from, sizeof from, "%s%s", path, n ? "/" : "");
	for (;;) {
		size_t i = first_from(held, from), length;
		const char *name;

		if (i == held->n || strncmp(held->v[i].path, from, prefix) != 0)
			return;
		name = held->v[i].path + prefix;
		length = strcspn(name, "/");
		strings_take(ret, xstrndup(name, length));
		memcpy(from + prefix, name, length);
		/* '0' is the byte after '/'; a plain entry is left by its own NUL. */
		strcpy(from + prefix + length, name[length] ? "0" : "\001");
	}
}

int held_list(const struct held *held, const char *path, struct strings *ret)
{
	struct strings names = { 0 };
	struct held_place place;
	int r = held_resolve(held, path, HELD_FOLLOW, &place);

	if (r < 0)
		return r;
	if (place.entry && place.entry->kind == HELD_ERROR)
		return -place.entry->error;
	if (place.entry && place.entry->kind != HELD_DIRECTORY)
		return -ENOTDIR;
	list_below(held, place.path, &names);
	strings_sort(&names);
	*ret = names;
	return 0;
}
