/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "txn/manifest.h"
#include "txn/transaction.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MAX = 64 * 1024 * 1024 };

/* One run of compare: everything that a file is compared with. */
struct comparison {
	const struct root *root;
	const struct artifacts *artifacts;
	struct manifest manifest;
	struct changes changes;
	struct findings *findings;
	int error;
};

static void fail(struct comparison *c, const char *path, int error, const char *code,
		 const char *message)
{
	cleanup_free char *where = root_where(c->root, path);

	findings_add(c->findings, SEVERITY_ERROR, code, where, "%s%s%s", message,
		     error == -EEXIST ? "" : ": ",
		     error == -EEXIST ? "" : strerror(-error));
	if (!c->error)
		c->error = error;
}

/* The path that an open descriptor has in this process. The caller frees it. */
static char *path_of_fd(int fd)
{
	char link[32], path[PATH_MAX];
	ssize_t n;

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof path - 1);
	return n < 0 ? NULL : xstrndup(path, (size_t)n);
}

/* Where `path` leads within the root, through whatever links; the path itself where
 * nothing is there. The caller frees it. */
static char *resolve(const struct root *root, const char *path)
{
	cleanup_fd int fd = root_openat(root, path, O_PATH, 0);
	cleanup_free char *top = path_of_fd(root->fd);
	cleanup_free char *full = fd < 0 ? NULL : path_of_fd(fd);
	size_t n = top ? strlen(top) : 0;

	if (!full || !top)
		return xstrdup(path);
	if (strcmp(top, "/") == 0)
		return xstrdup(full);
	return strncmp(full, top, n) == 0 && full[n] == '/' ? xstrdup(full + n)
							    : xstrdup(path);
}

/* Fills target and before; *ret_mode is the present one, 0 where no file is. */
static bool read_present(struct comparison *c, struct change *change, mode_t *ret_mode)
{
	struct stat status;
	int r = root_stat(c->root, change->path, &status);

	*ret_mode = 0;
	change->target = resolve(c->root, change->path);
	if (r == -ENOENT || r == -ENOTDIR)
		return true;
	if (r == 0)
		r = root_read(c->root, change->path, FILE_MAX, &change->before,
			      &change->before_size);
	if (r == 0)
		r = root_stat(c->root, change->target, &status);
	if (r == 0) {
		*ret_mode = status.st_mode & 07777;
		return true;
	}
	fail(c, change->path, r, "unreadable",
	     r == -ENOENT ? "it is a symbolic link that leads nowhere"
			  : "cannot read what is there now");
	return false;
}

static bool is_edited(const struct manifest_file *known, const struct change *change)
{
	return known && change->before &&
	       digest_of(change->before, change->before_size) != known->digest;
}

static bool same_bytes(const char *a, size_t n, const char *b, size_t m)
{
	return a && b && n == m && memcmp(a, b, n) == 0;
}

static char *copy_of(const char *bytes, size_t n)
{
	char *copy = xreallocarray(NULL, n + 1, 1);

	memcpy(copy, bytes, n);
	copy[n] = '\0';
	return copy;
}

static void set_original(struct change *change, const char *bytes, size_t n)
{
	change->original = copy_of(bytes, n);
	change->original_size = n;
}

/* What revert brings back: the file as it is when it is first changed; where the
 * administrator has edited it since, that edit, without our block. */
static void choose_original(struct comparison *c, const struct artifact *artifact,
			    struct change *change)
{
	const struct manifest_file *known = manifest_find(&c->manifest, change->path);

	if (!change->before || change->is_own ||
	    (known ? !is_edited(known, change) : change->action == ACTION_UNCHANGED))
		return;
	if (artifact->without)
		set_original(change, artifact->without, artifact->without_size);
	else if (!known)
		set_original(change, change->before, change->before_size);
}

static enum action action_for(const struct change *change, mode_t mode)
{
	if (!change->before)
		return ACTION_CREATE;
	if (mode == change->mode && same_bytes(change->before, change->before_size,
					       change->after, change->after_size))
		return ACTION_UNCHANGED;
	return ACTION_UPDATE;
}

static void compare_artifact(struct comparison *c, const struct artifact *artifact)
{
	const struct manifest_file *known = manifest_find(&c->manifest, artifact->path);
	struct change *change = array_add(c->changes.v, c->changes.n);
	mode_t mode;

	change->path = xstrdup(artifact->path);
	if (!read_present(c, change, &mode))
		return;
	change->is_own = !known && artifact->replaces_own;
	change->mode = artifact->mode;
	change->after = copy_of(artifact->bytes, artifact->size);
	change->after_size = artifact->size;
	change->action = action_for(change, mode);
	choose_original(c, artifact, change);
	if (change->action == ACTION_UPDATE && is_edited(known, change) &&
	    !artifact->without)
		fail(c, change->path, -EEXIST, "edited-since",
		     "it was edited since generate wrote it: move the edit to a file of your own and remove this one");
}

static const struct artifact *find(const struct artifact *v, size_t n, const char *path)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(v[i].path, path) == 0)
			return &v[i];
	return NULL;
}

