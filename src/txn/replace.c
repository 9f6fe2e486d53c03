/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "txn/replace.h"

#include "base/memory.h"
#include "sys/write.h"
#include "txn/manifest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define JOURNAL	     TRANSACTION_STATE "/journal"
#define JOURNAL_NEXT TRANSACTION_STATE "/journal.next"
#define HEADER	     "vfio-bootcfg journal 1\n"

enum { JOURNAL_MAX = 1024 * 1024 };

enum state { STATE_STAGING, STATE_APPLYING, STATE_UNDOING, STATES };
static const char *const states[] = { "staging", "applying", "undoing" };
_Static_assert(sizeof states / sizeof *states == STATES, "every state has a word");

enum beside { BESIDE_NEW, BESIDE_OLD };

/* '/etc/.grub.vfio-bootcfg-new' for '/etc/grub'. Tools that read a whole directory pass
 * over such names. The caller frees it. */
static char *beside(const char *path, enum beside which)
{
	const char *name = strrchr(path, '/') + 1;

	return xasprintf("%.*s.%s.vfio-bootcfg-%s", (int)(name - path), path, name,
			 which == BESIDE_NEW ? "new" : "old");
}

/* `undone` is what putting it back came to: 0 or a negative errno. */
static int fail(const struct root *root, struct findings *findings, const char *path,
		int error, int undone)
{
	cleanup_free char *where = root_where(root, path);

	findings_add(
		findings, SEVERITY_ERROR, "write-failed", where, "cannot write: %s; %s",
		strerror(-error),
		undone == 0
			? "everything was put back"
			: "not everything could be put back, which the next run mends");
	return error;
}

static char *format_journal(const struct replacements *list, const char *state)
{
	size_t size;
	char *text;
	FILE *out = xopen_memstream(&text, &size);

	fprintf(out, HEADER "state %s\n", state);
	for (size_t i = 0; i < list->directories.n; i++)
		fprintf(out, "directory %s\n", list->directories.v[i]);
	for (size_t i = 0; i < list->emptied.n; i++)
		fprintf(out, "emptied %s\n", list->emptied.v[i]);
	for (size_t i = 0; i < list->n; i++)
		fprintf(out, "%s %s\n", action_name(list->v[i].action), list->v[i].path);
	fclose(out);
	return text;
}

static int write_journal(const struct root *root, const struct replacements *list,
			 const char *state)
{
	cleanup_free char *text = format_journal(list, state);
	int r = write_unlink(root, JOURNAL_NEXT);

	if (r == 0)
		r = write_new(root, JOURNAL_NEXT, text, strlen(text), 0600, NULL);
	if (r == 0)
		r = write_rename(root, JOURNAL_NEXT, JOURNAL);
	return r;
}

static int stage(const struct root *root, const struct replacement *replacement)
{
	cleanup_free char *new = beside(replacement->path, BESIDE_NEW);
	cleanup_free char *old = beside(replacement->path, BESIDE_OLD);
	/* A leftover that no journal knows would be in the way for ever. */
	int r = write_unlink(root, new);

	if (r == 0)
		r = write_unlink(root, old);
	if (r == 0 && replacement->action != ACTION_REMOVE)
		r = write_new(root, new, replacement->bytes, replacement->size,
			      replacement->mode, replacement->like);
	if (r == 0 && replacement->action != ACTION_CREATE)
		r = write_link(root, replacement->path, old);
	return r;
}

static int apply(const struct root *root, const struct replacement *replacement)
{
	cleanup_free char *new = beside(replacement->path, BESIDE_NEW);

	if (replacement->action == ACTION_REMOVE)
		return write_unlink(root, replacement->path);
	return write_rename(root, new, replacement->path);
}

/* Harmless where it was never applied: then the old file is another name of the present
 * one, and nothing is where something would be created. */
