/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The nouns of the other rooms, for people (report/text_*.c) and for programs
 * (report/json_*.c). */
#pragma once

#include "artifact/artifact.h"
#include "base/finding.h"
#include "facts/machine.h"
#include "facts/system.h"
#include "plan/plan.h"
#include "txn/transaction.h"
#include "verify/verify.h"

#include <stdio.h>

enum colour { COLOUR_NO, COLOUR_YES };

/* 'where: error: message [code]', and the remedy below; `width` is that of the terminal,
 * or 0. */
void report_findings(FILE *out, const struct findings *findings, enum colour colour,
		     size_t width);

/* A tree of groups and their functions; `width` is that of the terminal, or 0. On a
 * narrow one the notes on a function stand below it. With verbosity > 0 boards and
 * competitors are named. */
void report_list(FILE *out, const struct machine *machine, const struct system *system,
		 enum colour colour, int verbosity, size_t width);
/* Below a list: the kernels, initramfs generators and boot loaders of the root. */
void report_system(FILE *out, const struct system *system);
void report_list_json(FILE *out, const struct machine *machine,
		      const struct system *system);

/* Targets, claims, command line: what generate decided. Sentences and lists are wrapped
 * to `width`, the terminal's or 0; what is to be copied is not. */
void report_plan(FILE *out, const struct plan *plan, const struct changes *changes,
		 const struct artifacts *artifacts, enum colour colour, size_t width);
void report_plan_json(FILE *out, const struct plan *plan, const struct changes *changes,
		      const struct artifacts *artifacts, const struct findings *findings);

/* Lines of a shell that make the images and menus of a root anew. */
void report_commands(FILE *out, const struct strings *lines, const char *root,
		     enum colour colour);

/* 'create /etc/…': a line for every file. */
void report_changes(FILE *out, const struct changes *changes, enum colour colour);

/* A unified diff of every file that changes, as `diff -u` writes it. */
void report_diff(FILE *out, const struct changes *changes, enum colour colour);

/* The verdict, the checks, and the timelines of failed targets; `width` is that of the
 * terminal, or 0. */
void report_verification(FILE *out, const struct verification *verification,
			 enum colour colour, int verbosity, size_t width);
/* The text exposition format of Prometheus. */
void report_verification_prometheus(FILE *out, const struct verification *verification);
void report_verification_json(FILE *out, const struct verification *verification);
