/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Takes out of text what tells whose machine it is: host names, addresses, serial
 * numbers, labels and UUIDs. The same value becomes the same placeholder wherever it
 * stands, 'redacted-1', so that relations survive.
 */
#pragma once

#include "base/memory.h"

#include <stddef.h>

struct redactor;

/* `hostname` is taken out as a word, or may be NULL. */
struct redactor *redactor_new(const char *hostname);
void redactor_free(struct redactor *redactor);

/* The text without its secrets. The caller frees it. */
char *redact(struct redactor *redactor, const char *text);

/* The same for a path of sysfs, where no host name stands: a host called 'pci' would
 * rename the folders. */
char *redact_path(struct redactor *redactor, const char *path);

/* The placeholder of a value that is a secret as a whole. The caller frees it. */
char *redact_value(struct redactor *redactor, const char *value, size_t n);

static inline void redactor_cleanup(struct redactor **redactor)
{
	redactor_free(*redactor);
}
#define cleanup_redactor cleanup(redactor_cleanup)
