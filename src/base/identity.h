/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a function is: vendor:device, and the subsystem of the board that it sits on. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct identity {
	uint16_t vendor, device;
	uint16_t subsystem_vendor, subsystem_device;
};

/* An identity that was asked for; without a subsystem it fits every board. */
struct identity_pattern {
	struct identity id;
	bool has_subsystem;
};

/* Reads all of `VVVV:DDDD` or `VVVV:DDDD:SVVV:SDDD`: four hexadecimal digits each. */
bool identity_pattern_parse(const char *text, struct identity_pattern *ret);

bool identity_matches(struct identity id, const struct identity_pattern *pattern);
bool identity_same_device(struct identity a, struct identity b); /* vendor:device */
bool identity_equal(struct identity a, struct identity b);	 /* and subsystem */

/* By vendor, device, subsystem vendor, subsystem device. */
int identity_compare(struct identity a, struct identity b);

/* Live as long as the expression that calls: `1002:68c8` and `1002:68c8:174b:3000`. */
struct identity_text {
	char s[20];
};
struct identity_text identity_device_text(struct identity id);
struct identity_text identity_text(struct identity id);
struct identity_text identity_pattern_text(const struct identity_pattern *pattern);
