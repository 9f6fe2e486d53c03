/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What runs on the functions of a machine at this moment. */
#pragma once

#include "facts/machine.h"
#include "facts/usage.h"
#include "sys/tree.h"

void usage_read(const struct tree *tree, const struct machine *machine,
		struct usage *ret);
