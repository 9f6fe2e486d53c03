/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the backends share that edit command lines by word. */
#include "artifact/cmdline_edit.h"
#include "artifact/entry_text.h"
#include "artifact/rendering.h"
#include "base/cmdline.h"
#include "plan/claim.h"

#include <stdlib.h>
#include <string.h>

void list_off_words(const struct plan *plan, struct strings *ret)
{
	strings_add(ret, "vfio_bootcfg=off");
	if (driver_has_ids(plan->driver))
		strings_take(ret, xasprintf("%s.ids=", plan->driver));
}

/* A boot partition that is not mounted this once comes back with our words. */
static void keep_missing(struct rendering *rendering)
{
	const struct token_record *before = &rendering->record_before;

	for (size_t i = 0; i < before->n; i++) {
		const char *path = before->v[i].name;
		const struct file *file = system_file(rendering->plan->system, path);
		struct strings words = { 0 };

		if (*path != '/' || (file && file->exists) ||
		    token_record_has(&rendering->record, path))
			continue;
		strings_add_all(&words, &before->v[i].words);
		token_record_add(&rendering->record, path, &words);
	}
}

void token_record_render(struct rendering *rendering)
{
	keep_missing(rendering);
	if (rendering->record.n)
		render_file(rendering, TOKENS_PATH, 0644,
			    token_record_format(&rendering->record));
}

/* As kernel-install names one (90-loaderentry.install, 20-grub.install):
 * 'ID-RELEASE.conf'. Nobody calls one so that is written by hand. */
static bool is_named_by_kernel_install(const struct system *system,
				       const struct loader_entry *entry)
{
	cleanup_free char *end = NULL;

	if (entry->kernel >= system->n_kernels)
		return false;
	end = xasprintf("-%s.conf", system->kernels[entry->kernel].release);
	return text_ends_with(entry->path, end);
}

/* A tool that writes into a recovery entry writes all of our words, but for those that
 * grubby is not given (bls.c): one that stands there without the others is the user's. */
static bool has_all_words(const char *options, const struct strings *words)
{
	cleanup_cmdline struct cmdline parsed = { 0 };
	cleanup_strings struct strings present = { 0 };

	cmdline_parse(options, &parsed);
	cmdline_list(&parsed, parsed.n, &present);
	for (size_t i = 0; i < words->n; i++)
		if (strncmp(words->v[i], "rd.driver.pre=", 14) != 0 &&
		    !strings_has(&present, words->v[i]))
			return false;
	return true;
}

const struct strings *words_before(const struct rendering *rendering,
				   const struct loader_entry *entry, const char *options)
{
	static const struct strings none = { 0 };
	const struct token_record *record = &rendering->record_before;
	const struct strings *words = token_record_at(record, entry->path);
	bool is_new = !token_record_has(record, entry->path) && !entry->is_recovery &&
		      (entry->is_installed ||
		       is_named_by_kernel_install(rendering->plan->system, entry));

	if (entry->is_recovery && !has_all_words(options, words))
		return &none;
	/* The entry of a kernel that was installed since is made from that file. */
	return is_new ? token_record_at(record, KERNEL_CMDLINE_PATH) : words;
}

/* Whole words, as rpm-ostree and grubby compare them. */
void list_added(const char *line, const struct strings *before,
		const struct strings *wanted, struct strings *ret)
{
	cleanup_free char *rest = cmdline_without(line ? line : "", before);
	cleanup_cmdline struct cmdline parsed = { 0 };
	cleanup_strings struct strings present = { 0 };

	cmdline_parse(rest, &parsed);
	cmdline_list(&parsed, parsed.n, &present);
	for (size_t i = 0; i < wanted->n; i++)
		if (!strings_has(&present, wanted->v[i]))
			strings_add(ret, wanted->v[i]);
}

void report_unread(struct rendering *rendering, const char *path)
{
	findings_add(rendering->findings, SEVERITY_ERROR, "unreadable-file", path,
		     "'%s' cannot be edited, because it was not read", path);
}

