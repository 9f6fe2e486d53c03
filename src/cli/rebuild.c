/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/rebuild.h"

#include "sys/run.h"

#include <stdlib.h>
#include <string.h>

/* "'update-grub', 'bootctl …'": the commands from one up to another. The caller frees it.
 */
static char *list_commands(const struct artifacts *artifacts, size_t from, size_t to)
{
	cleanup_strings struct strings lines = { 0 };
	cleanup_free char *list = NULL;

	for (size_t i = from; i < to; i++)
		strings_take(&lines, strings_join(&artifacts->commands[i].argv, " "));
	list = strings_join(&lines, "', '");
	return xasprintf("'%s'", list);
}

/* What became of the command at `at`, of which those before are done. Takes `what`. */
static enum status stop(const struct artifacts *artifacts, size_t at, char *what,
			struct findings *findings)
{
	cleanup_free char *reason = what;
	cleanup_free char *done = list_commands(artifacts, 0, at);
	cleanup_free char *left = list_commands(artifacts, at, artifacts->n_commands);

	finding_remedy(
		findings_add(
			findings, SEVERITY_ERROR, "rebuild-failed", NULL,
			"%s: the files are written, boot images and menus are not all made; %s%s%sleft: %s",
			reason, at ? "done: " : "", at ? done : "", at ? "; " : "", left),
		"run 'vfio-bootcfg generate --rebuild' again, or 'vfio-bootcfg revert' and the commands that it names");
	return STATUS_REFUSED;
}

static char *describe_failure(const char *line, int r)
{
	return r < 0 ? xasprintf("'%s' cannot be run (%s)", line, strerror(-r))
		     : xasprintf("'%s' failed with status %d", line, r);
}

static int run(const struct strings *argv)
{
	char **terminated = xcalloc(argv->n + 1, sizeof *terminated);
	int r;

	memcpy(terminated, argv->v, argv->n * sizeof *terminated);
	r = run_program(terminated);
	free(terminated);
	return r;
}

enum status rebuild(const struct artifacts *artifacts, struct findings *findings)
{
	size_t n = artifacts->n_commands;

	run_hold_signals();
	/* What the plan is comes before what its commands say, in a log, too. */
	fflush(stdout);
	for (size_t i = 0; i < n; i++) {
		const struct strings *argv = &artifacts->commands[i].argv;
		cleanup_free char *line = strings_join(argv, " ");
		int r;

		fprintf(stderr, "running (%zu of %zu): %s\n", i + 1, n, line);
		r = run(argv);
		if (run_signal() && r)
			return stop(artifacts, i, xasprintf("interrupted in '%s'", line),
				    findings);
		if (r)
			return stop(artifacts, i, describe_failure(line, r), findings);
		if (run_signal() && i + 1 < n)
			return stop(artifacts, i + 1,
				    xasprintf("interrupted after '%s'", line), findings);
	}
	return STATUS_DONE;
}
