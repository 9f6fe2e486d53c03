/* SPDX-License-Identifier: GPL-2.0-or-later */
/* image-early: whether the early binder is in the image, and something runs it in time.
 */
#include "verify/forecast.h"
#include "verify/result.h"

#include <string.h>

#define BINDER	"lib/vfio-bootcfg/vfio-bootcfg-early"
#define SERVICE "vfio-bootcfg-early.service"

static bool has_word(const char *words, const char *word)
{
	cleanup_strings struct strings list = { 0 };

	strings_split(&list, words, " ");
	return strings_has(&list, word);
}

static bool has_name_like(const struct image *image, const char *folder,
			  const char *ending)
{
	size_t n, m = strlen(ending);
	const struct image_file *files = image_folder(image, folder, &n);

	for (size_t i = 0; i < n; i++) {
		size_t length = strlen(files[i].path);

		if (length >= m && strcmp(files[i].path + length - m, ending) == 0)
			return true;
	}
	return false;
}

/* dracut names its hooks 'NN-NAME'. */
static char *dracut_fault(const struct image *image)
{
	static const char hook[] = "-vfio-bootcfg-early.sh";

	if (has_name_like(image, "lib/dracut/hooks/pre-udev/", hook) ||
	    has_name_like(image, "var/lib/dracut/hooks/pre-udev/", hook))
		return NULL;
	return xstrdup("lacks the hook of pre-udev that runs the early binder");
}

static char *mkinitcpio_fault(const struct image *image)
{
	cleanup_free char *hooks = NULL;

	if (image_file(image, "lib/systemd/systemd")) {
		if (!image_file(image, "lib/systemd/system/" SERVICE))
			return xstrdup("lacks '" SERVICE
				       "', which runs the early binder");
		if (!image_file(image,
				"lib/systemd/system/sysinit.target.wants/" SERVICE))
			return xstrdup("does not start '" SERVICE "'");
		return NULL;
	}
	hooks = mkinitcpio_value(image, "EARLYHOOKS");
	if (!image_file(image, "hooks/vfio-bootcfg"))
		return xstrdup("lacks 'hooks/vfio-bootcfg', which runs the early binder");
	if (!has_word(hooks, "vfio-bootcfg"))
		return xstrdup("does not run 'hooks/vfio-bootcfg': it is not in "
			       "EARLYHOOKS");
	return NULL;
}

/* Why nothing runs the early binder in time, or NULL. The caller frees it. */
static char *hook_fault(const struct subject *subject)
{
	const struct image *image = &subject->image->image;

	switch (image_made_by(image)) {
	case IMAGE_BY_DRACUT:
		return dracut_fault(image);
	case IMAGE_BY_MKINITCPIO:
		return mkinitcpio_fault(image);
	case IMAGE_BY_INITRAMFS_TOOLS:
		return init_top_fault(subject, "00-vfio-bootcfg-early");
	case IMAGE_BY_OTHER:
		break;
	}
	return NULL;
}

void forecast_early(struct forecast *forecast, const struct subject *subject)
{
	const struct image *image = &subject->image->image;
	bool is_known = image_made_by(image) != IMAGE_BY_OTHER;
	cleanup_free char *fault = NULL;

	if (!forecast->plan->needs_early || !subject_has_image(subject) ||
	    subject->plan->driver == MODULE_MISSING)
		return;
	fault = image_file(image, BINDER)
			? hook_fault(subject)
			: xstrdup("lacks the early binder, 'usr/" BINDER "'");
	if (!fault && subject->plan->driver == MODULE_LOADABLE &&
	    !image_file(image, "sbin/modprobe") && !image_file(image, "bin/modprobe"))
		fault = xstrdup("lacks 'modprobe', which the early binder runs");
	if (fault && !forecast->plan->system->has_early_binder)
		result_remedy(
			forecast_add_lack(forecast, subject, fault),
			"install the package 'vfio-bootcfg-initramfs', then make the image anew");
	else if (fault)
		forecast_add_lack(forecast, subject, fault);
	else if (is_known)
		forecast_add(forecast, subject, CHECK_PASS,
			     "'%s' runs the early binder before udev starts",
			     subject->image->path);
	else
		forecast_add(
			forecast, subject, CHECK_UNKNOWN,
			"'%s' has the early binder; whether it runs in time is not known",
			subject->image->path);
}
