/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verify/story.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	EVENTS_MAX = 64, /* of one target */
	FAULTS_MAX = 3,	 /* of those, faults and troubles each */
};

/* Ids are registered for a device, so only its own tell something. */
static bool concerns(const struct log_record *record, const struct suspect *suspect)
{
	return record->kind != MESSAGE_ID_ADDED ||
	       identity_same_device(record->id, suspect->target->id.id);
}

static void add_event(struct target_story *story, const struct log_record *record)
{
	struct timeline_event *event = array_add(story->timeline, story->n_timeline);

	event->time = record->time;
	event->driver = record->driver ? xstrdup(record->driver) : NULL;
	event->text = xstrdup(record->text);
	event->line = record->line;
}

static int compare_records(const void *a, const void *b)
{
	const struct log_record *const *x = a, *const *y = b;

	return (*x > *y) - (*x < *y);
}

/* Two records of one line are one event, and so is what is said again and again: a
 * probe fails once for every id. */
static void add_events(struct target_story *story, const struct log_record **records,
		       size_t n)
{
	const struct log_record *last[MESSAGE_KINDS] = { NULL };

	if (n)
		qsort(records, n, sizeof *records, compare_records);
	for (size_t i = 0; i < n && story->n_timeline < EVENTS_MAX; i++) {
		const struct log_record *before = last[records[i]->kind];

		last[records[i]->kind] = records[i];
		if (before && strcmp(before->text, records[i]->text) == 0)
			continue;
		if (i == 0 || records[i]->line != records[i - 1]->line)
			add_event(story, records[i]);
	}
}

/* The positions of modules are all that is known where nobody said a word. */
static void add_order(const struct boot *boot, const struct suspect *suspect,
		      struct target_story *story)
{
	size_t own = boot_module_position(boot, boot->plan->driver);

	for (size_t i = 0; i < suspect->target->n_competitors && own != SIZE_MAX; i++) {
		const char *module = suspect->target->competitors[i].module;
		size_t other = boot_module_position(boot, module);
		struct timeline_event *event;

		if (other == SIZE_MAX)
			continue;
		event = array_add(story->timeline, story->n_timeline);
		event->time = NAN;
		event->text =
			xasprintf("module '%s' was loaded %s '%s'", module,
				  other < own ? "before" : "after", boot->plan->driver);
	}
}

void story_tell(const struct boot *boot, const struct suspect *suspect,
		struct target_story *ret)
{
	const struct log_record **records cleanup_free = NULL;
	struct places places = boot_records(boot, suspect->bdf);
	size_t n = 0, seen[MESSAGE_KINDS] = { 0 };

	ret->address = xstrdup(suspect->address);
	ret->is_seen = boot->machine->has_sysfs;
	ret->driver = suspect->driver ? xstrdup(suspect->driver) : NULL;
	ret->first_driver = suspect->first_driver ? xstrdup(suspect->first_driver) : NULL;
	for (size_t i = 0; i < boot->n_common; i++)
		if (concerns(boot->common[i], suspect))
			*array_add(records, n) = boot->common[i];
	for (size_t i = 0; suspect->has_bdf && i < places.n && n < 2 * EVENTS_MAX; i++) {
		const struct log_record *record = &boot->log->v[places.v[i].i];
		bool is_repetitive = record->kind == MESSAGE_DMA_FAULT ||
				     record->kind == MESSAGE_DEVICE_TROUBLE;

		if (seen[record->kind]++ < FAULTS_MAX || !is_repetitive)
			*array_add(records, n) = record;
	}
	add_events(ret, records, n);
	add_order(boot, suspect, ret);
}
