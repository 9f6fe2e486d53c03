/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel command line that the loader's files ask for by hand: what is edited and not
 * booted yet, and what a root has that does not run. It is read line by line and not run;
 * what only a shell could tell is passed over.
 */
#include "plan/tokens.h"

#include <stdlib.h>
#include <string.h>

/* What is in a file of our own is not by hand. */
static bool is_by_hand(const struct file *file, const char *folder)
{
	return file->exists && strncmp(file->path, folder, strlen(folder)) == 0 &&
	       !strstr(file->path + strlen(folder), "vfio-bootcfg");
}

/* The words of a line of shell, up to a comment; the quotes go. */
static void add_shell_words(const char *value, size_t n, struct strings *words)
{
	cleanup_free char *text = xasprintf("%.*s", (int)n, value);
	char *comment = strstr(text, " #");

	if (comment)
		*comment = '\0';
	strings_split(words, text, " \t\r\"'\\");
}

/* Behind the name and '=' or '+=', where the line sets that variable; else NULL. */
static const char *value_of(const char *line, const char *variable)
{
	size_t n = strlen(variable);

	line += strspn(line, " \t");
	if (strncmp(line, "export ", 7) == 0)
		line += 7 + strspn(line + 7, " \t");
	if (strncmp(line, variable, n) != 0)
		return NULL;
	line += n;
	line += *line == '+';
	return *line == '=' ? line + 1 : NULL;
}

/* A line that does not begin with the old value replaces it. Our own block adds to it. */
static void read_grub_file(const struct file *file, const char *variable,
			   struct strings *words)
{
	bool is_ours = false;

	for (const char *line = file->bytes; *line;) {
		size_t n = strcspn(line, "\n");
		const char *value = value_of(line, variable);

		if (strncmp(line, "# BEGIN vfio-bootcfg", 20) == 0)
			is_ours = true;
		if (value && !is_ours) {
			size_t length = n - (size_t)(value - line);

			if (value[-2] != '+' && !memchr(value, '$', length))
				strings_free(words);
			add_shell_words(value, length, words);
		}
		if (strncmp(line, "# END vfio-bootcfg", 18) == 0)
			is_ours = false;
		line += n + (line[n] == '\n');
	}
}

static void read_grub(const struct system *system, const char *variable,
		      struct strings *ret)
{
	const struct file *main_file = system_file(system, GRUB_PATH);
	cleanup_strings struct strings words = { 0 };

	if (main_file && main_file->exists)
		read_grub_file(main_file, variable, &words);
	for (size_t i = 0; system->grub_reads_dropins && i < system->n_files; i++)
		if (is_by_hand(&system->files[i], GRUB_DROPIN_FOLDER))
			read_grub_file(&system->files[i], variable, &words);
	strings_add_all(ret, &words);
}

/* Of each line that begins with `key`, which may be empty, what follows. */
static void read_lines(const struct file *file, const char *key, struct strings *words)
{
	cleanup_strings struct strings lines = { 0 };

	if (!file || !file->exists)
		return;
	strings_split(&lines, file->bytes, "\n");
	for (size_t i = 0; i < lines.n; i++) {
		const char *line = lines.v[i] + strspn(lines.v[i], " \t");

		if (*line != '#' && strncmp(line, key, strlen(key)) == 0)
			strings_split(words, line + strlen(key), " \t\r\"");
	}
}

static void read_kernel_cmdline(const struct system *system, struct strings *words)
{
	const struct file *file = system_file(system, KERNEL_CMDLINE_PATH);

	read_lines(file && file->exists
			   ? file
			   : system_file(system, KERNEL_CMDLINE_SHIPPED_PATH),
		   "", words);
	for (size_t i = 0;
	     system->chain.mkinitcpio_reads_cmdline_d && i < system->n_files; i++)
		if (is_by_hand(&system->files[i], CMDLINE_D_FOLDER))
			read_lines(&system->files[i], "", words);
}

static bool leaves_out(const struct strings *words, const char *driver)
{
	static const char *const keys[] = { "module_blacklist=", "modprobe.blacklist=" };

	for (size_t i = 0; i < 2 * words->n; i++) {
		const char *word = words->v[i / 2], *key = keys[i % 2];
		cleanup_strings struct strings names = { 0 };

		if (strncmp(word, key, strlen(key)) == 0)
			strings_split(&names, word + strlen(key), ",");
		if (cmdline_has_name(&names, driver))
			return true;
	}
	return false;
}

/* Those that boot the kernels of this root. One that leaves the driver out, beside others
 * that do not, is a way back that the administrator keeps. */
static void read_entries(const struct plan *plan, struct strings *words)
{
	const struct system *system = plan->system;
	cleanup_strings struct strings ways_back = { 0 };
	bool has_other = false;

	for (size_t i = 0; i < system->chain.n_entries; i++) {
		const struct loader_entry *entry = &system->chain.entries[i];
		cleanup_strings struct strings options = { 0 };
		bool is_way_back;

		if (entry->kernel >= system->n_kernels || entry->is_recovery ||
		    entry->is_fallback)
			continue;
		read_lines(system_file(system, entry->path), "options", &options);
		is_way_back = leaves_out(&options, plan->driver);
		has_other |= !is_way_back;
		strings_add_all(is_way_back ? &ways_back : words, &options);
	}
	if (!has_other)
		strings_add_all(words, &ways_back);
}

void plan_configured(struct plan *plan)
{
	const struct system *system = plan->system;
	cleanup_strings struct strings words = { 0 }, ours = { 0 };

	if (plan->uses_bootloader[BOOTLOADER_GRUB] ||
	    plan->uses_bootloader[BOOTLOADER_BLS]) {
		read_grub(system, "GRUB_CMDLINE_LINUX", &words);
		read_grub(system, "GRUB_CMDLINE_LINUX_DEFAULT", &words);
	}
	if (plan->uses_bootloader[BOOTLOADER_KERNEL_CMDLINE])
		read_kernel_cmdline(system, &words);
	if (plan->uses_bootloader[BOOTLOADER_BLS] ||
	    plan->uses_bootloader[BOOTLOADER_KERNEL_CMDLINE])
		read_entries(plan, &words);
	read_lines(system_file(system, TOKENS_PATH), "", &ours);
	for (size_t i = 0; i < words.n; i++)
		if (!strings_has(&ours, words.v[i]) &&
		    !strings_has(&plan->configured, words.v[i]))
			strings_add(&plan->configured, words.v[i]);
}
