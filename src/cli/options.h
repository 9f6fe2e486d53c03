/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands and their options as tables: the parser, --help, the manual page and the
 * completions are all made from them. The tables hold no code, so that whoever prints
 * them needs no verb; main.c maps each command to its function.
 */
#pragma once

#include "base/memory.h"
#include "base/strings.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum verb {
	VERB_LIST,
	VERB_GENERATE,
	VERB_CHECK,
	VERB_VERIFY,
	VERB_REVERT,
	VERB_SNAPSHOT,
	VERB_ATTACH,
	VERB_BIND,
	VERB_RELEASE,
	VERBS,
};

enum output_format {
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_PROMETHEUS,
	FORMAT_QEMU,
	FORMAT_LIBVIRT,
};
enum colour_mode { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };

/* What the command line asks for. Texts are borrowed from argv. */
struct options {
	enum verb verb;
	struct strings operands; /* names of device sections, or addresses */
	struct strings config;	 /* empty: the standard places */
	const char *root;	 /* '/' where it was not given */
	const char *snapshot;	 /* or NULL: the running machine */
	const char *output;	 /* a directory, or NULL */
	const char *kernel_log;	 /* a file, '-', or NULL */
	const char *kernel;	 /* a release, or NULL: every kernel */
	bool has_boot;
	int boot;	 /* 0 this one, -1 the one before */
	uint64_t memory; /* of a guest in bytes, or 0 */
	bool json, system, unredacted;
	bool dry_run, rebuild, forensic;
	enum output_format format;
	enum colour_mode colour;
	int verbosity; /* -1 quiet, 0, 1 and more for each -v */
};

struct verb_spec {
	const char *name;
	const char *operands; /* '[NAME]...', or NULL: it takes none */
	const char *help;     /* one line, as it stands in --help */
	const char *text; /* some sentences for the manual page and for COMMAND --help */
};
extern const struct verb_spec verb_specs[VERBS];

/* How the argument of an option is read into struct options. */
enum option_kind {
	OPTION_FLAG,
	OPTION_COUNT,
	OPTION_QUIET,
	OPTION_TEXT,
	OPTION_LIST,
	OPTION_COLOUR,
	OPTION_FORMAT,
	OPTION_BOOT,
	OPTION_SIZE,
	OPTION_HELP,
	OPTION_VERSION,
};

enum { EVERY_VERB = (1u << VERBS) - 1 };

struct option_spec {
	const char *name;     /* 'dry-run' */
	char letter;	      /* 'n', or 0 */
	const char *argument; /* 'FILE', or NULL where it takes none */
	const char *help;
	unsigned verbs; /* 1u << VERB_…, or EVERY_VERB */
	enum option_kind kind;
	size_t offset; /* in struct options */
};
extern const struct option_spec option_specs[];
extern const size_t n_option_specs;

/* The same for every command: rows in the order of their numbers. */
enum status {
	STATUS_DONE,
	STATUS_REFUSED,
	STATUS_WRONG_USAGE,
	STATUS_COULD_NOT_LOOK,
	STATUS_PUT_BACK,
	STATUSES,
};
extern const char *const status_helps[STATUSES];

enum outcome {
	OUTCOME_RUN,
	OUTCOME_HELP, /* of options.verb, or of the program where that is VERBS */
	OUTCOME_VERSION,
	OUTCOME_WRONG, /* *ret_error is one sentence */
};

/* *ret is to be freed whatever the outcome, *ret_error (or NULL) by free(). */
enum outcome options_parse(int argc, char *argv[], struct options *ret, char **ret_error);
void options_free(struct options *options);

/* 'list, generate and verify', each within `quote`. The caller frees it. */
char *options_verbs(unsigned verbs, const char *quote);

#define cleanup_options cleanup(options_free)

/* The verbs, each in cmd_VERB.c: they walk the rooms and return the exit status. */
int cmd_list(const struct options *options);
int cmd_generate(const struct options *options);
int cmd_check(const struct options *options);
int cmd_verify(const struct options *options);
int cmd_revert(const struct options *options);
int cmd_snapshot(const struct options *options);
int cmd_attach(const struct options *options);
int cmd_bind(const struct options *options);
int cmd_release(const struct options *options);
