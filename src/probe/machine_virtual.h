/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which physical functions have made virtual ones (SR-IOV). */
#pragma once

#include "facts/function.h"
#include "sys/tree.h"

/* n_virtual_functions, by the links of the virtual ones. */
void functions_count_virtual(const struct tree *tree, struct functions *functions);
