/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/write.h"
#include "txn/lock.h"
#include "txn/manifest.h"
#include "txn/replace.h"
#include "txn/transaction.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Whether the state may be written, or the nearest folder that holds it. */
static int check_permission(const struct root *root, struct findings *findings)
{
	static const char *const folders[] = { TRANSACTION_STATE, "/var/lib", "/var",
					       "/" };
	cleanup_free char *where = root_where(root, TRANSACTION_STATE);
	cleanup_fd int fd = -ENOENT;

	for (size_t i = 0; fd == -ENOENT && i < sizeof folders / sizeof *folders; i++)
		fd = root_openat(root, folders[i], O_PATH | O_DIRECTORY, 0);
	if (fd >= 0 ? faccessat(fd, ".", W_OK | X_OK, 0) == 0 || errno != EACCES
		    : fd != -EACCES)
		return 0;
	finding_remedy(findings_add(findings, SEVERITY_ERROR, "write-failed", where,
				    "cannot write: %s; nothing was written",
				    strerror(EACCES)),
		       "run it as root");
	return -EACCES;
}

static void report_lock(const struct root *root, int r, struct findings *findings)
{
	if (r == -EWOULDBLOCK)
		finding_remedy(
			findings_add(findings, SEVERITY_ERROR, "locked", root->path,
				     "another run of vfio-bootcfg is changing this root"),
			"wait for it, and run this again");
	else
		findings_add(findings, SEVERITY_ERROR, "locked", root->path,
			     "cannot be locked: %s", strerror(-r));
}

int transaction_begin(const struct root *root, int *ret_lock, struct findings *findings)
{
	int lock = -1;
	int r = check_permission(root, findings);

	if (r < 0)
		return r;
	r = transaction_lock(root, &lock);
	if (r < 0) {
		report_lock(root, r, findings);
		return r;
	}
	r = replace_recover(root, findings);
	if (r < 0)
		transaction_end(root, &lock);
	else
		*ret_lock = lock;
	return r;
}

static struct replacement *add(struct replacements *list, enum action action,
			       const char *path)
{
	struct replacement *replacement = array_add(list->v, list->n);

	replacement->action = action;
	replacement->path = xstrdup(path);
	return replacement;
}

static bool exists(const struct root *root, const char *path)
{
	struct stat ignored;

	return root_stat(root, path, &ignored) == 0;
}

static void add_write(const struct root *root, struct replacements *list,
		      const char *path, mode_t mode, const char *bytes, size_t n)
{
	struct replacement *replacement =
		add(list, exists(root, path) ? ACTION_UPDATE : ACTION_CREATE, path);

	replacement->mode = mode;
	replacement->bytes = bytes;
	replacement->size = n;
}

/* The kept original: made when a file is first changed, gone once it is restored. */
static void add_original(const struct root *root, const struct change *change,
			 struct replacements *list)
{
	cleanup_free char *path = manifest_original_path(change->path);
	struct stat status = { 0 };

	if (change->restores && exists(root, path)) {
		add(list, ACTION_REMOVE, path);
	} else if (change->original) {
		root_stat(root, change->target, &status);
		add_write(root, list, path, status.st_mode & 07777, change->original,
			  change->original_size);
		list->v[list->n - 1].like = xstrdup(change->target);
	}
}

static void add_target(const struct root *root, const struct change *change,
		       struct replacements *list)
{
	cleanup_free char *original = manifest_original_path(change->path);
	struct replacement *replacement;

	if (change->action == ACTION_UNCHANGED)
		return;
	replacement = add(list, change->action, change->target);
	replacement->mode = change->mode;
	replacement->bytes = change->after;
	replacement->size = change->after_size;
	if (change->restores && exists(root, original))
		replacement->like = steal_ptr(original);
	else if (change->action == ACTION_UPDATE)
		replacement->like = xstrdup(change->target);
}

/* A file that is already as it should be, and that was never ours, stays nobody's. */
static void note(const struct change *change, struct manifest *manifest)
{
	const struct manifest_file *known = manifest_find(manifest, change->path);

	if (change->restores)
		manifest_drop(manifest, change->path);
	else if (known || change->is_own || change->action != ACTION_UNCHANGED)
		manifest_set(manifest, change->path,
			     digest_of(change->after, change->after_size),
			     known && !change->original ? known->existed
							: change->original != NULL);
}

/* The directories that the files need, as far as they are missing. */
static int list_directories(const struct root *root, const struct changes *changes,
			    struct strings *ret, struct findings *findings)
{
	int r = write_missing_dirs(root, MANIFEST_ORIGINALS, ret);
	const char *path = MANIFEST_ORIGINALS;

	for (size_t i = 0; i < changes->n && r == 0; i++) {
		cleanup_free char *parent = xstrdup(changes->v[i].target);

		*strrchr(parent, '/') = '\0';
		path = changes->v[i].target;
		if (changes->v[i].action == ACTION_CREATE)
			r = write_missing_dirs(root, parent, ret);
	}
	if (r < 0) {
		cleanup_free char *where = root_where(root, path);

		findings_add(findings, SEVERITY_ERROR, "write-failed", where,
			     "cannot look at its directory: %s", strerror(-r));
	}
	return r;
}

/* Nothing is kept any more: the state goes too, and every directory that was made. */
static void add_end(const struct root *root, const struct manifest *manifest,
		    struct replacements *list)
{
	if (exists(root, MANIFEST_PATH))
		add(list, ACTION_REMOVE, MANIFEST_PATH);
	strings_add_all(&list->emptied, &manifest->directories);
}

static int commit(const struct root *root, const struct changes *changes,
		  struct manifest *manifest, struct findings *findings)
{
	cleanup_replacements struct replacements list = { 0 };
	cleanup_free char *text = NULL;
	int r = list_directories(root, changes, &list.directories, findings);

	if (r < 0)
		return r;
	for (size_t i = 0; i < changes->n; i++)
		add_original(root, &changes->v[i], &list);
	for (size_t i = 0; i < changes->n; i++) {
		add_target(root, &changes->v[i], &list);
		note(&changes->v[i], manifest);
	}
	strings_add_all(&manifest->directories, &list.directories);
	text = manifest_format(manifest);
	if (manifest->n)
		add_write(root, &list, MANIFEST_PATH, 0600, text, strlen(text));
	else
		add_end(root, manifest, &list);
	return replace_files(root, &list, findings);
}

int transaction_commit(const struct root *root, const struct changes *changes,
		       struct findings *findings)
{
	cleanup_manifest struct manifest manifest = { 0 };
	int r = manifest_read(root, &manifest, findings);

	if (r < 0)
		return r;
	for (size_t i = 0; i < changes->n; i++)
		if (changes->v[i].action != ACTION_UNCHANGED || changes->v[i].restores ||
		    changes->v[i].original)
			return commit(root, changes, &manifest, findings);
	return 0;
}
