/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bind/child.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

long child_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* fork() with SIGCHLD blocked in the parent, so that sigtimedwait() can wait for it. */
static pid_t child_start(sigset_t *ret_before)
{
	sigset_t block;
	pid_t pid;

	sigemptyset(&block);
	sigaddset(&block, SIGCHLD);
	sigprocmask(SIG_BLOCK, &block, ret_before);
	/* An init that ignores SIGCHLD would leave that to us, and wait() without a
	 * status. */
	signal(SIGCHLD, SIG_DFL);
	pid = fork();
	if (pid == 0)
		sigprocmask(SIG_SETMASK, ret_before, NULL);
	return pid;
}

static int wait_status(pid_t pid, long limit)
{
	long end = child_clock() + limit;
	sigset_t wanted;

	sigemptyset(&wanted);
	sigaddset(&wanted, SIGCHLD);
	for (;;) {
		long left = end - child_clock();
		int status;
		pid_t ended = waitpid(pid, &status, WNOHANG);

		if (ended < 0 && errno != EINTR)
			return -errno;
		if (ended == pid)
			return WIFEXITED(status) ? WEXITSTATUS(status) : -ECANCELED;
		if (left <= 0)
			return -ETIME;
		/* A child of an earlier call may wake us, late: the loop looks again. */
		sigtimedwait(&wanted, NULL,
			     &(struct timespec){ left / 1000, left % 1000 * 1000000 });
	}
}

static int child_end(pid_t pid, long limit, const sigset_t *before)
{
	int status = pid < 0 ? -errno : wait_status(pid, limit);

	if (pid > 0 && status == -ETIME)
		kill(pid, SIGKILL);
	sigprocmask(SIG_SETMASK, before, NULL);
	return status;
}

/* In the child, which may outlive all of this: whoever reads our output, or waits for a
 * lock of ours, must not wait for it. */
static int write_now(const char *path, const char *text)
{
	ssize_t n;
	int fd;

	close_range(0, ~0U, 0);
	fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return errno;
	n = write(fd, text, strlen(text));
	if (n < 0)
		return errno;
	return (size_t)n == strlen(text) ? 0 : EIO;
}

int child_write(const char *path, const char *text, long limit)
{
	sigset_t before;
	pid_t pid = child_start(&before);
	int status;

	/* Every errno fits into the eight bits of an exit status. */
	if (pid == 0)
		_exit(write_now(path, text));
	status = child_end(pid, limit, &before);
	return status > 0 ? -status : status;
}

int child_run(const char *const argv[], long limit)
{
	sigset_t before;
	pid_t pid = child_start(&before);

	if (pid == 0) {
		execv(argv[0], (char *const *)argv); /* which leaves them alone */
		_exit(127);
	}
	return child_end(pid, limit, &before);
}
