/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kind of function it is, in one word. */
#pragma once

#include <stdint.h>

/* 'display', 'nvme', 'ethernet', …: short, as it takes room from names; '-' for none. */
const char *class_word(uint32_t class);
