/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values as the schemas have them, by jansson. What lists thousands of things is written
 * element by element within a frame of our own, so that memory stays flat; each element
 * is one line.
 */
#pragma once

#include "base/bdf.h"
#include "base/finding.h"
#include "base/identity.h"
#include "base/strings.h"
#include "base/tristate.h"

#include <jansson.h>
#include <stdio.h>

/* NULL becomes null; bytes that are no UTF-8 become U+FFFD. */
json_t *json_text(const char *text);
json_t *json_bytes(const char *text, size_t n);

json_t *json_address(struct bdf bdf);
json_t *json_hex(uint32_t value, int digits); /* '1002', '030000' */
json_t *json_group(int group);		      /* null for NO_GROUP */
json_t *json_tristate(enum tristate value);   /* null for UNKNOWN */
json_t *json_strings(const struct strings *strings);
json_t *json_finding(const struct finding *finding);
json_t *json_module(const char *module, bool is_builtin); /* a competitor */

/* Adds a key, in the order in which they are to be written. Takes the value over. */
void json_put(json_t *object, const char *key, json_t *value);
void json_append(json_t *array, json_t *value);

/* Write a value, and the frame of a long array. They take the values over. */
void json_write(FILE *out, json_t *value);
void json_open_array(FILE *out, const char *key); /* "key":[ */
void json_write_element(FILE *out, size_t position, json_t *value);
void json_close_array(FILE *out);
/* "findings":[…] */
void json_write_findings(FILE *out, const struct findings *findings);

/* The keys 'schema', 'verdict', 'kernel' and 'checks', each with a comma behind it. */
struct verification;
void json_write_checks(FILE *out, const struct verification *verification);
