/* SPDX-License-Identifier: GPL-2.0-or-later */
/* entry-cmdline: whether the entry that boots carries every token of the plan. */
#include "verify/forecast_loss.h"
#include "verify/result.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool is_file_entry(const struct boot_entry *entry)
{
	size_t n = strlen(entry->where);

	return n > 5 && strcmp(entry->where + n - 5, ".conf") == 0;
}

/* How the menu is made anew. The caller frees it. */
static char *menu_command(const struct forecast *forecast)
{
	const char *path = forecast->next->menu_path;
	bool is_grub2;

	if (forecast->plan->system->grub_reads_dropins)
		return xstrdup("update-grub");
	/* The menu is on the ESP where the program is called grub2, and nowhere else. */
	is_grub2 = path && (strstr(path, "/grub2/") || strstr(path, "/EFI/"));
	return xasprintf("%s -o %s", is_grub2 ? "grub2-mkconfig" : "grub-mkconfig",
			 path ? path : "/boot/grub/grub.cfg");
}

/* Whether it is made of the kernels that are there, and not of files beside it. */
static bool is_generated(const struct next_boot *next)
{
	return !next->menu_path || !*next->menu_path ||
	       text_ends_with(next->menu_path, "/grub.cfg");
}

/* Whether each kernel has a file of its own in the menu, whose frame is there. */
static bool has_files(const struct forecast *forecast)
{
	return forecast->plan->uses_bootloader[BOOTLOADER_BLS]
		       ? forecast->next->menu_error != -ENOENT
		       : !is_generated(forecast->next);
}

/* What makes the entry of a kernel. The caller frees it. */
static char *make_entry(const struct forecast *forecast, const struct kernel *kernel)
{
	const struct boot_chain *chain = &forecast->plan->system->chain;
	const char *folder = forecast->next->menu_path;
	bool is_bls = forecast->plan->uses_bootloader[BOOTLOADER_BLS];
	cleanup_free char *command = NULL;

	if (has_files(forecast) && !is_bls && chain->mkinitcpio_uki)
		return forecast_run(forecast, "mkinitcpio -P");
	if (has_files(forecast) && chain->uses_kernel_install && kernel->image)
		command = xasprintf("kernel-install add %s %s", kernel->release,
				    kernel->image);
	else if (is_generated(forecast->next))
		command = menu_command(forecast);
	if (command)
		return forecast_run(forecast, command);
	return xasprintf(
		"write an entry into '%s', and run 'vfio-bootcfg generate --rebuild'",
		strstr(folder, "/loader/entries") ? folder : "/boot/loader/entries");
}

/* For a kernel, or NULL for all, that no entry boots. The caller frees it. */
static char *missing_entry_remedy(const struct forecast *forecast,
				  const struct subject *subject)
{
	static const struct kernel none = { 0 };
	const struct plan *plan = forecast->plan;
	const struct kernel *kernel = subject		? subject->plan->kernel
				      : plan->n_kernels ? plan->kernels[0].kernel
							: &none;
	const struct next_boot *next = forecast->next;
	char *make = make_entry(forecast, kernel), *mount;

	if (subject || !has_files(forecast) ||
	    (next->menu_path && unified_fault(next->menu_path, next->menu_error)))
		return make;
	mount = xasprintf("mount the boot partition where it is not mounted, else %s",
			  make);
	free(make);
	return mount;
}

static void add_entry_remedy(const struct forecast *forecast,
			     const struct subject *subject,
			     const struct boot_entry *entry, struct check_result *result)
{
	const char *deployed = forecast_deployed(
		forecast,
		"run the command 'rpm-ostree kargs' that 'vfio-bootcfg generate' names");
	const char *loader = plan_loader_by_hand(forecast->plan);
	cleanup_free char *command = NULL, *remedy = NULL;

	if (deployed) {
		result_remedy(result, "%s", deployed);
	} else if (entry && entry->unified && subject) {
		remedy = subject_rebuild(forecast, subject);
		result_remedy(result, "%s, which puts the command line into it", remedy);
	} else if (loader) {
		result_remedy(result, BY_HAND_REMEDY, loader);
	} else if (entry && (is_file_entry(entry) || entry->unified)) {
		result_remedy(
			result,
			"run 'vfio-bootcfg generate --rebuild', or edit its 'options' in '%s'",
			entry->where);
	} else {
		if (entry)
			command = menu_command(forecast);
		remedy = entry ? forecast_run(forecast, command)
			       : missing_entry_remedy(forecast, subject);
		result_remedy(result, "%s", remedy);
	}
}

static const char *name_of(const struct boot_entry *entry)
{
	return entry->title ? entry->title : entry->id;
}

/* `how` is '' or ', which boots next (why),'. */
static void judge_entry(struct forecast *forecast, const struct subject *subject,
			const struct boot_entry *entry, const char *how)
{
	cleanup_loss struct loss loss = { 0 };
	cleanup_free char *text = NULL;
	struct check_result *result;

	if (!entry->options) {
		forecast_add(forecast, subject, CHECK_UNKNOWN,
			     "'%s'%s has no command line that could be seen",
			     name_of(entry), how);
		return;
	}
	loss_judge(forecast, subject, entry->options, &loss);
	if (!loss_is_any(&loss)) {
		result_shows(forecast_add(forecast, subject, CHECK_PASS,
					  "'%s'%s carries every parameter of the plan",
					  name_of(entry), how),
			     entry->where, "%s", entry->options);
		return;
	}
	text = loss_text(&loss);
	result = forecast_add(forecast, subject, loss_status(&loss), "'%s'%s %s",
			      name_of(entry), how, text);
	result_shows(result, entry->where, "%s", entry->options);
	add_entry_remedy(forecast, subject, entry, result);
}

