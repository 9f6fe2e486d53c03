/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stop_at N PROGRAM ARGUMENT…: runs the program and kills it before its Nth system call;
 * exits with 99 where it was killed, else with its status. N = 0 kills nothing and prints
 * how many there are, and the first of them that may change a file system. 77: this
 * system traces no processes.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STOPPED = 99, SKIPPED = 77 };

static const unsigned long long changing[] = {
	SYS_mkdirat,   SYS_unlinkat, SYS_linkat,   SYS_renameat2,
#ifdef SYS_renameat
	SYS_renameat,
#endif
#ifdef SYS_mkdir
	SYS_mkdir,     SYS_unlink,   SYS_rename,   SYS_rmdir,
#endif
	SYS_symlinkat, SYS_fchmodat, SYS_fchownat, SYS_truncate,
};

static bool may_change(const struct __ptrace_syscall_info *info)
{
	if (info->entry.nr == SYS_openat && (info->entry.args[2] & O_CREAT))
		return true;
	for (size_t i = 0; i < sizeof changing / sizeof *changing; i++)
		if (info->entry.nr == changing[i])
			return true;
	return false;
}

static void become(char **argv)
{
	int null = open("/dev/null", O_RDWR);

	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
		_exit(SKIPPED);
	raise(SIGSTOP);
	execv(argv[0], argv);
	_exit(127);
}

static bool is_entry(pid_t child, struct __ptrace_syscall_info *ret)
{
	long n = ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof *ret, ret);

	return n > 0 && ret->op == PTRACE_SYSCALL_INFO_ENTRY;
}

/* From the first stop to the end; the status as wait() gives it. */
static int follow(pid_t child, unsigned long last, unsigned long *n, unsigned long *first)
{
	int status, signal = 0;

	while (ptrace(PTRACE_SYSCALL, child, NULL, signal) == 0 &&
	       waitpid(child, &status, 0) == child && WIFSTOPPED(status)) {
		struct __ptrace_syscall_info info;

		signal = WSTOPSIG(status) & 0x7f;
		if (WSTOPSIG(status) != (SIGTRAP | 0x80)) {
			signal = signal == SIGTRAP ? 0 : signal; /* that of execve() */
			continue;
		}
		signal = 0;
		if (!is_entry(child, &info))
			continue;
		++*n;
		if (!*first && may_change(&info))
			*first = *n;
		if (*n == last) {
			kill(child, SIGKILL);
			waitpid(child, &status, 0);
			break;
		}
	}
	return status;
}

int main(int argc, char **argv)
{
	unsigned long last = argc > 2 ? strtoul(argv[1], NULL, 10) : 0, n = 0, first = 0;
	pid_t child = argc > 2 ? fork() : -1;
	int status = 0;

	if (child < 0) {
		fprintf(stderr, "usage: stop_at N PROGRAM ARGUMENT…\n");
		return 2;
	}
	if (child == 0)
		become(argv + 2);
	if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status) ||
	    ptrace(PTRACE_SETOPTIONS, child, NULL,
		   PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL) < 0)
		return SKIPPED;
	status = follow(child, last, &n, &first);
	if (!last)
		printf("%lu %lu\n", n, first);
	return WIFSIGNALED(status) ? STOPPED : WEXITSTATUS(status);
}
