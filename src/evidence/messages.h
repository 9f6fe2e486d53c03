/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The catalogue: every wording of every kernel message that verify knows. Wordings are
 * never chosen by the version of a kernel, because distributions carry them back.
 */
#pragma once

#include "evidence/kernel_log.h"

struct message {
	enum message_kind kind;
	const char *pattern; /* in the language of evidence/pattern.h */
	const char *since;   /* the kernels in which it was seen */
	const char *meaning; /* one sentence for people */
	const char *source;  /* where a kernel prints it: version:file:line */
};

struct message_list {
	const struct message *v;
	size_t n;
};

extern const struct message_list messages_of_boot;   /* versions, options, modules */
extern const struct message_list messages_of_intel;  /* DMAR, DMAR-IR */
extern const struct message_list messages_of_amd;    /* AMD-Vi */
extern const struct message_list messages_of_groups; /* other IOMMUs, groups, vfio */
extern const struct message_list messages_of_driver; /* who has, or wants, a function */
extern const struct message_list messages_of_device; /* what goes wrong with one */
