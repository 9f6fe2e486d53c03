/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What functions were taken from on the running system, so that they can be returned:
 * run/vfio-bootcfg/loans. It lasts as long as the boot, as bindings do.
 */
#pragma once

#include "base/bdf.h"
#include "base/identity.h"
#include "base/memory.h"

#include <stddef.h>

struct loan {
	struct bdf bdf;
	struct identity id;
	char *driver;	/* that had it, or NULL: none had */
	char *override; /* what 'driver_override' said, or NULL */
};

struct loans {
	struct loan *v; /* sorted by address once they are written */
	size_t n;
	char *path;
	int lock; /* on a file beside it, while this is open; or -1 */
};

/*
 * Reads them, and keeps every other process from it: -EWOULDBLOCK where another one is at
 * work; -EBADMSG where the file is not what loans_write() writes. `root` is "", or what
 * stands before run/.
 */
int loans_open(const char *root, struct loans *ret);

/* Reads them, whoever else has them, and leaves nothing behind. */
int loans_look(const char *root, struct loans *ret);

/* NULL where there is none. Borrowed. */
const struct loan *loans_find(const struct loans *loans, struct bdf bdf);

/* Adds one, or replaces that of the same address; texts are copied and may be NULL. */
void loans_put(struct loans *loans, const struct loan *loan);
void loans_drop(struct loans *loans, struct bdf bdf);

/* All of it or nothing; a file without any is removed. 0 or a negative errno. */
int loans_write(struct loans *loans);

/* Leaves no empty folder where loans_open() had to make one. */
void loans_close(struct loans *loans);

#define cleanup_loans cleanup(loans_close)
