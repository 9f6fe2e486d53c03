/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * image-load-order: whether the driver comes before what loads the drivers of all
 * devices. How that is done differs with each generator, and so does how an image shows
 * it.
 */
#include "verify/forecast.h"
#include "verify/result.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define INIT_TOP "scripts/init-top/"

/* A module that something asks for by name, and what does. */
struct request {
	char *module;
	const char *where; /* Borrowed. */
};
struct requests {
	struct request *v;
	size_t n;
};

static void requests_free(struct requests *requests)
{
	for (size_t i = 0; i < requests->n; i++)
		free(requests->v[i].module);
	free(requests->v);
}
#define cleanup_requests cleanup(requests_free)

static void add_requests(struct requests *requests, const char *names,
			 const char *separators, const char *where)
{
	struct strings words = { 0 };

	strings_split(&words, names, separators);
	for (size_t i = 0; i < words.n; i++)
		*array_add(requests->v, requests->n) =
			(struct request){ steal_ptr(words.v[i]), where };
	strings_free(&words);
}

static const struct request *find_request(const struct requests *requests,
					  const char *module)
{
	for (size_t i = 0; i < requests->n; i++)
		if (cmdline_same_name(requests->v[i].module, module))
			return &requests->v[i];
	return NULL;
}

/* The first that asks for a rival before the driver is there; its softdep would be
 * enough to hold it back. */
static const struct request *find_early_rival(struct forecast *forecast,
					      const struct subject *subject,
					      const struct requests *requests)
{
	cleanup_strings struct strings rivals = { 0 };

	list_rivals(forecast, subject, &rivals);
	for (size_t i = 0; i < requests->n; i++) {
		const char *module = requests->v[i].module, *where;

		if (cmdline_same_name(module, forecast->plan->driver))
			return NULL;
		for (size_t k = 0; k < rivals.n; k++)
			if (cmdline_same_name(rivals.v[k], module) &&
			    !softdep_holds(forecast, subject, rivals.v[k], &where))
				return &requests->v[i];
	}
	return NULL;
}

/* Whether all is well: the driver is asked for, and no rival before it. */
static bool judge_requests(struct forecast *forecast, const struct subject *subject,
			   const struct requests *requests, const char *lack)
{
	const struct request *rival = find_early_rival(forecast, subject, requests);
	cleanup_free char *text = NULL;

	if (rival) {
		text = xasprintf("loads '%s' before '%s'", rival->module,
				 forecast->plan->driver);
		result_shows(forecast_add_lack(forecast, subject, text), rival->where,
			     "%s", rival->module);
		return false;
	}
	if (!find_request(requests, forecast->plan->driver)) {
		forecast_add_lack(forecast, subject, lack);
		return false;
	}
	return true;
}

/* Those that systemd-modules-load loads, which nothing puts after anything. */
static void list_modules_load(const struct subject *subject, struct requests *ret)
{
	static const char *const folders[] = { "etc/modules-load.d/",
					       "lib/modules-load.d/" };

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		size_t n;
		const struct image_file *files =
			image_folder(&subject->image->image, folders[i], &n);

		for (size_t k = 0; k < n; k++)
			if (files[k].bytes)
				add_requests(ret, files[k].bytes, " \t\r\n",
					     files[k].path);
	}
}

/* 'rd.driver.pre=' in dracut's own order: its files, then the command line (getcmdline,
 * dracut-lib.sh). */
static void add_preloads(struct requests *requests, const char *cmdline,
			 const char *where)
{
	cleanup_cmdline struct cmdline words = { 0 };

	cmdline_parse(cmdline, &words);
	for (size_t i = 0; i < words.n; i++)
		if (strcmp(words.v[i].name, "rd.driver.pre") == 0 && words.v[i].value)
			add_requests(requests, words.v[i].value, ",", where);
}

