/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GRUB of Fedora and RHEL, whose menu is the files of loader/entries. The options of the
 * kernels that are there are in those, and of the kernels that come in
 * /etc/kernel/cmdline (20-grub.install). What grub2-mkconfig writes over both when an
 * administrator runs it comes from /etc/default/grub. grubby is only needed where the
 * options are a variable of GRUB's: it removes every word of a name that it adds.
 */
#include "artifact/rendering.h"
#include "base/cmdline.h"

#include <string.h>

/* '~' comes before everything else in GRUB's order, and before the end (blscfg.c,
 * vercmp), so that the newest of the others stays the first. */
static const struct entry_style style = { "~", " ", true };

/* Whether the options are in the environment block of GRUB, as RHEL 8 has it. */
static bool has_kernelopts(const struct system *system)
{
	for (size_t i = 0; i < system->chain.n_entries; i++) {
		const struct file *file =
			system_file(system, system->chain.entries[i].path);

		if (file && file->exists && strstr(file->bytes, KERNELOPTS))
			return true;
	}
	return false;
}

/* Not 'rd.driver.pre=', of which there may be several: grubby would remove the others,
 * and dracut has the file of ours. */
static void list_for_grubby(const struct plan *plan, struct strings *ret)
{
	for (size_t i = 0; i < plan->cmdline.n; i++)
		if (strncmp(plan->cmdline.v[i], "rd.driver.pre=", 14) != 0)
			strings_add(ret, plan->cmdline.v[i]);
}

static void take_args_back(struct rendering *rendering, const struct strings *words)
{
	cleanup_free char *list = strings_join(words, " ");
	cleanup_free char *args = xasprintf("--remove-args=%s", list);
	const char *const argv[] = { "grubby", "--update-kernel=ALL", args, NULL };

	render_way_back(rendering, words->n ? argv : NULL);
}

static void call_grubby(struct rendering *rendering)
{
	static const char place[] = "grubby";
	const struct strings *before = token_record_at(&rendering->record_before, place);
	cleanup_strings struct strings words = { 0 }, old = { 0 };
	cleanup_free char *added = NULL, *removed = NULL, *args = NULL,
			  *remove_args = NULL;
	struct strings ours = { 0 };

	list_for_grubby(rendering->plan, &words);
	for (size_t i = 0; i < before->n; i++)
		if (!strings_has(&words, before->v[i]))
			strings_add(&old, before->v[i]);
	added = strings_join(&words, " ");
	removed = strings_join(&old, " ");
	args = xasprintf("--args=%s", added);
	remove_args = xasprintf("--remove-args=%s", removed);
	render_command(rendering,
		       (const char *const[]){ "grubby", "--update-kernel=ALL", args,
					      old.n ? remove_args : NULL, NULL });
	list_added(rendering->plan->system->chain.kernelopts, before, &words, &ours);
	take_args_back(rendering, &ours);
	token_record_add(&rendering->record, place, &ours);
}

void bls_render(struct rendering *rendering)
{
	const struct system *system = rendering->plan->system;
	const struct file *settings = system_file(system, GRUB_PATH);

	if (has_kernelopts(system))
		call_grubby(rendering);
	else
		render_cmdline_file(rendering);
	if (!render_entries(rendering, &style))
		findings_add(
			rendering->findings, SEVERITY_WARNING, "no-entry",
			"/boot/loader/entries",
			"no menu entry of an installed kernel was found: only kernels that are installed later get the command line");
	if (settings && settings->exists)
		grub_render_for_entries(rendering);
	if (rendering->plan->keeps_fallback && system->chain.uses_kernel_install)
		render_install_plugin(rendering, &style);
}
