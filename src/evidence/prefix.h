/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What dev_printk() puts before a message: 'driver address: ' or, for a network device,
 * 'driver address name: '. The first word is the bus, 'pci', while no driver has or
 * probes the device (6.12:drivers/base/core.c, dev_driver_string), so any other word
 * proves that this driver had it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { PREFIX_DRIVER_MAX = 55 };

struct prefix {
	const char *driver;
	size_t n_driver;
	const char *bdf; /* full: dddd:bb:dd.f */
	size_t n_bdf;
	const char *rest; /* what follows the colon and its blank */
};

/* Reads no byte from `end` on; the text needs no NUL. */
bool prefix_parse(const char *text, const char *end, struct prefix *ret);

/* The same where the first blank was already found: most lines end here. A domain has
 * four to eight digits. */
static inline bool prefix_is_likely(const char *blank, const char *end)
{
	return end - blank > 12 &&
	       (blank[5] == ':' || blank[6] == ':' || blank[7] == ':' ||
		blank[8] == ':' || blank[9] == ':');
}

/* Whether the word names a driver, and not the bus. */
bool prefix_has_driver(const struct prefix *prefix);
