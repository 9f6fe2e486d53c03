/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel may not return from, done in a child process: a driver that hangs in
 * its probe or its unbind holds up the child and not the boot. A child that is past its
 * time is killed and left behind, because a process in an uninterruptible sleep dies only
 * when it wakes.
 */
#pragma once

/* Milliseconds of CLOCK_MONOTONIC. */
long child_clock(void);

/*
 * Writes all of `text` into an existing file with one write(), as sysfs wants it. Returns
 * 0 or a negative errno; -ETIME where it took longer than `limit` milliseconds.
 */
int child_write(const char *path, const char *text, long limit);

/* Runs argv[0], a path. Returns its exit status, or a negative errno as above. */
int child_run(const char *const argv[], long limit);
