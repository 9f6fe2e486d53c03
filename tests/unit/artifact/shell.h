/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a real shell over a text: the judge of what a file means. */
#pragma once

#include "base/memory.h"
#include "unit/check.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* NULL where that shell is not installed. */
static inline const char *shell_program(const char *name)
{
	static char path[64];
	static const char *const folders[] = { "/bin", "/usr/bin" };

	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof path, "%s/%s", folders[i], name);
		if (access(path, X_OK) == 0)
			return path;
	}
	return NULL;
}

/*
 * What `after` prints when it is run behind `text`, which is sourced. There is no
 * environment and no PATH, so that nothing but builtins runs. *ret_status is the exit
 * status. The caller frees it.
 */
static inline char *shell_source(const char *program, const char *text, size_t n,
				 const char *after, int *ret_status)
{
	int file = memfd_create("sourced", 0), output[2];
	cleanup_free char *script =
		xasprintf(". /proc/self/fd/%d >/dev/null 2>&1\n%s\n", file, after);
	char *const argv[] = { (char *)program, (char *)"-c", script, NULL };
	char *const environment[] = { (char *)"PATH=", NULL };
	char *printed = xcalloc(65536, 1);
	size_t size = 0;
	ssize_t more;
	pid_t child;

	assert_true(file >= 0 && pipe(output) == 0);
	assert_int_equal(write(file, text, n), n);
	assert_int_equal(lseek(file, 0, SEEK_SET), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		dup2(output[1], STDOUT_FILENO);
		execve(program, argv, environment);
		_exit(127);
	}
	close(output[1]);
	while (size < 65535 && (more = read(output[0], printed + size, 65535 - size)) > 0)
		size += (size_t)more;
	close(output[0]);
	close(file);
	assert_int_equal(waitpid(child, ret_status, 0), child);
	return printed;
}
