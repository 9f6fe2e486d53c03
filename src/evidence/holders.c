/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/holders.h"

#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Twice the functions that a machine may have: then it begins anew, and repeats itself.
 */
enum { ROOM_MIN = 64, ROOM_MAX = 2 * 65536 };

struct holder {
	char bdf[17]; /* padded with NUL; all NUL where the slot is free */
	char driver[PREFIX_DRIVER_MAX + 1]; /* the same */
};

static size_t slot_of(const char *bdf, size_t room)
{
	uint64_t first, second;

	memcpy(&first, bdf, sizeof first);
	memcpy(&second, bdf + sizeof first, sizeof second);
	first = (first ^ (second << 29 | second >> 35)) * 0x9e3779b97f4a7c15u;
	return (size_t)(first >> 32) & (room - 1);
}

static struct holder *find(struct holder *v, size_t room, const char *bdf)
{
	size_t i = slot_of(bdf, room);

	while (v[i].bdf[0] && memcmp(v[i].bdf, bdf, sizeof v[i].bdf) != 0)
		i = (i + 1) & (room - 1);
	return &v[i];
}

static void grow(struct holders *holders)
{
	struct holders grown = { .room = holders->room ? 2 * holders->room : ROOM_MIN,
				 .n = holders->n };

	grown.v = xcalloc(grown.room, sizeof *grown.v);
	for (size_t i = 0; i < holders->room; i++)
		if (holders->v[i].bdf[0])
			*find(grown.v, grown.room, holders->v[i].bdf) = holders->v[i];
	free(holders->v);
	*holders = grown;
}

bool holders_change(struct holders *holders, const struct prefix *prefix)
{
	char bdf[sizeof holders->v->bdf] = { 0 };
	size_t n = prefix->n_driver;
	struct holder *holder;

	if (2 * holders->n >= holders->room) {
		if (holders->room == ROOM_MAX)
			holders_clear(holders);
		else
			grow(holders);
	}
	memcpy(bdf, prefix->bdf, prefix->n_bdf);
	holder = find(holders->v, holders->room, bdf);
	if (holder->bdf[0] && memcmp(holder->driver, prefix->driver, n) == 0 &&
	    !holder->driver[n])
		return false;
	holders->n += !holder->bdf[0];
	memcpy(holder->bdf, bdf, sizeof bdf);
	memset(holder->driver, 0, sizeof holder->driver);
	memcpy(holder->driver, prefix->driver, n);
	return true;
}

void holders_forget(struct holders *holders, const char *bdf)
{
	char key[sizeof holders->v->bdf] = { 0 };

	if (!holders->n)
		return;
	memcpy(key, bdf, strnlen(bdf, sizeof key));
	memset(find(holders->v, holders->room, key)->driver, 0,
	       sizeof holders->v->driver);
}

void holders_clear(struct holders *holders)
{
	if (holders->n)
		memset(holders->v, 0, holders->room * sizeof *holders->v);
	holders->n = 0;
}

void holders_free(struct holders *holders)
{
	free(holders->v);
	*holders = (struct holders){ 0 };
}
