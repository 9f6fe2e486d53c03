/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a token of the plan fares on a kernel command line. */
#pragma once

#include "base/cmdline.h"
#include "base/identity.h"

enum token_fate {
	TOKEN_APPLIED,
	TOKEN_MISSING,
	TOKEN_OVERRIDDEN, /* it is there, and a later one counts */
	TOKEN_DIFFERS,	  /* its name is there with another value alone */
};

/* *ret_by is what counts instead of the last two, borrowed from the command line. */
enum token_fate token_fate(const struct cmdline *cmdline,
			   const struct cmdline_token *token, const char **ret_by);

/* Whether an entry of ids= fits: only what is written there is known. */
bool ids_name(const char *ids, struct identity id);

/* Whether 'ADDRESS=IDENTITY,…' of 'vfio_bootcfg.devices=', which may be NULL, has the
 * address. */
bool devices_name(const char *devices, const char *address);
