/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verify/token.h"

#include "base/strings.h"

#include <stdlib.h>
#include <string.h>

/* Parameters whose value is a list: more may stand there than the plan asked for. */
static bool is_list(const char *name)
{
	return text_ends_with(name, ".ids") ||
	       cmdline_same_name(name, "vfio_bootcfg.devices");
}

static bool lists_all(const char *wanted, const char *present)
{
	struct strings some cleanup_strings = { 0 }, all cleanup_strings = { 0 };

	strings_split(&some, wanted, ",");
	strings_split(&all, present, ",");
	for (size_t i = 0; i < some.n; i++) {
		size_t k = 0;

		while (k < all.n && strcasecmp(some.v[i], all.v[k]) != 0)
			k++;
		if (k == all.n)
			return false;
	}
	return true;
}

/* Whether `present`, by itself, says what was wanted. */
static bool fulfils(const struct cmdline_token *present,
		    const struct cmdline_token *token)
{
	if (!cmdline_same_name(present->name, token->name))
		return false;
	if (!present->value || !token->value)
		return present->value == token->value;
	return strcmp(present->value, token->value) == 0 ||
	       (is_list(token->name) && lists_all(token->value, present->value));
}

/* dracut adds up the rd. parameters; of every other name the last one counts. */
static bool stands_anywhere(const struct cmdline *cmdline,
			    const struct cmdline_token *token)
{
	for (size_t i = 0; i < cmdline->n_kernel; i++)
		if (fulfils(&cmdline->v[i], token))
			return true;
	return false;
}

enum token_fate token_fate(const struct cmdline *cmdline,
			   const struct cmdline_token *token, const char **ret_by)
{
	const struct cmdline_token *present = cmdline_find(cmdline, token->name);

	if (!present)
		return TOKEN_MISSING;
	if (strncmp(token->name, "rd.", 3) == 0)
		return stands_anywhere(cmdline, token) ? TOKEN_APPLIED : TOKEN_MISSING;
	if (fulfils(present, token))
		return TOKEN_APPLIED;
	*ret_by = present->text;
	return stands_anywhere(cmdline, token) ? TOKEN_OVERRIDDEN : TOKEN_DIFFERS;
}

/* As the driver reads an entry: '%x:%x…', where ffffffff is any (vfio_pci_fill_ids). */
static bool id_fits(const char *entry, struct identity id)
{
	const unsigned long any = 0xffffffff;
	unsigned long vendor, device;
	char *end;

	vendor = strtoul(entry, &end, 16);
	if (end == entry || *end != ':')
		return false;
	device = strtoul(end + 1, NULL, 16);
	return (vendor == id.vendor || vendor == any) &&
	       (device == id.device || device == any);
}

bool ids_name(const char *ids, struct identity id)
{
	struct strings list cleanup_strings = { 0 };

	strings_split(&list, ids, ",");
	for (size_t i = 0; i < list.n; i++)
		if (id_fits(list.v[i], id))
			return true;
	return false;
}

bool devices_name(const char *devices, const char *address)
{
	size_t n = strlen(address);

	for (; devices; devices = strchr(devices, ',')) {
		devices += *devices == ',';
		if (strncmp(devices, address, n) == 0 && devices[n] == '=')
			return true;
	}
	return false;
}
