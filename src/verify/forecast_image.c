/* SPDX-License-Identifier: GPL-2.0-or-later */
/* image-present, image-newer, image-driver, image-softdep and image-options. */
#include "verify/forecast.h"
#include "verify/result.h"

#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#define MODPROBE_FILE "etc/modprobe.d/00-vfio-bootcfg.conf"

static void add_rebuild(struct forecast *forecast, const struct subject *subject,
			struct check_result *result)
{
	cleanup_free char *rebuild = subject_rebuild(forecast, subject);

	result_remedy(result, "%s", rebuild);
}

/* A driver that is built in needs no image, but the early binder does. */
static void judge_without_image(struct forecast *forecast, const struct subject *subject)
{
	bool is_needed =
		subject->plan->driver != MODULE_BUILTIN || forecast->plan->needs_early;
	struct check_result *result =
		forecast_add(forecast, subject, is_needed ? CHECK_FAIL : CHECK_PASS,
			     is_needed ? "the entry of kernel '%s' loads no initramfs"
				       : "the entry of kernel '%s' needs no initramfs",
			     subject->release);

	if (!is_needed)
		return;
	if (subject->entry)
		result_shows(result, subject->entry->where, "%s",
			     subject->entry->title ? subject->entry->title : "no title");
	add_rebuild(forecast, subject, result);
}

static void judge_error(struct forecast *forecast, const struct subject *subject)
{
	const struct boot_image *image = subject->image;
	const char *fault = image->path ? unified_fault(image->path, image->error) : NULL;

	if (!image->path)
		judge_without_image(forecast, subject);
	else if (fault)
		add_rebuild(forecast, subject,
			    forecast_add(forecast, subject, CHECK_FAIL,
					 "'%s' of kernel '%s' %s", image->path,
					 subject->release, fault));
	else if (image->error == -ENOENT || image->error == -ENOTDIR)
		add_rebuild(forecast, subject,
			    forecast_add(forecast, subject, CHECK_FAIL,
					 "'%s' of kernel '%s' is missing", image->path,
					 subject->release));
	else
		forecast_add(forecast, subject, CHECK_UNKNOWN,
			     "'%s' of kernel '%s' cannot be read: %s%s", image->path,
			     subject->release, strerror(-image->error),
			     image->error == -EACCES ? " (root may)" : "");
}

void forecast_image(struct forecast *forecast, const struct subject *subject)
{
	const struct boot_image *image = subject->image;
	const struct image *content = &image->image;

	if (image->error) {
		judge_error(forecast, subject);
		return;
	}
	switch (content->state) {
	case IMAGE_WHOLE:
		forecast_add(forecast, subject, CHECK_PASS,
			     "'%s' holds %zu files, %zu of them modules of kernel '%s'",
			     image->path, content->n_entries,
			     image_count_modules(content, subject->release),
			     subject->release);
		break;
	case IMAGE_BROKEN:
		add_rebuild(forecast, subject,
			    forecast_add(forecast, subject, CHECK_FAIL,
					 "'%s' of kernel '%s' is broken: %s", image->path,
					 subject->release, content->problem));
		break;
	case IMAGE_UNREAD:
		forecast_add(forecast, subject, CHECK_UNKNOWN,
			     "'%s' of kernel '%s' cannot be read to its end: %s",
			     image->path, subject->release, content->problem);
		break;
	}
}

/* Whether images are made from it. */
static bool goes_into_images(const struct planned_file *file)
{
	static const char *const folders[] = {
		"/etc/dracut.conf.d/", "/etc/initramfs-tools/", "/etc/mkinitcpio.conf",
		"/etc/modprobe.d/",    "/etc/vfio-bootcfg/",
	};

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		if (strncmp(file->path, folders[i], strlen(folders[i])) == 0)
			return true;
	return false;
}