/* What it was before the first commit. 0 or a negative errno, with an error. */
static int read_original(struct comparison *c, const struct manifest_file *known,
			 struct change *change)
{
	cleanup_free char *original = manifest_original_path(known->path);
	struct stat status = { 0 };
	int r = 0;

	if (known->existed) {
		r = root_read(c->root, original, FILE_MAX, &change->after,
			      &change->after_size);
		if (r == 0)
			r = root_stat(c->root, original, &status);
	}
	if (r < 0)
		fail(c, change->path, r, "state-damaged", "its original cannot be read");
	change->mode = status.st_mode & 07777;
	return r;
}

static void set_undone(struct change *change, const struct artifact *undone)
{
	change->mode = undone->mode;
	if (!undone->bytes)
		return;
	change->after = copy_of(undone->bytes, undone->size);
	change->after_size = undone->size;
}

static enum action action_to_restore(const struct change *change, mode_t mode)
{
	/* What somebody has removed stays so: the entry of a kernel that is gone would
	 * lead nowhere. */
	if (!change->before)
		return ACTION_UNCHANGED;
	return change->after ? action_for(change, mode) : ACTION_REMOVE;
}

/* A file that is gone was removed; one whose folder is gone, too, may be on a file system
 * that is not mounted, and would come back as we left it. */
static bool is_out_of_reach(struct comparison *c, const struct manifest_file *known,
			    const struct change *change)
{
	cleanup_free char *folder =
		xstrndup(known->path, (size_t)(strrchr(known->path, '/') - known->path));
	struct stat status;

	if (!known->existed || change->before || !*folder ||
	    root_stat(c->root, folder, &status) == 0)
		return false;
	fail(c, known->path, -ENOENT, "out-of-reach",
	     "it is gone with its folder, and was there before generate: mount its file system, or make the folder if both are gone for good");
	return true;
}

/* Back to what it was before the first commit. */
static void compare_restored(struct comparison *c, const struct manifest_file *known)
{
	const struct artifact *undone =
		find(c->artifacts->undone, c->artifacts->n_undone, known->path);
	struct change *change = array_add(c->changes.v, c->changes.n);
	mode_t mode;

	change->path = xstrdup(known->path);
	change->restores = true;
	if (undone && undone->replaces_own) /* of which the manifest knows more */
		undone = NULL;
	if (!read_present(c, change, &mode) || is_out_of_reach(c, known, change))
		return;
	if (undone && is_edited(known, change))
		set_undone(change, undone);
	else if (read_original(c, known, change) < 0)
		return;
	change->action = action_to_restore(change, mode);
	if (!undone && change->action != ACTION_UNCHANGED && is_edited(known, change))
		fail(c, change->path, -EEXIST, "edited-since",
		     known->existed
			     ? "it was edited since generate wrote it: run generate once more, and then revert, which keeps the edit"
			     : "it was edited since generate wrote it: move the edit to a file of your own and remove this one");
}

/* A file that we never wrote, and that holds something of ours. */
static void compare_undone(struct comparison *c, const struct artifact *undone)
{
	struct change change = { .path = xstrdup(undone->path), .restores = true };
	mode_t mode;

	if (read_present(c, &change, &mode)) {
		set_undone(&change, undone);
		change.action = action_to_restore(&change, mode);
	}
	if (c->error || change.action == ACTION_UNCHANGED)
		change_free(&change);
	else
		*array_add(c->changes.v, c->changes.n) = change;
}

static int compare_changes(const void *a, const void *b)
{
	const struct change *x = a, *y = b;

	return strcmp(x->path, y->path);
}

static int finish(struct comparison *c, struct changes *ret)
{
	if (c->changes.n)
		qsort(c->changes.v, c->changes.n, sizeof *c->changes.v, compare_changes);
	manifest_free(&c->manifest);
	if (c->error) {
		changes_free(&c->changes);
		return c->error;
	}
	*ret = c->changes;
	return 0;
}

int transaction_compare(const struct root *root, const struct artifacts *artifacts,
			struct changes *ret, struct findings *findings)
{
	struct comparison c = { .root = root,
				.artifacts = artifacts,
				.findings = findings };
	int r = manifest_read(root, &c.manifest, findings);

	if (r < 0) {
		manifest_free(&c.manifest);
		return r;
	}
	for (size_t i = 0; i < artifacts->n; i++)
		compare_artifact(&c, &artifacts->v[i]);
	for (size_t i = 0; i < c.manifest.n; i++)
		if (!find(artifacts->v, artifacts->n, c.manifest.v[i].path))
			compare_restored(&c, &c.manifest.v[i]);
	for (size_t i = 0; i < artifacts->n_undone; i++) {
		const char *path = artifacts->undone[i].path;

		if (!find(artifacts->v, artifacts->n, path) &&
		    !manifest_find(&c.manifest, path))
			compare_undone(&c, &artifacts->undone[i]);
	}
	return finish(&c, ret);
}

int transaction_compare_revert(const struct root *root, struct changes *ret,
			       struct findings *findings)
{
	const struct artifacts nothing = { 0 };

	return transaction_compare(root, &nothing, ret, findings);
}
