/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verify/forecast.h"

#include "verify/result.h"

#include <errno.h>
#include <fnmatch.h>
#include <string.h>

struct check_result *forecast_add(struct forecast *forecast,
				  const struct subject *subject, enum check_status status,
				  const char *message, ...)
{
	struct verification *verification = forecast->verification;
	struct check_result *result =
		array_add(verification->checks, verification->n_checks);
	va_list arguments;

	result->code = forecast->code;
	result->status = status;
	result->kernel = subject ? xstrdup(subject->release) : NULL;
	va_start(arguments, message);
	result->message = xvasprintf(message, arguments);
	va_end(arguments);
	return result;
}

const char *unified_fault(const char *path, int error)
{
	size_t n = strlen(path);

	if (n < 4 || strcasecmp(path + n - 4, ".efi") != 0)
		return NULL;
	if (error == -ENODATA)
		return "is empty, and no unified image";
	return error == -EINVAL ? "is no unified image" : NULL;
}

bool subject_has_image(const struct subject *subject)
{
	return !subject->image->error && subject->image->image.state != IMAGE_BROKEN;
}

enum check_status subject_lack(const struct subject *subject)
{
	return subject->image->image.state == IMAGE_UNREAD ? CHECK_UNKNOWN : CHECK_FAIL;
}

/* What made the image, or where there is none, what the plan is for. */
static enum image_generator generator_of(const struct forecast *forecast,
					 const struct subject *subject)
{
	static const enum image_generator generators[] = {
		[INITRAMFS_DRACUT] = IMAGE_BY_DRACUT,
		[INITRAMFS_MKINITCPIO] = IMAGE_BY_MKINITCPIO,
		[INITRAMFS_TOOLS] = IMAGE_BY_INITRAMFS_TOOLS,
	};
	enum image_generator generator = image_made_by(&subject->image->image);

	_Static_assert(sizeof generators / sizeof *generators == INITRAMFS_KINDS,
		       "one row a generator");
	for (size_t i = 0; i < INITRAMFS_KINDS && generator == IMAGE_BY_OTHER; i++)
		if (forecast->plan->uses_initramfs[i])
			generator = generators[i];
	return generator;
}

static char *rebuild_command(const struct forecast *forecast,
			     const struct subject *subject)
{
	const struct boot_chain *chain = &forecast->plan->system->chain;
	const char *kernel = subject->plan->kernel->image;
	const char *path = subject->image->path, *release = subject->release;

	if (chain->kernel_install_makes_initramfs && kernel)
		return xasprintf("kernel-install add %s %s", release, kernel);
	switch (generator_of(forecast, subject)) {
	case IMAGE_BY_DRACUT:
		/* Of several files, the one that dracut makes is not known. */
		if (!path || strchr(path, ' ') || subject->image->is_unified)
			return xasprintf("dracut --force --kver %s", release);
		return xasprintf("dracut --force %s %s", path, release);
	case IMAGE_BY_MKINITCPIO:
		return xstrdup("mkinitcpio -P");
	case IMAGE_BY_INITRAMFS_TOOLS:
		return xasprintf("update-initramfs -u -k %s", release);
	case IMAGE_BY_OTHER:
		break;
	}
	return NULL;
}

const char *forecast_deployed(const struct forecast *forecast, const char *by_rpm_ostree)
{
	const struct boot_chain *chain = &forecast->plan->system->chain;

	if (!chain->is_ostree_deployed)
		return NULL;
	return chain->has_rpm_ostree
		       ? by_rpm_ostree
		       : "run 'vfio-bootcfg generate' in the build of the image that bootc brings";
}

char *forecast_run(const struct forecast *forecast, const char *command)
{
	const char *root = forecast->plan->system->root;
	cleanup_strings struct strings words = { 0 };
	cleanup_free char *quoted = NULL;

	if (strcmp(root, "/") == 0)
		return xasprintf("run '%s'", command);
	strings_add(&words, root);
	quoted = strings_shell_line(&words);
	return xasprintf("run 'chroot %s %s'", quoted, command);
}

char *subject_rebuild(const struct forecast *forecast, const struct subject *subject)
{
	const char *deployed = forecast_deployed(
		forecast,
		"run the commands 'rpm-ostree initramfs' that 'vfio-bootcfg generate' names");
	cleanup_free char *command = deployed ? NULL : rebuild_command(forecast, subject);

	if (deployed)
		return xstrdup(deployed);
	if (!command)
		return xstrdup("make the image anew, with the generator of this system");
	return forecast_run(forecast, command);
}

const struct planned_file *forecast_file(const struct forecast *forecast,
					 const char *path)
{
	for (size_t i = 0; i < forecast->next->n_files; i++)
		if (strcmp(forecast->next->files[i].path, path) == 0)
			return &forecast->next->files[i];
	return NULL;
}

static bool names_module(const char *words, const char *module)
{
	cleanup_strings struct strings names = { 0 };

	strings_split(&names, words, " ");
	return cmdline_has_name(&names, module);
}

bool softdep_holds(const struct forecast *forecast, const struct subject *subject,
		   const char *module, const char **ret_where)
{
	const struct boot_image *image = subject->image;

	*ret_where = NULL;
	/* Only the first line that matches counts (libkmod-module.c, lookup_softdep). */
	for (size_t i = 0; i < image->n_rules; i++) {
		const struct modprobe_rule *rule = &image->rules[i];

		if (rule->kind != RULE_SOFTDEP || fnmatch(rule->module, module, 0) != 0)
			continue;
		*ret_where = rule->where;
		return names_module(rule->text, forecast->plan->driver);
	}
	return false;
}

void list_rivals(const struct forecast *forecast, const struct subject *subject,
		 struct strings *ret)
{
	const struct plan *plan = forecast->plan;

	/* Those that are modules, each once, are those that have a softdep. */
	for (size_t i = 0; i < plan->n_softdeps; i++)
		if (image_has_module(&subject->image->image, subject->release,
				     plan->softdeps[i].module))
			strings_add(ret, plan->softdeps[i].module);
}

struct check_result *forecast_add_lack(struct forecast *forecast,
				       const struct subject *subject, const char *lack)
{
	cleanup_free char *rebuild = subject_rebuild(forecast, subject);
	struct check_result *result =
		forecast_add(forecast, subject, subject_lack(subject), "'%s' %s",
			     subject->image->path, lack);

	result_remedy(result, "%s", rebuild);
	return result;
}