void forecast_image_age(struct forecast *forecast, const struct subject *subject)
{
	const struct planned_file *newest = NULL;
	const struct next_boot *next = forecast->next;

	for (size_t i = 0; i < next->n_files; i++)
		if (goes_into_images(&next->files[i]) &&
		    (!newest || newest->modified < next->files[i].modified))
			newest = &next->files[i];
	if (!newest || !subject_has_image(subject))
		return;
	if (subject->image->modified >= newest->modified)
		forecast_add(forecast, subject, CHECK_PASS,
			     "'%s' was made after what goes into it",
			     subject->image->path);
	else
		add_rebuild(forecast, subject,
			    forecast_add(forecast, subject, CHECK_WARN,
					 "'%s' is older than '%s', which goes into it",
					 subject->image->path, newest->path));
}

/* What modprobe needs for the driver: by the index of the image, else what of the family
 * this kernel has as modules. */
static void list_needed(const struct forecast *forecast, const struct subject *subject,
			struct strings *ret)
{
	static const char *const family[] = { "vfio", "vfio_pci_core", "vfio_virqfd" };
	const struct plan *plan = forecast->plan;
	bool is_vfio = strstr(plan->driver, "vfio");

	strings_add(ret, plan->driver);
	if (image_dependencies(&subject->image->image, subject->release, plan->driver,
			       ret))
		return;
	for (size_t i = 0; is_vfio && i < sizeof family / sizeof *family; i++)
		if (kernel_module_state(subject->plan->kernel, family[i]) ==
		    MODULE_LOADABLE)
			strings_add(ret, family[i]);
}

/* 'a', 'b' of those that the image lacks. */
static char *join_missing(const struct subject *subject, const struct strings *modules,
			  const struct strings *but)
{
	cleanup_strings struct strings missing = { 0 };

	for (size_t i = 0; i < modules->n; i++)
		if (!image_has_module(&subject->image->image, subject->release,
				      modules->v[i]) &&
		    !(but && strings_has(but, modules->v[i])))
			strings_take(&missing, xasprintf("'%s'", modules->v[i]));
	return missing.n ? strings_join(&missing, ", ") : NULL;
}

/* An image that was made for another kernel has nothing for this one. */
static void show_modules(const struct subject *subject, struct check_result *result)
{
	const struct image *image = &subject->image->image;
	size_t n = image_count_modules(image, subject->release);

	if (n || !image->n_modules)
		result_shows(result, subject->image->path,
			     "%zu modules of kernel '%s' are in it", n, subject->release);
	else
		result_shows(result, subject->image->path,
			     "its %zu modules are of kernel '%s'", image->n_modules,
			     image->modules[0].release);
}

void forecast_image_driver(struct forecast *forecast, const struct subject *subject)
{
	cleanup_strings struct strings needed = { 0 };
	cleanup_free char *missing = NULL, *late = NULL;
	struct check_result *result;

	if (!subject_has_image(subject) || subject->plan->driver != MODULE_LOADABLE)
		return;
	list_needed(forecast, subject, &needed);
	missing = join_missing(subject, &needed, NULL);
	late = join_missing(subject, &subject->plan->modules, &needed);
	if (missing)
		result = forecast_add(forecast, subject, subject_lack(subject),
				      "'%s' lacks %s", subject->image->path, missing);
	else if (late)
		result = forecast_add(
			forecast, subject, CHECK_WARN,
			"'%s' lacks %s, which is then loaded from the root file system",
			subject->image->path, late);
	else {
		forecast_add(forecast, subject, CHECK_PASS,
			     "'%s' has '%s' and what it needs", subject->image->path,
			     forecast->plan->driver);
		return;
	}
	show_modules(subject, result);
	add_rebuild(forecast, subject, result);
}

static bool same_bytes(const struct image_file *a, const struct planned_file *b)
{
	return a->bytes && b->bytes && a->size == b->size &&
	       memcmp(a->bytes, b->bytes, a->size) == 0;
}

/* Another file may have the line that counts; where ours is not rendered, that alone is
 * judged. */