bool can_edit_line(struct rendering *rendering, const struct file *file, const char *line)
{
	const char *why = NULL;

	if (strlen(file->bytes) != file->size)
		why = "it holds a NUL byte, and text was expected";
	else if (cmdline_is_open(line))
		why = "a double quote is never closed";
	if (why)
		findings_add(rendering->findings, SEVERITY_ERROR, "unfinished-file",
			     file->path, "words cannot be added to '%s': %s", file->path,
			     why);
	return !why;
}

void render_edited(struct rendering *rendering, const struct file *file, char *with,
		   char *without)
{
	struct artifact *artifact = render_file(rendering, file->path, file->mode, with);

	artifact->without = without;
	artifact->without_size = strlen(without);
}

/* Beside its entry, and sorted behind it: a loader takes the first for the default. */
static char *fallback_path(const char *path, const char *separator)
{
	int stem = (int)(strrchr(path, '.') - path);

	return xasprintf("%.*s%s" FALLBACK_ENTRY_MARK ".conf", stem, path, separator);
}

static void render_fallback(struct rendering *rendering, const struct file *file,
			    const char *without, const struct entry_style *style)
{
	cleanup_strings struct strings off = { 0 }, ignored = { 0 };
	cleanup_free char *path = fallback_path(file->path, style->separator);
	cleanup_free char *options = entry_options(without), *with = NULL;

	list_off_words(rendering->plan, &off);
	with = cmdline_with(options, &off, &ignored);
	render_file(rendering, path, file->mode,
		    entry_as_fallback(without, with, style->indent));
}

static void edit_entry(struct rendering *rendering, const struct loader_entry *entry,
		       const struct file *file, const struct entry_style *style)
{
	cleanup_free char *options = entry_options(file->bytes);
	cleanup_free char *rest = NULL, *with = NULL, *without = NULL;
	struct strings added = { 0 };
	char *text;

	if (!can_edit_line(rendering, file, options))
		return;
	rest = cmdline_without(options, words_before(rendering, entry, options));
	without = entry_with_options(file->bytes, rest);
	if (rendering->plan->keeps_fallback)
		render_fallback(rendering, file, without, style);
	/* One variable of GRUB stands for the options of all entries. */
	if (strstr(options, KERNELOPTS))
		return;
	with = cmdline_with(rest, &rendering->plan->cmdline, &added);
	text = entry_with_options(without, with);
	render_edited(rendering, file, text, steal_ptr(without));
	token_record_add(&rendering->record, file->path, &added);
}

/* What grub2-mkconfig and grubby write there with the options of all entries is ours but
 * for what was there before: undone.c takes it out. */
static void watch_recovery(struct rendering *rendering, const struct loader_entry *entry)
{
	const struct file *file = system_file(rendering->plan->system, entry->path);
	cleanup_free char *options = NULL, *rest = NULL;
	struct strings missing = { 0 };

	if (!file || !file->exists)
		return;
	options = entry_options(file->bytes);
	rest = cmdline_without(options, words_before(rendering, entry, options));
	free(cmdline_with(rest, &rendering->plan->cmdline, &missing));
	token_record_add(&rendering->record, file->path, &missing);
}

/* Recovery must work where a reservation went wrong. */
static bool is_edited(const struct loader_entry *entry, const struct entry_style *style)
{
	return !entry->is_fallback && !entry->is_recovery &&
	       (style->edits_installed || !entry->is_installed);
}

bool render_entries(struct rendering *rendering, const struct entry_style *style)
{
	const struct system *system = rendering->plan->system;
	bool has_any = false;

	for (size_t i = 0; i < system->chain.n_entries; i++) {
		const struct loader_entry *entry = &system->chain.entries[i];
		const struct file *file = system_file(system, entry->path);

		if (entry->is_recovery && style->edits_installed)
			watch_recovery(rendering, entry);
		if (!is_edited(entry, style))
			continue;
		has_any = true;
		if (!file)
			report_unread(rendering, entry->path);
		else if (file->exists)
			edit_entry(rendering, entry, file, style);
	}
	return has_any;
}