static int unapply(const struct root *root, const struct replacement *replacement)
{
	cleanup_free char *old = beside(replacement->path, BESIDE_OLD);
	int r;

	if (replacement->action == ACTION_CREATE)
		return write_unlink(root, replacement->path);
	r = write_rename(root, old, replacement->path);
	return r == -ENOENT ? 0 : r;
}

static int unapply_all(const struct root *root, const struct replacements *list)
{
	int r = 0;

	for (size_t i = list->n; i > 0; i--) {
		int one = unapply(root, &list->v[i - 1]);

		r = r ? r : one;
	}
	return r;
}

static int drop_staged(const struct root *root, const struct replacements *list)
{
	int r = 0;

	for (size_t i = 0; i < list->n && r == 0; i++) {
		cleanup_free char *new = beside(list->v[i].path, BESIDE_NEW);
		cleanup_free char *old = beside(list->v[i].path, BESIDE_OLD);

		r = write_unlink(root, new);
		if (r == 0)
			r = write_unlink(root, old);
	}
	return r;
}

static int drop_directories(const struct root *root, const struct strings *directories)
{
	int r = 0;

	for (size_t i = directories->n; i > 0 && r == 0; i--)
		r = write_rmdir(root, directories->v[i - 1]);
	return r;
}

/* Nothing was applied, or all of it was taken back. */
static int finish_undone(const struct root *root, const struct replacements *list)
{
	int r = drop_staged(root, list);

	if (r == 0)
		r = write_unlink(root, JOURNAL_NEXT);
	if (r == 0)
		r = write_unlink(root, JOURNAL);
	if (r == 0)
		r = drop_directories(root, &list->directories);
	return r;
}

static int finish_done(const struct root *root, const struct replacements *list)
{
	int r = drop_staged(root, list);

	if (r == 0)
		r = drop_directories(root, &list->emptied);
	if (r == 0)
		r = write_unlink(root, JOURNAL);
	/* Once more, for those that held the journal. */
	return r == 0 ? drop_directories(root, &list->emptied) : r;
}

/* What cannot be undone now is left to the next run, which finds the journal. It would
 * apply again what is put back under a journal that still says so. */
static int undo_applied(const struct root *root, const struct replacements *list)
{
	int r = write_journal(root, list, states[STATE_UNDOING]);

	if (r == 0)
		r = unapply_all(root, list);
	return r == 0 ? finish_undone(root, list) : r;
}

/* Everything beside its target, and the word to apply it. */
static int stage_all(const struct root *root, const struct replacements *list,
		     struct findings *findings)
{
	const char *path = JOURNAL;
	int r = write_mkdirs(root, TRANSACTION_STATE);

	if (r == 0)
		r = write_journal(root, list, states[STATE_STAGING]);
	for (size_t i = 0; i < list->directories.n && r == 0; i++) {
		path = list->directories.v[i];
		r = write_mkdir(root, path);
	}
	for (size_t i = 0; i < list->n && r == 0; i++) {
		path = list->v[i].path;
		r = stage(root, &list->v[i]);
	}
	if (r == 0)
		r = write_journal(root, list, states[STATE_APPLYING]);
	return r < 0 ? fail(root, findings, path, r, finish_undone(root, list)) : 0;
}

int replace_files(const struct root *root, const struct replacements *list,
		  struct findings *findings)
{
	size_t applied = 0;
	int r = stage_all(root, list, findings);

	if (r < 0)
		return r;
	while (r == 0 && applied < list->n)
		r = apply(root, &list->v[applied++]);
	if (r < 0)
		return fail(root, findings, list->v[applied - 1].path, r,
			    undo_applied(root, list));
	/* What is left over is no failure: the next run finds the journal and tidies up.
	 */
	finish_done(root, list);
	return 0;
}

