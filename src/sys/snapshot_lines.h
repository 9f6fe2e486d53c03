/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The entries of a snapshot that is being written: spelled, redacted, then sorted. */
#pragma once

#include "base/strings.h"
#include "sys/redact.h"

#include <stdio.h>

struct snapshot_lines {
	struct redactor *redactor; /* NULL: nothing is redacted. Borrowed. */
	struct strings v;	   /* 'f PATH VALUE', or 't PATH' with its lines below */
};

void lines_add_attribute(struct snapshot_lines *lines, const char *path,
			 const char *value);
void lines_add_link(struct snapshot_lines *lines, const char *path, const char *target);
void lines_add_directory(struct snapshot_lines *lines, const char *path);
void lines_add_error(struct snapshot_lines *lines, const char *path, int error);
/* Text of many lines. */
void lines_add_text(struct snapshot_lines *lines, const char *path, const char *text);

/* Writes one line of text, its control bytes spelled out. */
void lines_put_text(FILE *out, struct redactor *redactor, const char *line);

/* Writes them in the order of their paths, each path once, and forgets them. */
void lines_write(struct snapshot_lines *lines, FILE *out);