static bool judge_softdep_lines(struct forecast *forecast, const struct subject *subject)
{
	const struct plan *plan = forecast->plan;
	bool hold = true;

	for (size_t i = 0; i < plan->n_softdeps; i++) {
		const char *module = plan->softdeps[i].module, *where;
		struct check_result *result;

		if (softdep_holds(forecast, subject, module, &where))
			continue;
		hold = false;
		result = forecast_add(
			forecast, subject, subject_lack(subject),
			where ? "in '%s' another file has the softdep of '%s' that counts"
			      : "in '%s' nothing loads the driver before '%s'",
			subject->image->path, module);
		if (where)
			result_shows(result, where, "softdep %s", module);
		add_rebuild(forecast, subject, result);
	}
	return hold;
}

void forecast_softdeps(struct forecast *forecast, const struct subject *subject)
{
	const struct planned_file *planned = forecast_file(forecast, "/" MODPROBE_FILE);
	const struct image_file *file;
	const char *path = subject->image->path;

	if (!subject_has_image(subject) || !forecast->plan->n_softdeps ||
	    subject->plan->driver != MODULE_LOADABLE)
		return;
	file = image_file(&subject->image->image, MODPROBE_FILE);
	if (!file)
		add_rebuild(forecast, subject,
			    forecast_add(forecast, subject, subject_lack(subject),
					 "'%s' lacks '" MODPROBE_FILE "'", path));
	else if (planned && !same_bytes(file, planned))
		add_rebuild(forecast, subject,
			    forecast_add(forecast, subject, CHECK_FAIL,
					 "'" MODPROBE_FILE
					 "' in '%s' is not what the plan says",
					 path));
	else if (judge_softdep_lines(forecast, subject))
		forecast_add(forecast, subject, CHECK_PASS,
			     "'%s' has the softdeps of the plan", path);
}

/* Why a line keeps the driver from what the plan wants, or NULL. */
static const char *fault_of(const struct forecast *forecast,
			    const struct subject *subject,
			    const struct modprobe_rule *rule)
{
	cleanup_free char *ids = xasprintf("%s.ids", forecast->plan->driver);
	cleanup_cmdline struct cmdline options = { 0 };

	switch (rule->kind) {
	case RULE_SOFTDEP:
		return NULL;
	case RULE_INSTALL:
		return "runs a command instead of loading";
	case RULE_BLACKLIST:
		/* init runs 'modprobe -b', which obeys (mkinitcpio, init). */
		return image_made_by(&subject->image->image) == IMAGE_BY_MKINITCPIO
			       ? "is not loaded by mkinitcpio for"
			       : NULL;
	case RULE_OPTIONS:
		/* What the command line says comes later, and the last one counts. */
		if (cmdline_find(&forecast->wanted, ids))
			return NULL;
		cmdline_parse(rule->text, &options);
		return cmdline_find(&options, "ids") ? "takes more devices by" : NULL;
	}
	return NULL;
}

void forecast_options(struct forecast *forecast, const struct subject *subject)
{
	const struct boot_image *image = subject->image;
	const char *driver = forecast->plan->driver;
	cleanup_free char *module = xstrdup(driver);
	size_t before = forecast->verification->n_checks;

	if (!subject_has_image(subject) || subject->plan->driver != MODULE_LOADABLE)
		return;
	for (char *dash = module; (dash = strchr(dash, '-'));)
		*dash = '_';
	for (size_t i = 0; i < image->n_rules; i++) {
		const struct modprobe_rule *rule = &image->rules[i];
		const char *fault = fnmatch(rule->module, module, 0) == 0
					    ? fault_of(forecast, subject, rule)
					    : NULL;
		struct check_result *result;

		if (!fault)
			continue;
		result = forecast_add(forecast, subject, CHECK_FAIL,
				      "in '%s' the driver '%s' %s a line of '%s'",
				      image->path, driver, fault, rule->where);
		result_shows(result, rule->where, "%s", rule->text);
		result_remedy(
			result,
			"remove that line from modprobe.d of the system and make the image anew");
	}
	if (forecast->verification->n_checks == before)
		forecast_add(forecast, subject, CHECK_PASS,
			     "modprobe.d in '%s' does not keep '%s' from loading",
			     image->path, driver);
}