static bool parse_entry(const char *line, struct replacements *list)
{
	for (size_t action = ACTION_CREATE; action <= ACTION_REMOVE; action++) {
		const char *name = action_name((enum action)action);
		size_t n = strlen(name);
		struct replacement *replacement;

		if (strncmp(line, name, n) != 0 || line[n] != ' ' || line[n + 1] != '/')
			continue;
		replacement = array_add(list->v, list->n);
		replacement->action = (enum action)action;
		replacement->path = xstrdup(line + n + 1);
		return true;
	}
	if (strncmp(line, "directory /", 11) == 0)
		strings_add(&list->directories, line + 10);
	else if (strncmp(line, "emptied /", 9) == 0)
		strings_add(&list->emptied, line + 8);
	else
		return false;
	return true;
}

static int parse_journal(const char *text, struct replacements *ret,
			 enum state *ret_state)
{
	cleanup_strings struct strings lines = { 0 };
	enum state state = STATE_STAGING;

	if (strncmp(text, HEADER, strlen(HEADER)) != 0)
		return -EINVAL;
	strings_split(&lines, text + strlen(HEADER), "\n");
	if (!lines.n || strncmp(lines.v[0], "state ", 6) != 0)
		return -EINVAL;
	while (state < STATES && strcmp(lines.v[0] + 6, states[state]) != 0)
		state++;
	if (state == STATES)
		return -EINVAL;
	for (size_t i = 1; i < lines.n; i++)
		if (!parse_entry(lines.v[i], ret))
			return -EINVAL;
	*ret_state = state;
	return 0;
}

/* A staged file that is gone was renamed before the interruption. */
static int apply_rest(const struct root *root, const struct replacements *list)
{
	for (size_t i = 0; i < list->n; i++) {
		int r = apply(root, &list->v[i]);

		if (r < 0 && r != -ENOENT)
			return r;
	}
	return 0;
}

static int resume(const struct root *root, const struct replacements *list,
		  enum state state)
{
	int r = 0;

	if (state == STATE_APPLYING)
		r = apply_rest(root, list);
	else if (state == STATE_UNDOING)
		r = unapply_all(root, list);
	if (r < 0)
		return r;
	return state == STATE_APPLYING ? finish_done(root, list)
				       : finish_undone(root, list);
}

/* Of a run that was killed before its first journal, or behind its last: the next one
 * that makes these directories is to know that they are its own. */
static int drop_traces(const struct root *root, struct findings *findings)
{
	struct stat ignored;
	int r = 0;

	if (root_stat(root, JOURNAL_NEXT, &ignored) == 0)
		r = write_unlink(root, JOURNAL_NEXT);
	if (r == 0 && root_stat(root, TRANSACTION_STATE, &ignored) == 0 &&
	    root_stat(root, MANIFEST_PATH, &ignored) == -ENOENT) {
		r = write_rmdir(root, MANIFEST_ORIGINALS);
		r = r ? r : write_rmdir(root, TRANSACTION_STATE);
	}
	return r < 0 ? fail(root, findings, TRANSACTION_STATE, r, r) : 0;
}

int replace_recover(const struct root *root, struct findings *findings)
{
	cleanup_replacements struct replacements list = { 0 };
	cleanup_free char *text = NULL;
	enum state state = STATE_STAGING;
	size_t n;
	int r = root_read(root, JOURNAL, JOURNAL_MAX, &text, &n);

	if (r == -ENOENT || r == -ENOTDIR)
		return drop_traces(root, findings);
	if (r == 0)
		r = parse_journal(text, &list, &state);
	if (r == 0)
		r = resume(root, &list, state);
	if (r < 0)
		findings_add(findings, SEVERITY_ERROR, "state-damaged", JOURNAL,
			     "cannot finish what an interrupted run left: %s",
			     strerror(-r));
	else
		findings_add(findings, SEVERITY_NOTE, "interrupted-run", JOURNAL,
			     "an interrupted run was found and %s",
			     state == STATE_APPLYING ? "finished" : "undone");
	return r;
}

void replacements_free(struct replacements *list)
{
	for (size_t i = 0; i < list->n; i++) {
		free(list->v[i].path);
		free(list->v[i].like);
	}
	free(list->v);
	strings_free(&list->directories);
	strings_free(&list->emptied);
	*list = (struct replacements){ 0 };
}
