/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One process at a time changes a root. */
#pragma once

#include "sys/root.h"

/* *ret_lock is held until transaction_end(). -EWOULDBLOCK where another process has it.
 */
int transaction_lock(const struct root *root, int *ret_lock);
