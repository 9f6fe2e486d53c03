/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /etc/kernel/cmdline: one line that becomes the kernel command line of the next kernel
 * (kernel-install, grubby, ukify, mkinitcpio). Up to systemd 252 a comment in it would
 * reach the kernel, so that ours stands in the record of words. Where the file is missing
 * it is made of what boots now: of our words alone, the next kernel would have no root=.
 */
#include "artifact/cmdline_edit.h"
#include "artifact/entry_text.h"
#include "artifact/rendering.h"
#include "base/cmdline.h"

#include <stdlib.h>
#include <string.h>

/* The words of a file, whose lines count as blanks; comments are left out. */
static void add_words(const char *text, struct strings *ret)
{
	cleanup_strings struct strings lines = { 0 };

	strings_split(&lines, text, "\r\n");
	for (size_t i = 0; i < lines.n; i++) {
		cleanup_cmdline struct cmdline words = { 0 };

		if (lines.v[i][strspn(lines.v[i], " \t")] == '#')
			continue;
		cmdline_parse(lines.v[i], &words);
		for (size_t k = 0; k < words.n; k++)
			strings_add(ret, words.v[k].text);
	}
}

char *join_cmdline_files(const struct strings *texts)
{
	cleanup_strings struct strings words = { 0 };

	for (size_t i = 0; i < texts->n; i++)
		add_words(texts->v[i], &words);
	return strings_join(&words, " ");
}

/* Those that the loader and kernel-install add by themselves (kernel-install(8)), those
 * that GRUB would expand, and those of ours. */
static bool is_kept(const char *word, const struct strings *ours)
{
	static const char *const added[] = { "BOOT_IMAGE=", "initrd=",
					     "systemd.machine_id=" };

	for (size_t i = 0; i < sizeof added / sizeof *added; i++)
		if (strncmp(word, added[i], strlen(added[i])) == 0)
			return false;
	return !strchr(word, '$') && !strings_has(ours, word);
}

static char *kept_line(const struct rendering *rendering, const char *text)
{
	cleanup_strings struct strings words = { 0 }, ours = { 0 }, kept = { 0 };

	list_off_words(rendering->plan, &ours);
	strings_add_all(&ours, &rendering->plan->cmdline);
	for (size_t i = 0; i < rendering->record_before.n; i++)
		strings_add_all(&ours, &rendering->record_before.v[i].words);
	add_words(text, &words);
	for (size_t i = 0; i < words.n; i++)
		if (is_kept(words.v[i], &ours))
			strings_add(&kept, words.v[i]);
	return strings_join(&kept, " ");
}

/* The options of the newest kernel's entry, or NULL. The caller frees it. */
static char *newest_options(const struct system *system)
{
	const struct loader_entry *newest = NULL;
	const struct file *file;

	for (size_t i = 0; i < system->chain.n_entries; i++) {
		const struct loader_entry *entry = &system->chain.entries[i];

		if (!entry->is_recovery && !entry->is_fallback &&
		    (!newest || entry->kernel >= newest->kernel))
			newest = entry;
	}
	file = newest ? system_file(system, newest->path) : NULL;
	return file && file->exists ? entry_options(file->bytes) : NULL;
}

/* What the missing file stands for now; NULL where nothing tells. The caller frees it. */
static char *present_line(const struct rendering *rendering)
{
	const struct system *system = rendering->plan->system;
	const struct file *shipped = system_file(system, KERNEL_CMDLINE_SHIPPED_PATH);
	cleanup_free char *options = newest_options(system);
	const char *text = system->chain.running_cmdline;

	if (options && !strstr(options, KERNELOPTS))
		text = options;
	if (shipped && shipped->exists)
		text = shipped->bytes;
	return text ? kept_line(rendering, text) : NULL;
}

static void make_file(struct rendering *rendering)
{
	cleanup_free char *line = present_line(rendering), *with = NULL;
	struct strings added = { 0 };

	if (!line) {
		finding_remedy(
			findings_add(
				rendering->findings, SEVERITY_ERROR, "cmdline-unknown",
				KERNEL_CMDLINE_PATH,
				"this file is missing, and nothing tells what it would hold: with our words alone a kernel would boot without 'root='"),
			"write the kernel command line that boots this root into '" KERNEL_CMDLINE_PATH
			"', on one line");
		return;
	}
	with = cmdline_with(line, &rendering->plan->cmdline, &added);
	render_file(rendering, KERNEL_CMDLINE_PATH, 0644, xasprintf("%s\n", with));
	token_record_add(&rendering->record, KERNEL_CMDLINE_PATH, &added);
}

/* The first line that is none of comments and blanks, which is the one that grubby knows;
 * the end where there is none. */
static const char *find_line(const char *text, size_t *ret_n)
{
	for (; *text; text += strcspn(text, "\n") + (strchr(text, '\n') != NULL)) {
		const char *word = text + strspn(text, " \t");

		*ret_n = strcspn(text, "\r\n");
		if (*word && !strchr("#\r\n", *word))
			return text;
	}
	*ret_n = 0;
	return text;
}

char *cmdline_file_without(const char *text, const struct strings *words)
{
	size_t n;
	const char *line = find_line(text, &n);
	cleanup_free char *content = xstrndup(line, n);
	cleanup_free char *rest = cmdline_without(content, words);

	return text_with_line(text, (size_t)(line - text), n, rest);
}

static void edit_file(struct rendering *rendering, const struct file *file)
{
	size_t n;
	const char *line = find_line(file->bytes, &n);
	cleanup_free char *text = xstrndup(line, n), *rest = NULL, *with = NULL;
	const struct strings *ours =
		token_record_at(&rendering->record_before, file->path);
	size_t begin = (size_t)(line - file->bytes);
	struct strings added = { 0 };

	if (!can_edit_line(rendering, file, text))
		return;
	rest = cmdline_without(text, ours);
	with = cmdline_with(rest, &rendering->plan->cmdline, &added);
	render_edited(rendering, file, text_with_line(file->bytes, begin, n, with),
		      text_with_line(file->bytes, begin, n, rest));
	token_record_add(&rendering->record, file->path, &added);
}

void render_cmdline_file(struct rendering *rendering)
{
	const struct file *file =
		system_file(rendering->plan->system, KERNEL_CMDLINE_PATH);

	if (!file)
		report_unread(rendering, KERNEL_CMDLINE_PATH);
	else if (file->exists)
		edit_file(rendering, file);
	else if (rendering->plan->cmdline.n)
		make_file(rendering);
}
