/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files that others write, too, as they would be without us. A tool that rewrites the
 * options of all entries, or a kernel that is installed with ours, must not keep revert
 * from taking them back; and what is done to recovery entries is undone at once.
 */
#include "artifact/cmdline_edit.h"
#include "artifact/entry_text.h"
#include "artifact/managed_block.h"
#include "artifact/rendering.h"

#include <string.h>

static void add(struct rendering *rendering, const struct file *file, char *bytes,
		size_t size)
{
	struct artifact *undone =
		array_add(rendering->artifacts->undone, rendering->artifacts->n_undone);

	undone->path = xstrdup(file->path);
	undone->mode = file->mode;
	undone->bytes = bytes;
	undone->size = size;
}

static void undo_block(struct rendering *rendering, const char *path)
{
	const struct file *file = system_file(rendering->plan->system, path);
	cleanup_findings struct findings ignored = { 0 };
	struct managed_block block;
	size_t size;
	char *rest;

	if (!file || !file->exists ||
	    !managed_block_find(file->bytes, file->size, path, &block, &ignored))
		return;
	rest = managed_block_remove(file->bytes, file->size, &block, &size);
	add(rendering, file, rest, size);
}

/* Or by proxmox-boot-tool: with the command line of the plan, or that of an earlier one
 * until it is run. */
static bool is_written_by_kernel_install(const struct plan *plan,
					 const struct loader_entry *entry)
{
	return plan->uses_bootloader[BOOTLOADER_KERNEL_CMDLINE] &&
	       (entry->is_installed || boot_chain_is_proxmox(&plan->system->chain)) &&
	       !entry->is_recovery && (!entry->is_fallback || plan->keeps_fallback);
}

static void undo_entry(struct rendering *rendering, const struct loader_entry *entry)
{
	const struct file *file = system_file(rendering->plan->system, entry->path);
	cleanup_free char *options = NULL, *rest = NULL;
	char *without;

	if (!file || !file->exists || strlen(file->bytes) != file->size ||
	    is_written_by_kernel_install(rendering->plan, entry))
		return;
	if (entry->is_fallback) {
		add(rendering, file, NULL, 0);
		return;
	}
	options = entry_options(file->bytes);
	rest = cmdline_without(options, words_before(rendering, entry, options));
	without = entry_with_options(file->bytes, rest);
	add(rendering, file, without, strlen(without));
}

static void undo_cmdline_file(struct rendering *rendering)
{
	const struct file *file =
		system_file(rendering->plan->system, KERNEL_CMDLINE_PATH);
	char *without;

	if (!file || !file->exists || strlen(file->bytes) != file->size)
		return;
	without = cmdline_file_without(
		file->bytes, token_record_at(&rendering->record_before, file->path));
	add(rendering, file, without, strlen(without));
}

/* Files of our own are in the manifest; where they are not, their mark tells. */
static void undo_own(struct rendering *rendering)
{
	const struct system *system = rendering->plan->system;
	struct artifacts *artifacts = rendering->artifacts;

	for (size_t i = 0; i < system->n_files; i++) {
		if (!file_is_own(&system->files[i]) ||
		    strstr(system->files[i].path, FALLBACK_ENTRY_MARK))
			continue;
		add(rendering, &system->files[i], NULL, 0);
		artifacts->undone[artifacts->n_undone - 1].replaces_own = true;
	}
}

/* Of words in files of others nothing tells whose they are. */
static void report_lost(struct rendering *rendering)
{
	finding_remedy(
		findings_add(
			rendering->findings, SEVERITY_WARNING, "state-lost", STATE_FOLDER,
			"what generate has written is recorded no more: its own files are known by their mark, but not its words on the kernel command line"),
		"look for 'vfio' in /etc/kernel/cmdline and the boot entries, and take out by hand what you did not write");
}

void render_undone(struct rendering *rendering)
{
	const struct boot_chain *chain = &rendering->plan->system->chain;

	if (record_is_lost(rendering->plan->system))
		report_lost(rendering);
	undo_own(rendering);
	undo_block(rendering, GRUB_PATH);
	undo_block(rendering, MKINITCPIO_PATH);
	undo_cmdline_file(rendering);
	for (size_t i = 0; i < chain->n_entries; i++)
		undo_entry(rendering, &chain->entries[i]);
}
