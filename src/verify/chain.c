/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verify/chain.h"

#include "verify/forecast.h"

#include <string.h>

const struct boot_kernel *chain_kernel(const struct boot *boot)
{
	for (size_t i = 0; boot->next && boot->release && i < boot->next->n_kernels; i++)
		if (strcmp(boot->next->kernels[i].release, boot->release) == 0)
			return &boot->next->kernels[i];
	return NULL;
}

bool chain_lacks_kernel(const struct boot *boot)
{
	return boot->next && boot->release && boot->next->n_kernels &&
	       !chain_kernel(boot);
}

/* What a loader adds of its own. */
static bool is_loaders(const struct cmdline_token *token)
{
	return strcmp(token->name, "BOOT_IMAGE") == 0 ||
	       strcmp(token->name, "initrd") == 0;
}

/* Whether this boot has all that the entry says, and nothing else. */
static bool is_from(const struct boot *boot, const struct boot_entry *entry)
{
	cleanup_cmdline struct cmdline words = { 0 };
	size_t n = 0;

	if (!entry->options)
		return false;
	cmdline_parse(entry->options, &words);
	for (size_t i = 0; i < words.n; i++)
		if (!is_loaders(&words.v[i]) &&
		    !cmdline_has(&boot->cmdline, words.v[i].text))
			return false;
	for (size_t i = 0; i < words.n; i++)
		n += !is_loaders(&words.v[i]);
	for (size_t i = 0; i < boot->cmdline.n; i++)
		n -= !is_loaders(&boot->cmdline.v[i]);
	return n == 0;
}

struct chain_link chain_follow(const struct boot *boot, const char *token)
{
	const struct boot_menu *menu = boot->next ? &boot->next->menu : NULL;
	size_t at =
		menu && boot->release ? boot_menu_find(menu, boot->release) : SIZE_MAX;
	cleanup_cmdline struct cmdline words = { 0 };
	struct chain_link link = { 0 };

	if (!menu || at >= menu->n || !menu->v[at].options)
		return link;
	link.entry = &menu->v[at];
	cmdline_parse(link.entry->options, &words);
	link.has_token = cmdline_has(&words, token);
	for (size_t i = 0; i < menu->n && !link.booted; i++)
		if (i != at && is_from(boot, &menu->v[i]))
			link.booted = &menu->v[i];
	return link;
}

enum tristate chain_image_has_driver(const struct boot *boot,
				     const struct boot_kernel *kernel)
{
	const struct boot_image *image = &kernel->image;

	if (!image->path || image->error || image->image.state == IMAGE_BROKEN)
		return UNKNOWN;
	if (image_has_module(&image->image, kernel->release, boot->plan->driver))
		return YES;
	return image->image.state == IMAGE_UNREAD ? UNKNOWN : NO;
}

const struct boot_kernel *chain_better_image(const struct boot *boot)
{
	for (size_t i = 0; boot->next && i < boot->next->n_kernels; i++)
		if (chain_image_has_driver(boot, &boot->next->kernels[i]) == YES)
			return &boot->next->kernels[i];
	return NULL;
}

char *chain_rebuild(const struct boot *boot, const struct boot_kernel *kernel)
{
	const struct plan *plan = boot->plan;
	const struct forecast forecast = { .plan = plan, .next = boot->next };

	for (size_t i = 0; i < plan->n_kernels; i++) {
		const struct subject subject = {
			.boot = kernel,
			.plan = &plan->kernels[i],
			.image = &kernel->image,
			.release = kernel->release,
		};

		if (strcmp(plan->kernels[i].kernel->release, kernel->release) == 0)
			return subject_rebuild(&forecast, &subject);
	}
	return xstrdup("make the image anew, with the generator of this system");
}
