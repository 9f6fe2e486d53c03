/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verify/forecast_loss.h"

#include "verify/token.h"

#include <string.h>

static bool has_preload(const char *text, const struct cmdline_token *token)
{
	cleanup_cmdline struct cmdline words = { 0 };

	cmdline_parse(text, &words);
	for (size_t i = 0; i < words.n; i++)
		if (strcmp(words.v[i].name, token->name) == 0 && words.v[i].value &&
		    token->value && cmdline_same_name(words.v[i].value, token->value))
			return true;
	return false;
}

/* dracut has it of a file of ours in every image that it makes, too. */
static bool is_in_image(const struct subject *subject, const struct cmdline_token *token)
{
	size_t n;
	const struct image_file *files;

	if (strcmp(token->name, "rd.driver.pre") != 0)
		return false;
	if (!subject)
		return true;
	if (!subject_has_image(subject))
		return false;
	files = image_folder(&subject->image->image, "etc/cmdline.d/", &n);
	for (size_t i = 0; i < n; i++)
		if (files[i].bytes && has_preload(files[i].bytes, token))
			return true;
	return false;
}

void loss_judge(const struct forecast *forecast, const struct subject *subject,
		const char *cmdline, struct loss *ret)
{
	cleanup_cmdline struct cmdline words = { 0 };

	cmdline_parse(cmdline, &words);
	*ret = (struct loss){ .is_harmless = true };
	ret->is_off = cmdline_has(&words, "vfio_bootcfg=off");
	for (size_t i = 0; i < forecast->wanted.n; i++) {
		const struct cmdline_token *token = &forecast->wanted.v[i];
		const char *by = NULL;
		enum token_fate fate = token_fate(&words, token, &by);

		if (fate == TOKEN_APPLIED || is_in_image(subject, token))
			continue;
		if (fate == TOKEN_MISSING)
			strings_take(&ret->missing, xasprintf("'%s'", token->text));
		else
			strings_take(&ret->overridden,
				     xasprintf("'%s' by '%s'", token->text, by));
		/* Which the kernel does not know, and the guides ask for. */
		if (strcmp(token->text, "amd_iommu=on") != 0)
			ret->is_harmless = false;
	}
}

bool loss_is_any(const struct loss *loss)
{
	return loss->is_off || loss->missing.n || loss->overridden.n;
}

enum check_status loss_status(const struct loss *loss)
{
	if (!loss_is_any(loss))
		return CHECK_PASS;
	return loss->is_harmless && !loss->is_off ? CHECK_WARN : CHECK_FAIL;
}

char *loss_text(const struct loss *loss)
{
	cleanup_free char *missing = strings_join(&loss->missing, ", ");
	cleanup_free char *overridden = strings_join(&loss->overridden, ", ");

	if (loss->is_off)
		return xstrdup("says that nothing is to be reserved: 'vfio_bootcfg=off'");
	if (!loss->overridden.n)
		return xasprintf("lacks %s", missing);
	if (!loss->missing.n)
		return xasprintf("overrides %s", overridden);
	return xasprintf("lacks %s and overrides %s", missing, overridden);
}

void loss_free(struct loss *loss)
{
	strings_free(&loss->missing);
	strings_free(&loss->overridden);
}