static void list_preloads(const struct subject *subject, struct requests *ret)
{
	const struct image *image = &subject->image->image;
	const struct image_file *file = image_file(image, "etc/cmdline"), *files;
	size_t n;

	files = image_folder(image, "etc/cmdline.d/", &n);
	for (size_t i = 0; i < n; i++)
		if (files[i].bytes)
			add_preloads(ret, files[i].bytes, files[i].path);
	if (file && file->bytes)
		add_preloads(ret, file->bytes, file->path);
	if (subject->entry && subject->entry->options)
		add_preloads(ret, subject->entry->options, subject->entry->where);
}

static void judge_dracut(struct forecast *forecast, const struct subject *subject)
{
	cleanup_requests struct requests preloads = { 0 }, loads = { 0 };
	const char *driver = forecast->plan->driver;
	const struct request *rival, *preload;

	list_preloads(subject, &preloads);
	if (!judge_requests(
		    forecast, subject, &preloads,
		    "has no 'rd.driver.pre=' for the driver, and neither has the command line"))
		return;
	list_modules_load(subject, &loads);
	rival = find_early_rival(forecast, subject, &loads);
	if (rival) {
		cleanup_free char *text =
			xasprintf("may load '%s' before '%s'", rival->module, driver);

		result_shows(forecast_add_lack(forecast, subject, text), rival->where,
			     "%s", rival->module);
		return;
	}
	preload = find_request(&preloads, driver);
	assert(preload);
	result_shows(forecast_add(forecast, subject, CHECK_PASS,
				  "'%s' loads '%s' before udev starts",
				  subject->image->path, driver),
		     preload->where, "rd.driver.pre=%s", preload->module);
}

char *mkinitcpio_value(const struct image *image, const char *name)
{
	const struct image_file *file = image_file(image, "config");
	size_t n = strlen(name);

	for (const char *line = file ? file->bytes : NULL; line;
	     line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, name, n) == 0 && strncmp(line + n, "=\"", 2) == 0)
			return xstrndup(line + n + 2, strcspn(line + n + 2, "\"\n"));
	}
	return xstrdup("");
}

/* Whether a drop-in puts coldplug behind systemd-modules-load. */
static bool is_ordered(const struct image *image)
{
	size_t n;
	const struct image_file *files = image_folder(
		image, "etc/systemd/system/systemd-udev-trigger.service.d/", &n);

	for (size_t i = 0; i < n; i++)
		if (files[i].bytes && strstr(files[i].bytes, "After=") &&
		    strstr(files[i].bytes, "systemd-modules-load.service"))
			return true;
	return false;
}

/* The rival that only a softdep could hold back, and none does; or NULL. */
static char *find_loose_rival(const struct forecast *forecast,
			      const struct subject *subject)
{
	cleanup_strings struct strings rivals = { 0 };
	const char *where;

	list_rivals(forecast, subject, &rivals);
	for (size_t i = 0; i < rivals.n; i++)
		if (!softdep_holds(forecast, subject, rivals.v[i], &where))
			return steal_ptr(rivals.v[i]);
	return NULL;
}

/* The modules are loaded beside coldplug, and not before it. */
static void judge_mkinitcpio_systemd(struct forecast *forecast,
				     const struct subject *subject)
{
	cleanup_requests struct requests loads = { 0 };
	cleanup_free char *loose = find_loose_rival(forecast, subject);
	const char *driver = forecast->plan->driver, *path = subject->image->path;

	list_modules_load(subject, &loads);
	if (!judge_requests(forecast, subject, &loads,
			    "does not name the driver in MODULES"))
		return;
	if (is_ordered(&subject->image->image))
		forecast_add(forecast, subject, CHECK_PASS,
			     "'%s' loads '%s' before coldplug", path, driver);
	else if (loose)
		result_remedy(
			forecast_add(
				forecast, subject, CHECK_WARN,
				"'%s' loads '%s' while udev may load '%s': which comes first is not certain",
				path, driver, loose),
			"use the hook 'udev' in HOOKS instead of 'systemd'");
	else
		forecast_add(forecast, subject, CHECK_PASS,
			     "in '%s' softdeps load '%s' before its rivals", path,
			     driver);
}

