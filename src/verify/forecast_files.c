/* SPDX-License-Identifier: GPL-2.0-or-later */
/* files-current, kernel-driver and competitor-builtin: what stands before any image. */
#include "facts/record.h"
#include "verify/forecast.h"
#include "verify/result.h"

#include <string.h>

static const char write_them[] = "run 'vfio-bootcfg generate --rebuild'";

/* What generate writes whatever else it writes, and reads the next time: no boot does. */
static const char record[] = RECORD_PATH;

static void judge_record(struct forecast *forecast)
{
	result_remedy(
		forecast_add(
			forecast, NULL, CHECK_WARN,
			"'%s' is not what the plan says; the next boot does not depend on it",
			record),
		"run 'vfio-bootcfg generate', which remembers where the devices are now");
}

static void judge_file(struct forecast *forecast, const struct planned_file *file)
{
	static const char *const faults[] = {
		[FILE_CURRENT] = NULL,
		[FILE_MISSING] = "is missing",
		[FILE_DIFFERS] = "is not what the plan says",
		[FILE_EDITED] = "was edited since generate wrote it",
		[FILE_LEFT_OVER] = "is left over of an earlier plan",
	};

	struct check_result *result;

	if (file->state == FILE_CURRENT)
		return;
	if (file->state == FILE_DIFFERS && strcmp(file->path, record) == 0) {
		judge_record(forecast);
		return;
	}
	result = forecast_add(forecast, NULL, CHECK_FAIL, "'%s' %s", file->path,
			      faults[file->state]);
	if (file->state == FILE_EDITED)
		result_remedy(result,
			      "move the edit to a file of your own, remove '%s', and %s",
			      file->path, write_them);
	else
		result_remedy(result, "%s ('--dry-run' shows the difference)",
			      write_them);
}

static bool was_never_generated(const struct forecast *forecast)
{
	const struct next_boot *next = forecast->next;
	const struct planned_file *file = forecast_file(forecast, record);

	for (size_t i = 0; i < next->n_files; i++)
		if (next->files[i].state != FILE_MISSING &&
		    next->files[i].state != FILE_DIFFERS)
			return false;
	return file && file->state == FILE_MISSING;
}

void forecast_files(struct forecast *forecast)
{
	const struct next_boot *next = forecast->next;
	size_t before = forecast->verification->n_checks;

	if (next->refused) {
		result_remedy(
			forecast_add(
				forecast, NULL, CHECK_FAIL,
				"this configuration is refused, so that nothing can be compared: %s",
				next->refused),
			"run 'vfio-bootcfg generate --dry-run', which says all");
		return;
	}
	if (was_never_generated(forecast)) {
		result_remedy(
			forecast_add(
				forecast, NULL, CHECK_FAIL,
				"'vfio-bootcfg generate' was not run here: %zu files are missing or without its words",
				next->n_files),
			"%s ('--dry-run' shows them)", write_them);
		return;
	}
	for (size_t i = 0; i < next->n_files; i++)
		judge_file(forecast, &next->files[i]);
	if (forecast->verification->n_checks == before)
		forecast_add(forecast, NULL, CHECK_PASS,
			     "%zu files are what the plan says", next->n_files);
}

void forecast_kernel_driver(struct forecast *forecast, const struct subject *subject)
{
	const char *driver = forecast->plan->driver;

	switch (subject->plan->driver) {
	case MODULE_LOADABLE:
		forecast_add(forecast, subject, CHECK_PASS, "kernel '%s' has '%s'",
			     subject->release, driver);
		break;
	case MODULE_BUILTIN:
		forecast_add(forecast, subject, CHECK_PASS,
			     "kernel '%s' has '%s' built in", subject->release, driver);
		break;
	case MODULE_MISSING:
		result_remedy(
			forecast_add(
				forecast, subject, CHECK_FAIL,
				"kernel '%s' has no '%s': booting it reserves nothing",
				subject->release, driver),
			"install that kernel's package of extra modules, or remove the kernel");
		break;
	}
}

static void judge_builtin(struct forecast *forecast, const struct subject *subject,
			  const struct target *target, const char *module)
{
	cleanup_free char *address = xstrdup(bdf_text(target->bdf).s);
	struct check_result *result;

	if (target->claim == CLAIM_ADDRESS)
		result = forecast_add(
			forecast, subject, CHECK_PASS,
			"kernel '%s' has '%s' built in, from which the early binder takes it",
			subject->release, module);
	else
		result = forecast_add(
			forecast, subject, CHECK_WARN,
			"kernel '%s' has '%s' built in, which comes before '%s'",
			subject->release, module, forecast->plan->driver);
	if (target->claim != CLAIM_ADDRESS)
		result_remedy(result, "set 'claim = address' in [device %s]",
			      target->rule->name);
	result->address = steal_ptr(address);
}

void forecast_builtin(struct forecast *forecast, const struct subject *subject)
{
	const struct plan *plan = forecast->plan;

	for (size_t i = 0; i < plan->n_targets; i++) {
		const struct target *target = &plan->targets[i];
		cleanup_free char *modalias = NULL;
		struct modules matches;

		if (!target->function)
			continue;
		modalias = function_modalias(target->function);
		matches = kernel_matches(subject->plan->kernel, modalias);
		for (size_t k = 0; k < matches.n; k++)
			if (matches.v[k].state == MODULE_BUILTIN)
				judge_builtin(forecast, subject, target,
					      matches.v[k].name);
	}
}
