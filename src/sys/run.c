/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/run.h"

#include "base/memory.h"
#include "sys/write.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { IDLE = 200 }; /* milliseconds */

static const int held[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
static volatile sig_atomic_t noted;
static volatile pid_t running;

/* A terminal has sent it to the program as well. */
static void note(int number, siginfo_t *info, void *context)
{
	noted = number;
	if (info->si_code == SI_USER && running > 0)
		kill(running, number);
}

void run_hold_signals(void)
{
	struct sigaction action = { .sa_sigaction = note, .sa_flags = SA_SIGINFO };
	struct sigaction before;

	for (size_t i = 0; i < sizeof held / sizeof *held; i++)
		/* nohup, and a shell for its jobs in the background, has some ignored. */
		if (sigaction(held[i], NULL, &before) == 0 &&
		    before.sa_handler != SIG_IGN)
			sigaction(held[i], &action, NULL);
}

int run_signal(void)
{
	return noted;
}

/* What has nothing to read. A root that was entered without its /dev lacks /dev/null. */
static int open_nothing(void)
{
	int ends[2], fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	close(ends[1]);
	return ends[0];
}

/* The program starts with `mask`, and with a SIGPIPE that ends it as it should. */
static int spawn(char *const argv[], int input, int output, const sigset_t *mask)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t standard;
	pid_t pid;
	int r;

	sigemptyset(&standard);
	sigaddset(&standard, SIGPIPE);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &standard);
	posix_spawnattr_setsigmask(&attributes, mask);
	posix_spawnattr_setflags(&attributes,
				 POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
	r = posix_spawnp(&pid, argv[0], &actions, &attributes, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	running = r ? 0 : pid;
	return -r;
}

/* A signal that comes before `running` is known would be passed to nobody. */
static int start(char *const argv[], int output)
{
	cleanup_fd int input = open_nothing();
	sigset_t block, before;
	int r;

	if (input < 0)
		return input;
	/* Where whoever runs us ignores it, there would be no status to wait for. */
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&block);
	for (size_t i = 0; i < sizeof held / sizeof *held; i++)
		sigaddset(&block, held[i]);
	sigprocmask(SIG_BLOCK, &block, &before);
	r = spawn(argv, input, output, &before);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return r;
}

static bool has_ended(void)
{
	siginfo_t info = { 0 };

	return waitid(P_PID, (id_t)running, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       info.si_pid;
}

/* A reader that is gone, as a pager that was left, must not end the program: it is read
 * to its end whatever becomes of that. A daemon that it leaves behind is not waited for.
 */
static void pass_on(int from)
{
	struct pollfd input = { .fd = from, .events = POLLIN };
	char bytes[4096];

	for (;;) {
		int ready = poll(&input, 1, IDLE);
		ssize_t n;

		if (ready == 0 && has_ended())
			return;
		if (ready <= 0)
			continue;
		n = read(from, bytes, sizeof bytes);
		if (n == 0)
			return;
		if (n > 0)
			(void)!write_bytes(STDERR_FILENO, bytes, (size_t)n);
	}
}

static bool has_reader_that_may_go(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 &&
	       (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int run_program(char *const argv[])
{
	cleanup_fd int from = -1, to = -1;
	int ends[2], r;

	if (has_reader_that_may_go(STDERR_FILENO)) {
		if (pipe2(ends, O_CLOEXEC) < 0)
			return -errno;
		from = ends[0];
		to = ends[1];
	}
	r = start(argv, to < 0 ? STDERR_FILENO : to);
	if (r < 0)
		return r;
	if (to >= 0) {
		cleanup_close_fd(&to);
		to = -1;
		pass_on(from);
	}
	r = wait_for(running);
	running = 0;
	return r;
}

static pid_t parent_of(pid_t pid)
{
	cleanup_free char *path = xasprintf("/proc/%d/stat", (int)pid);
	char line[512] = "";
	FILE *file = fopen(path, "re");
	const char *name_end;
	int parent = 0;

	if (!file)
		return 0;
	name_end = fgets(line, sizeof line, file) ? strrchr(line, ')') : NULL;
	if (!name_end || sscanf(name_end, ") %*c %d", &parent) != 1)
		parent = 0;
	fclose(file);
	return parent;
}

bool run_is_below(pid_t pid)
{
	pid_t above = getppid();

	while (above > 0 && above != pid)
		above = parent_of(above);
	return above > 0;
}
