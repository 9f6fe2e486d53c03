/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A generator or loader that the plan before used and this one does not: what it made
 * still reserves, so that its line of the way back is run now. Nobody tells whether that
 * was done, so that the line also stays for revert.
 */
#include "artifact/rendering.h"

#include <stdlib.h>
#include <string.h>

/* What a line makes anew or takes back. */
enum work {
	WORK_IMAGES,
	WORK_KERNEL_INSTALL,
	WORK_MENU,
	WORK_PROXMOX,
	WORK_GRUBBY,
	WORK_KARGS,
	WORK_OSTREE_INITRAMFS,
	WORK_OSTREE_FILES,
	WORKS,
};

/* One line of a work stands for all: whichever program writes the images, they are
 * written. */
static const struct {
	const char *begin;
	enum work work;
} works[] = {
	{ "dracut ", WORK_IMAGES },
	{ "mkinitcpio ", WORK_IMAGES },
	{ "sdbootutil ", WORK_IMAGES },
	{ "update-initramfs ", WORK_IMAGES },
	{ "kernel-install ", WORK_KERNEL_INSTALL },
	{ "grub-mkconfig ", WORK_MENU },
	{ "grub2-mkconfig ", WORK_MENU },
	{ "update-grub", WORK_MENU },
	{ "proxmox-boot-tool ", WORK_PROXMOX },
	{ "grubby ", WORK_GRUBBY },
	{ "rpm-ostree kargs ", WORK_KARGS },
	{ "rpm-ostree initramfs ", WORK_OSTREE_INITRAMFS },
	{ "rpm-ostree initramfs-etc ", WORK_OSTREE_FILES },
};

/* WORKS for a line that is none of ours. */
static enum work work_of(const char *line)
{
	for (size_t i = 0; i < sizeof works / sizeof *works; i++)
		if (strncmp(line, works[i].begin, strlen(works[i].begin)) == 0)
			return works[i].work;
	return WORKS;
}

/* The inverse of strings_shell_line(). */
static void split_line(const char *line, struct strings *ret)
{
	while (*line) {
		size_t size;
		char *argument;
		FILE *out = xopen_memstream(&argument, &size);
		bool in_quotes = false;

		for (; *line && (in_quotes || *line != ' '); line++)
			if (*line == '\'')
				in_quotes = !in_quotes;
			else if (*line == '\\' && !in_quotes && line[1])
				fputc(*++line, out);
			else
				fputc(*line, out);
		fclose(out);
		strings_take(ret, argument);
		line += strspn(line, " ");
	}
}

/* Or need not be done. */
static void list_done(const struct rendering *rendering, bool *is_done)
{
	is_done[WORK_MENU] = !rendering->plan->system->bootloader[BOOTLOADER_GRUB].found;
	for (size_t i = 0; i < rendering->way_back.n; i++) {
		enum work work = work_of(rendering->way_back.v[i]);

		if (work != WORKS)
			is_done[work] = true;
	}
	if (is_done[WORK_KERNEL_INSTALL] && kernel_install_rebuilds(rendering->plan))
		is_done[WORK_IMAGES] = true;
}

/* For a plan that comes back to the tool: it takes out what it does not put in. */
static void keep_words(struct rendering *rendering, const char *place)
{
	const struct strings *before = token_record_at(&rendering->record_before, place);
	struct strings words = { 0 };

	if (!before->n)
		return;
	strings_add_all(&words, before);
	token_record_add(&rendering->record, place, &words);
}

void left_behind_render(struct rendering *rendering)
{
	const struct file *file = system_file(rendering->plan->system, WAY_BACK_PATH);
	cleanup_strings struct strings lines = { 0 };
	bool is_done[WORKS] = { false };

	if (!file || !file->exists)
		return;
	list_done(rendering, is_done);
	strings_split(&lines, file->bytes, "\n");
	for (size_t i = 0; i < lines.n; i++) {
		enum work work = work_of(lines.v[i]);
		cleanup_strings struct strings argv = { 0 };

		if (work == WORKS || is_done[work])
			continue;
		split_line(lines.v[i], &argv);
		render_command_list(rendering, &argv);
		if (work == WORK_GRUBBY)
			keep_words(rendering, "grubby");
		else if (work == WORK_KARGS)
			keep_words(rendering, "rpm-ostree");
	}
}
