/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The address of one PCI function: domain, bus, device, function. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Domains are 32 bits wide: VMD counts from 10000, and Hyper-V takes more still. */
struct bdf {
	uint32_t domain;
	uint8_t bus;
	uint8_t device;	  /* 0..31 */
	uint8_t function; /* 0..7 */
};

/*
 * Reads all of `text` as `[DOMAIN:]BUS:DEVICE.FUNCTION` in hexadecimal, where a missing
 * domain is 0. Leaves *ret alone and returns false where it is anything else.
 */
bool bdf_parse(const char *text, struct bdf *ret);

/* The same from the start of `text`; *ret_length is how many characters it took. */
bool bdf_parse_prefix(const char *text, struct bdf *ret, int *ret_length);

int bdf_compare(const struct bdf *a, const struct bdf *b);
bool bdf_equal(struct bdf a, struct bdf b);
bool bdf_same_slot(struct bdf a, struct bdf b);

/* The full form, `0000:29:00.0`: lives as long as the expression that calls. */
struct bdf_text {
	char s[20];
};
struct bdf_text bdf_text(struct bdf bdf);