static void judge_mkinitcpio(struct forecast *forecast, const struct subject *subject)
{
	const struct image *image = &subject->image->image;
	cleanup_free char *modules = NULL;
	cleanup_requests struct requests requests = { 0 };

	if (image_file(image, "lib/systemd/systemd")) {
		judge_mkinitcpio_systemd(forecast, subject);
		return;
	}
	modules = mkinitcpio_value(image, "MODULES");
	add_requests(&requests, modules, " ", "config");
	if (judge_requests(forecast, subject, &requests,
			   "does not name the driver in MODULES"))
		result_shows(forecast_add(forecast, subject, CHECK_PASS,
					  "'%s' loads '%s' before coldplug",
					  subject->image->path, forecast->plan->driver),
			     "config", "MODULES=\"%s\"", modules);
}

/* The place of a script in the order of init-top, or SIZE_MAX. */
static size_t place_of(const struct image *image, const char *script)
{
	const struct image_file *order = image_file(image, INIT_TOP "ORDER");
	cleanup_free char *start = xasprintf("/" INIT_TOP "%s ", script);
	size_t place = 0;

	for (const char *line = order ? order->bytes : NULL; line;
	     line = strchr(line, '\n'), place++) {
		line += *line == '\n';
		if (strncmp(line, start, strlen(start)) == 0)
			return place;
	}
	return SIZE_MAX;
}

char *init_top_fault(const struct subject *subject, const char *script)
{
	const struct image *image = &subject->image->image;
	cleanup_free char *path = xasprintf(INIT_TOP "%s", script);

	if (!image_file(image, path))
		return xasprintf("lacks '%s'", path);
	if (place_of(image, script) == SIZE_MAX)
		return xasprintf("does not run '%s': it is not in '" INIT_TOP "ORDER'",
				 path);
	if (place_of(image, script) > place_of(image, "udev"))
		return xasprintf("runs '%s' after udev, which loads all drivers", path);
	return NULL;
}

static void judge_initramfs_tools(struct forecast *forecast,
				  const struct subject *subject)
{
	static const char script[] = "00-vfio-bootcfg";
	const struct planned_file *planned = forecast_file(
		forecast, "/etc/initramfs-tools/" INIT_TOP "00-vfio-bootcfg");
	const struct image_file *file =
		image_file(&subject->image->image, INIT_TOP "00-vfio-bootcfg");
	cleanup_free char *fault = init_top_fault(subject, script);

	if (fault)
		forecast_add_lack(forecast, subject, fault);
	else if (planned && planned->bytes && file->bytes &&
		 strcmp(planned->bytes, file->bytes) != 0)
		forecast_add_lack(forecast, subject,
				  "has another '" INIT_TOP
				  "00-vfio-bootcfg' than the plan says");
	else
		result_shows(forecast_add(forecast, subject, CHECK_PASS,
					  "'%s' loads '%s' before udev starts",
					  subject->image->path, forecast->plan->driver),
			     INIT_TOP "ORDER", "%s comes before udev", script);
}

static void judge_other(struct forecast *forecast, const struct subject *subject)
{
	result_remedy(
		forecast_add(
			forecast, subject, CHECK_UNKNOWN,
			"what made '%s' is not known, and neither is the order in which it loads drivers",
			subject->image->path),
		"look for what loads '%s' early in it", forecast->plan->driver);
}

void forecast_load_order(struct forecast *forecast, const struct subject *subject)
{
	if (subject->plan->driver == MODULE_BUILTIN) {
		forecast_add(
			forecast, subject, CHECK_PASS,
			"'%s' is built into kernel '%s', and comes before every module",
			forecast->plan->driver, subject->release);
		return;
	}
	if (!subject_has_image(subject) || subject->plan->driver == MODULE_MISSING)
		return;
	switch (image_made_by(&subject->image->image)) {
	case IMAGE_BY_DRACUT:
		judge_dracut(forecast, subject);
		break;
	case IMAGE_BY_MKINITCPIO:
		judge_mkinitcpio(forecast, subject);
		break;
	case IMAGE_BY_INITRAMFS_TOOLS:
		judge_initramfs_tools(forecast, subject);
		break;
	case IMAGE_BY_OTHER:
		judge_other(forecast, subject);
		break;
	}
}
