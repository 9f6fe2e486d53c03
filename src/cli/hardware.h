/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whose hardware: the running machine, or what '--snapshot' names, told apart by content.
 * What a snapshot does not hold is unknown, never taken from the running machine.
 */
#pragma once

#include "base/finding.h"
#include "facts/machine.h"
#include "probe/probe.h"
#include "sys/tree.h"

#include <stdio.h>

enum hardware_form {
	HARDWARE_TREE, /* live, a directory, or the one-file form */
	HARDWARE_DUMP, /* what lspci -x printed */
	HARDWARE_LOG,  /* a kernel log and nothing else */
};

struct hardware {
	enum hardware_form form;
	bool is_live;
	const char *path;  /* '/' or as the user wrote it */
	struct tree *tree; /* of HARDWARE_TREE */
	int fd;		   /* of the file, else -1 */
};

/* `path` is NULL for the running machine. 0, or a negative errno with an error added. */
int hardware_open(const char *path, struct hardware *ret, struct findings *findings);
void hardware_close(struct hardware *hardware);

int hardware_probe(const struct hardware *hardware, enum probe_names names,
		   struct machine *ret, struct findings *findings);

/*
 * The kernel log that comes with it: the ring buffer, kernel.log, or the file itself.
 * *ret_name is borrowed. 0 or a negative errno, -ENOENT where it has none.
 */
int hardware_log(const struct hardware *hardware, FILE **ret, const char **ret_name);

#define cleanup_hardware cleanup(hardware_close)
