/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/help.h"
#include "cli/options.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int (*const verbs[])(const struct options *options) = {
	[VERB_LIST] = cmd_list,	      [VERB_GENERATE] = cmd_generate,
	[VERB_CHECK] = cmd_check,     [VERB_VERIFY] = cmd_verify,
	[VERB_REVERT] = cmd_revert,   [VERB_SNAPSHOT] = cmd_snapshot,
	[VERB_ATTACH] = cmd_attach,   [VERB_BIND] = cmd_bind,
	[VERB_RELEASE] = cmd_release,
};
_Static_assert(sizeof verbs / sizeof *verbs == VERBS, "every verb has a function");

/* A full disk or a closed pipe must not look like success. */
static int flush(int status)
{
	bool failed = ferror(stdout);

	if (fflush(stdout) == 0 && !failed)
		return status;
	fprintf(stderr, "vfio-bootcfg: the results could not be written%s%s\n",
		failed ? "" : ": ", failed ? "" : strerror(errno));
	return status ? status : STATUS_COULD_NOT_LOOK;
}

int main(int argc, char *argv[])
{
	cleanup_options struct options options = { 0 };
	cleanup_free char *error = NULL;

	/* Characters alone: a table is drawn with lines where the terminal has them. */
	setlocale(LC_CTYPE, "");
	switch (options_parse(argc, argv, &options, &error)) {
	case OUTCOME_RUN:
		return flush(verbs[options.verb](&options));
	case OUTCOME_HELP:
		help_print(stdout, options.verb);
		return flush(STATUS_DONE);
	case OUTCOME_VERSION:
		printf("vfio-bootcfg %s\n", VERSION);
		return flush(STATUS_DONE);
	case OUTCOME_WRONG:
		fprintf(stderr, "vfio-bootcfg: %s\n", error);
		return STATUS_WRONG_USAGE;
	}
	return STATUS_WRONG_USAGE;
}
