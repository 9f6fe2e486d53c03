/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bind/loans.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* 'ADDRESS VVVV:DDDD:SVVV:SDDD DRIVER OVERRIDE', where '-' is none. */
static bool parse_line(const char *line, struct loans *loans)
{
	char address[32], id[32], driver[128], override[128];
	struct identity_pattern pattern;
	struct loan loan = { 0 };

	if (sscanf(line, "%31s %31s %127s %127s", address, id, driver, override) != 4 ||
	    !bdf_parse(address, &loan.bdf) || !identity_pattern_parse(id, &pattern) ||
	    !pattern.has_subsystem)
		return false;
	loan.id = pattern.id;
	loan.driver = strcmp(driver, "-") == 0 ? NULL : driver;
	loan.override = strcmp(override, "-") == 0 ? NULL : override;
	loans_put(loans, &loan);
	return true;
}

static int read_lines(struct loans *loans)
{
	cleanup_file FILE *file = fopen(loans->path, "re");
	cleanup_free char *line = NULL;
	size_t room = 0;

	if (!file)
		return errno == ENOENT ? 0 : -errno;
	while (getline(&line, &room, file) > 0)
		if (*line != '#' && !parse_line(line, loans))
			return -EBADMSG;
	return ferror(file) ? -EIO : 0;
}

/* Whoever had it may have removed it while it was opened here. */
static bool is_still_at(int fd, const char *path)
{
	struct stat opened, there;

	return fstat(fd, &opened) == 0 && lstat(path, &there) == 0 &&
	       opened.st_dev == there.st_dev && opened.st_ino == there.st_ino;
}

/* Beside the file, which comes and goes. Any user may open what he can read, and lock
 * that for ever: he cannot open this one. */
static char *lock_path(const struct loans *loans)
{
	return xasprintf("%s.lock", loans->path);
}

static int lock_folder(const struct loans *loans, const char *folder, int *ret)
{
	cleanup_free char *path = lock_path(loans);
	cleanup_fd int fd = -1;

	if (mkdir(folder, 0755) < 0 && errno != EEXIST)
		return -errno;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 && errno == ENOENT) /* the folder went with its last user */
		return -EWOULDBLOCK;
	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0)
		return -errno;
	if (!is_still_at(fd, path))
		return -EWOULDBLOCK;
	*ret = steal_fd(&fd);
	return 0;
}

/* Only an empty folder goes: what other commands have written there keeps it. */
static void remove_folder(const struct loans *loans)
{
	cleanup_free char *folder = xstrdup(loans->path), *lock = lock_path(loans);

	unlink(lock);
	*strrchr(folder, '/') = '\0';
	rmdir(folder);
}

static int finish(struct loans *loans, int r, struct loans *ret)
{
	if (r == 0)
		r = read_lines(loans);
	if (r < 0)
		loans_close(loans);
	else
		*ret = *loans;
	return r;
}

int loans_open(const char *root, struct loans *ret)
{
	cleanup_free char *folder = xasprintf("%s/run/vfio-bootcfg", root);
	struct loans loans = { .path = xasprintf("%s/loans", folder), .lock = -1 };

	return finish(&loans, lock_folder(&loans, folder, &loans.lock), ret);
}

int loans_look(const char *root, struct loans *ret)
{
	struct loans loans = { .path = xasprintf("%s/run/vfio-bootcfg/loans", root),
			       .lock = -1 };

	return finish(&loans, 0, ret);
}

static struct loan *find(const struct loans *loans, struct bdf bdf)
{
	for (size_t i = 0; i < loans->n; i++)
		if (bdf_equal(loans->v[i].bdf, bdf))
			return &loans->v[i];
	return NULL;
}

const struct loan *loans_find(const struct loans *loans, struct bdf bdf)
{
	return find(loans, bdf);
}

void loans_put(struct loans *loans, const struct loan *loan)
{
	struct loan *own;

	loans_drop(loans, loan->bdf);
	own = array_add(loans->v, loans->n);
	*own = *loan;
	own->driver = loan->driver ? xstrdup(loan->driver) : NULL;
	own->override = loan->override ? xstrdup(loan->override) : NULL;
}

void loans_drop(struct loans *loans, struct bdf bdf)
{
	struct loan *loan = find(loans, bdf);

	if (!loan)
		return;
	free(loan->driver);
	free(loan->override);
	*loan = loans->v[--loans->n];
}

static int compare(const void *a, const void *b)
{
	const struct loan *x = a, *y = b;

	return bdf_compare(&x->bdf, &y->bdf);
}

static int write_lines(const struct loans *loans, const char *path)
{
	cleanup_fd int fd =
		open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	cleanup_file FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

	if (!file)
		return -errno;
	steal_fd(&fd);
	fputs("# what 'vfio-bootcfg release' returns: address, identity, driver, driver_override\n",
	      file);
	for (size_t i = 0; i < loans->n; i++) {
		const struct loan *loan = &loans->v[i];

		fprintf(file, "%s %s %s %s\n", bdf_text(loan->bdf).s,
			identity_text(loan->id).s, loan->driver ? loan->driver : "-",
			loan->override ? loan->override : "-");
	}
	return fflush(file) == 0 ? 0 : -errno;
}

int loans_write(struct loans *loans)
{
	cleanup_free char *new = xasprintf("%s.new", loans->path);
	int r;

	if (!loans->n)
		return unlink(loans->path) < 0 && errno != ENOENT ? -errno : 0;
	qsort(loans->v, loans->n, sizeof *loans->v, compare);
	r = write_lines(loans, new);
	if (r == 0 && rename(new, loans->path) < 0)
		r = -errno;
	if (r < 0)
		unlink(new);
	return r;
}

void loans_close(struct loans *loans)
{
	for (size_t i = 0; i < loans->n; i++) {
		free(loans->v[i].driver);
		free(loans->v[i].override);
	}
	if (loans->lock >= 0)
		remove_folder(loans);
	/* A child that hangs may have it open still. */
	if (loans->lock >= 0)
		flock(loans->lock, LOCK_UN);
	free(loans->v);
	free(loans->path);
	cleanup_close_fd(&loans->lock);
	*loans = (struct loans){ .lock = -1 };
}
