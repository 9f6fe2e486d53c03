/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/contradictions.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Something that a device section says, and must say alone. */
struct mention {
	char *text;
	const struct device_rule *device;
	const char *where;
};

struct mentions {
	struct mention *v;
	size_t n;
};

enum mention_kind {
	MENTION_NAME,
	MENTION_PLACE, /* an address or a path */
	MENTION_ID,    /* which two devices may share: twins do */
};

static void add(struct mentions *mentions, char *text, const struct device_rule *device,
		const char *where)
{
	*array_add(mentions->v, mentions->n) = (struct mention){ text, device, where };
}

/* By text and then in the order of the files. */
static int compare(const void *a, const void *b)
{
	const struct mention *x = a, *y = b;
	int order = strcmp(x->text, y->text);

	return order ? order : (x->device > y->device) - (x->device < y->device);
}

static void report(enum mention_kind kind, const struct mention *first,
		   const struct mention *second, struct faults *faults)
{
	if (kind == MENTION_NAME)
		fault_add(faults, "config-repeated-section", second->where,
			  "section '[device %s]' began at %s already",
			  second->device->name, first->where);
	else if (first->device == second->device)
		fault_add(faults, "config-value", second->where, "'%s' is listed twice",
			  second->text);
	else if (kind == MENTION_PLACE)
		fault_add(faults, "config-contradiction", second->where,
			  "'%s' belongs to [device %s] already (%s)", second->text,
			  first->device->name, first->where);
}

/* Reports what is there more than once, and empties the list. */
static void check(enum mention_kind kind, struct mentions *mentions,
		  struct faults *faults)
{
	if (mentions->n)
		qsort(mentions->v, mentions->n, sizeof *mentions->v, compare);
	for (size_t i = 1; i < mentions->n; i++)
		if (strcmp(mentions->v[i - 1].text, mentions->v[i].text) == 0)
			report(kind, &mentions->v[i - 1], &mentions->v[i], faults);
	for (size_t i = 0; i < mentions->n; i++)
		free(mentions->v[i].text);
	free(mentions->v);
	*mentions = (struct mentions){ 0 };
}

/* iniparser folds the case of sections, so names that differ in nothing else are one. */
static char *folded(const char *name)
{
	char *text = xstrdup(name);

	for (char *c = text; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return text;
}

static void add_addresses(struct mentions *mentions, const struct device_rule *device)
{
	for (size_t i = 0; i < device->n_addresses; i++)
		add(mentions, xstrdup(bdf_text(device->addresses[i]).s), device,
		    device->where_address);
}

static void add_paths(struct mentions *mentions, const struct device_rule *device)
{
	for (size_t i = 0; i < device->paths.n; i++)
		add(mentions, xstrdup(device->paths.v[i]), device, device->where_path);
}

static void add_ids(struct mentions *mentions, const struct device_rule *device)
{
	for (size_t i = 0; i < device->n_ids; i++)
		add(mentions, xstrdup(identity_pattern_text(&device->ids[i]).s), device,
		    device->where_id);
}

void contradictions_find(const struct config *config, struct faults *faults)
{
	struct mentions names = { 0 }, addresses = { 0 }, paths = { 0 }, ids = { 0 };

	for (size_t i = 0; i < config->n_devices; i++) {
		const struct device_rule *device = &config->devices[i];

		add(&names, folded(device->name), device, device->where);
		add_addresses(&addresses, device);
		add_paths(&paths, device);
		add_ids(&ids, device);
	}
	check(MENTION_NAME, &names, faults);
	check(MENTION_PLACE, &addresses, faults);
	check(MENTION_PLACE, &paths, faults);
	check(MENTION_ID, &ids, faults);
}
