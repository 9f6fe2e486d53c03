/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which driver spoke last for each function: drivers are talkative, and only a change of
 * hands is worth a record.
 */
#pragma once

#include "evidence/prefix.h"

#include <stdbool.h>
#include <stddef.h>

struct holder;

/* A zeroed one is empty. */
struct holders {
	struct holder *v; /* hashed by address; room is a power of two */
	size_t room, n;
};

/* Whether another driver, or none, held the function before; remembers this one. */
bool holders_change(struct holders *holders, const struct prefix *prefix);
/* What it says next is a change, whoever says it. */
void holders_forget(struct holders *holders, const char *bdf);
void holders_clear(struct holders *holders);
void holders_free(struct holders *holders);