static bool is_installed(const struct forecast *forecast, const char *release)
{
	for (size_t i = 0; release && i < forecast->plan->n_kernels; i++)
		if (strcmp(forecast->plan->kernels[i].kernel->release, release) == 0)
			return true;
	return false;
}

static bool is_menu_of_proxmox(const struct forecast *forecast)
{
	const struct plan *plan = forecast->plan;

	return plan->uses_bootloader[BOOTLOADER_KERNEL_CMDLINE] &&
	       boot_chain_is_proxmox(&plan->system->chain);
}

static void judge_missing_menu(struct forecast *forecast)
{
	const struct next_boot *next = forecast->next;
	const char *fault =
		next->menu_path ? unified_fault(next->menu_path, next->menu_error) : NULL;
	bool is_missing = next->menu_error == -ENOENT || next->menu_error == 0 || fault;
	cleanup_free char *command = NULL;
	struct check_result *result;

	if (is_missing && is_menu_of_proxmox(forecast)) {
		command = forecast_run(forecast, "proxmox-boot-tool refresh");
		result_remedy(
			forecast_add(
				forecast, NULL, CHECK_UNKNOWN,
				"the menu is on partitions that proxmox-boot-tool mounts only while it writes them: make sure that it has run since the command line was changed"),
			"%s", command);
		return;
	}
	if (is_missing && next_boot_loader(forecast->plan) == MENU_NONE) {
		forecast_add(
			forecast, NULL, CHECK_UNKNOWN,
			"no boot menu was found that could be read: make sure that its entry carries the parameters");
		return;
	}
	result = is_missing
			 ? forecast_add(forecast, NULL, CHECK_FAIL, "'%s' %s",
					next->menu_path,
					fault ? fault : "has no entry that boots Linux")
			 : forecast_add(forecast, NULL, CHECK_UNKNOWN,
					"'%s' cannot be read: %s%s", next->menu_path,
					strerror(-next->menu_error),
					next->menu_error == -EACCES ? " (root may)" : "");
	if (is_missing)
		add_entry_remedy(forecast, NULL, NULL, result);
}

/* An entry of its own file that boots what is not here: of another system on the same
 * partition, which has no use for our words. */
static void judge_stranger(struct forecast *forecast, const struct boot_entry *entry)
{
	struct check_result *result = forecast_add(
		forecast, NULL, CHECK_UNKNOWN,
		"'%s' boots next (%s), and its kernel '%s' is not installed here",
		name_of(entry), forecast->next->menu.why, entry->release);

	if (forecast->plan->system->chain.is_ostree_deployed)
		result_remedy(
			result,
			"boot that deployment and run 'vfio-bootcfg verify', which judges it");
	else
		result_remedy(
			result,
			"make an entry of this system the default, or remove '%s' where its kernel is gone",
			entry->where);
}

/* The entry that boots next, where it is not that of a kernel that is judged anyway. */
void forecast_entry(struct forecast *forecast)
{
	const struct boot_menu *menu = &forecast->next->menu;
	const struct boot_entry *entry =
		menu->chosen < menu->n ? &menu->v[menu->chosen] : NULL;
	cleanup_free char *how = NULL;

	if (!menu->n) {
		judge_missing_menu(forecast);
		return;
	}
	if (!entry) {
		forecast_add(forecast, NULL, CHECK_WARN,
			     "what boots next is no Linux: %s", menu->why);
		return;
	}
	if (is_installed(forecast, entry->release))
		return;
	if (entry->release && is_file_entry(entry)) {
		judge_stranger(forecast, entry);
		return;
	}
	how = xasprintf(", which boots next (%s),", menu->why);
	judge_entry(forecast, NULL, entry, how);
	if (entry->release)
		add_entry_remedy(
			forecast, NULL, entry,
			forecast_add(
				forecast, NULL, CHECK_UNKNOWN,
				"'%s' boots next, and its kernel '%s' is not installed",
				name_of(entry), entry->release));
	else
		forecast_add(forecast, NULL, CHECK_UNKNOWN,
			     "'%s' boots next, and its kernel cannot be told",
			     name_of(entry));
}

void forecast_kernel_entry(struct forecast *forecast, const struct subject *subject)
{
	const struct boot_menu *menu = &forecast->next->menu;
	cleanup_free char *how = NULL;

	if (!menu->n)
		return;
	if (!subject->entry) {
		add_entry_remedy(forecast, subject, NULL,
				 forecast_add(forecast, subject, CHECK_WARN,
					      "no entry of the menu boots kernel '%s'",
					      subject->release));
		return;
	}
	how = subject->boot->entry == menu->chosen
		      ? xasprintf(", which boots kernel '%s' next (%s),",
				  subject->release, menu->why)
		      : xasprintf(", which boots kernel '%s',", subject->release);
	judge_entry(forecast, subject, subject->entry, how);
}
