/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/help.h"
#include "cli/options.h"
#include "sys/run.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int (*const verbs[])(const struct options *options) = {
	[VERB_LIST] = cmd_list,	      [VERB_GENERATE] = cmd_generate,
	[VERB_CHECK] = cmd_check,     [VERB_VERIFY] = cmd_verify,
	[VERB_REVERT] = cmd_revert,   [VERB_SNAPSHOT] = cmd_snapshot,
	[VERB_ATTACH] = cmd_attach,   [VERB_BIND] = cmd_bind,
	[VERB_RELEASE] = cmd_release,
};
_Static_assert(sizeof verbs / sizeof *verbs == VERBS, "every verb has a function");

/* Where a standard stream is closed, the next file that is opened would be it. Results
 * that nobody can get are a failure still; what is said besides may be lost. */
static void fill_standard_streams(void)
{
	static const int flags[] = { O_RDONLY, O_RDONLY, O_RDWR };

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", flags[fd]) < 0)
			return;
}

/* What changes files is done to its end, and the status tells of that, whether or not
 * somebody reads on. */
static bool may_go_unread(const struct options *options)
{
	return (options->verb == VERB_GENERATE || options->verb == VERB_REVERT) &&
	       !options->dry_run;
}

static bool is_unread(void)
{
	struct pollfd output = { .fd = STDOUT_FILENO };

	return poll(&output, 1, 0) > 0 && output.revents & (POLLERR | POLLHUP);
}

/* A full disk or a closed pipe must not look like success. */
static int flush(const struct options *options, int status)
{
	bool failed = ferror(stdout);

	if (fflush(stdout) == 0 && !failed)
		return status;
	if (may_go_unread(options) && is_unread())
		return status;
	fprintf(stderr, "vfio-bootcfg: the results could not be written%s%s\n",
		failed ? "" : ": ", failed ? "" : strerror(errno));
	return status ? status : STATUS_COULD_NOT_LOOK;
}

static int run(const struct options *options)
{
	int status;

	if (may_go_unread(options))
		signal(SIGPIPE, SIG_IGN);
	status = flush(options, verbs[options->verb](options));
	/* Whoever sent the signal is to see that it ended this. */
	if (status != STATUS_DONE && run_signal()) {
		signal(run_signal(), SIG_DFL);
		raise(run_signal());
	}
	return status;
}

int main(int argc, char *argv[])
{
	cleanup_options struct options options = { 0 };
	cleanup_free char *error = NULL;

	fill_standard_streams();
	/* Characters alone: a table is drawn with lines where the terminal has them. */
	setlocale(LC_CTYPE, "");
	switch (options_parse(argc, argv, &options, &error)) {
	case OUTCOME_RUN:
		return run(&options);
	case OUTCOME_HELP:
		help_print(stdout, options.verb);
		return flush(&options, STATUS_DONE);
	case OUTCOME_VERSION:
		printf("vfio-bootcfg %s\n", VERSION);
		return flush(&options, STATUS_DONE);
	case OUTCOME_WRONG:
		fprintf(stderr, "vfio-bootcfg: %s\n", error);
		return STATUS_WRONG_USAGE;
	}
	return STATUS_WRONG_USAGE;
}
