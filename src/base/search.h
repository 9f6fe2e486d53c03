/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What bsearch(3) leaves out: the place of a key that several elements have, or none. */
#pragma once

#include <stddef.h>

/*
 * The position of the first of n elements of `size` bytes that is not before *key, or n.
 * They are sorted as `compare` has it, which is called as bsearch() does.
 */
size_t search_first(const void *key, const void *v, size_t n, size_t size,
		    int (*compare)(const void *key, const void *element));
