/* SPDX-License-Identifier: GPL-2.0-or-later */
/* default-cmdline: whether kernels that are installed later get the tokens as well. */
#include "verify/forecast_loss.h"
#include "verify/result.h"

#include <string.h>

static void judge_grub_default(struct forecast *forecast)
{
	static const char settings[] = GRUB_PATH;
	const struct next_boot *next = forecast->next;

	for (size_t i = 0; i < next->n_files; i++) {
		const struct planned_file *file = &next->files[i];

		if (strncmp(file->path, settings, strlen(settings)) != 0 ||
		    file->state == FILE_CURRENT)
			continue;
		result_remedy(
			forecast_add(
				forecast, NULL, CHECK_FAIL,
				"kernels to come do not get the parameters: '%s' is not as planned",
				file->path),
			"run 'vfio-bootcfg generate --rebuild'");
		return;
	}
	if (next->cmdline_lost_at)
		result_remedy(
			forecast_add(
				forecast, NULL, CHECK_FAIL,
				"kernels to come do not get the parameters: '%s' sets the command line anew",
				next->cmdline_lost_at),
			"move that line to a file that sorts before 'zz-vfio-bootcfg.cfg', and run 'vfio-bootcfg generate --rebuild'");
	else
		forecast_add(forecast, NULL, CHECK_PASS,
			     "kernels to come get the parameters from '%s'", settings);
}

/* `names` is the path, or all of them, in quotes. */
static void judge_source(struct forecast *forecast, const char *names, const char *path,
			 const char *text)
{
	cleanup_loss struct loss loss = { 0 };
	cleanup_free char *lost = NULL;
	struct check_result *result;

	loss_judge(forecast, NULL, text, &loss);
	if (!loss_is_any(&loss)) {
		result_shows(forecast_add(forecast, NULL, CHECK_PASS,
					  "kernels to come get the parameters from %s",
					  names),
			     path, "%s", text);
		return;
	}
	lost = loss_text(&loss);
	result = forecast_add(forecast, NULL, loss_status(&loss),
			      "kernels to come get their command line from %s, which %s",
			      names, lost);
	result_shows(result, path, "%s", text);
	result_remedy(result, "run 'vfio-bootcfg generate --rebuild'");
}

/* kernel-install takes that of the boot in which it runs where no file says otherwise. */
static void judge_running(struct forecast *forecast)
{
	static const char write_it[] =
		"run 'vfio-bootcfg generate --rebuild', which writes '/etc/kernel/cmdline'";
	cleanup_loss struct loss loss = { 0 };
	cleanup_free char *lost = NULL;
	struct check_result *result;

	if (!forecast->running_cmdline) {
		result = forecast_add(
			forecast, NULL, CHECK_FAIL,
			"'/etc/kernel/cmdline' is missing: kernels to come get the command line of whatever runs when they are installed");
		result_remedy(result, "%s", write_it);
		return;
	}
	loss_judge(forecast, NULL, forecast->running_cmdline, &loss);
	lost = loss_is_any(&loss) ? loss_text(&loss) : NULL;
	result =
		lost ? forecast_add(
			       forecast, NULL, CHECK_FAIL,
			       "'/etc/kernel/cmdline' is missing: the next kernel that is installed gets the command line of this boot, which %s",
			       lost)
		     : forecast_add(
			       forecast, NULL, CHECK_WARN,
			       "'/etc/kernel/cmdline' is missing: a kernel that is installed from another boot than this gets no parameter");
	result_shows(result, "/proc/cmdline", "%s", forecast->running_cmdline);
	result_remedy(result, "%s", write_it);
}

static void judge_kernel_cmdline(struct forecast *forecast)
{
	const struct next_boot *next = forecast->next;
	const struct boot_chain *chain = &forecast->plan->system->chain;
	cleanup_strings struct strings texts = { 0 }, paths = { 0 };
	cleanup_free char *text = NULL, *path = NULL, *between = NULL, *names = NULL;

	/* RHEL 8: the entries of new kernels name the variable. */
	if (!next->n_sources && chain->kernelopts) {
		judge_source(forecast, "'kernelopts in grubenv'", "kernelopts in grubenv",
			     chain->kernelopts);
		return;
	}
	if (!next->n_sources && (chain->uses_kernel_install || chain->mkinitcpio_uki ||
				 boot_chain_is_proxmox(chain))) {
		judge_running(forecast);
		return;
	}
	for (size_t i = 0; i < next->n_sources; i++) {
		const struct cmdline_source *source = &next->sources[i];

		if (source->error) {
			forecast_add(forecast, NULL, CHECK_UNKNOWN,
				     "'%s' cannot be read: %s", source->path,
				     strerror(-source->error));
			return;
		}
		/* Only mkinitcpio reads more than the first. */
		if (i && !chain->mkinitcpio_uki)
			break;
		strings_add(&texts, source->text);
		strings_add(&paths, source->path);
	}
	if (!texts.n)
		return;
	text = strings_join(&texts, " ");
	path = strings_join(&paths, " + ");
	between = strings_join(&paths, "' + '");
	names = xasprintf("'%s'", between);
	judge_source(forecast, names, path, text);
}

void forecast_default(struct forecast *forecast)
{
	const struct plan *plan = forecast->plan;

	if (plan->uses_bootloader[BOOTLOADER_GRUB])
		judge_grub_default(forecast);
	if (plan->uses_bootloader[BOOTLOADER_BLS] ||
	    plan->uses_bootloader[BOOTLOADER_KERNEL_CMDLINE])
		judge_kernel_cmdline(forecast);
}
