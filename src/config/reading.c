/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/reading.h"

#include "config/choices.h"
#include "config/ini.h"
#include "config/keys.h"
#include "config/lines.h"

#include <stdlib.h>
#include <string.h>

#define EXPECTED_SECTION "expected '[vfio-bootcfg]' or '[device NAME]'"

/* The section that is being read. */
struct section {
	const struct entry *entry; /* NULL before the first */
	const char *kind;	   /* SECTION_…; NULL: its keys mean nothing */
	struct device_rule device;
	size_t n_faults; /* that were found before it */
};

struct reading {
	const struct config_source *source;
	const struct ini *ini; /* NULL: the index alone is read */
	struct config *config;
	struct faults *faults;
	struct section section;
};

static char *where_of(const struct reading *reading, const struct entry *entry)
{
	return xasprintf("%s:%u", reading->source->name, entry->line);
}

/* " (did you mean '[device gpu]'?)", or nothing. The caller frees it. */
static char *section_hint(const char *name)
{
	struct strings kinds cleanup_strings = { 0 };
	struct strings words cleanup_strings = { 0 };
	const char *nearest;

	strings_add(&kinds, SECTION_GENERAL);
	nearest = choice_nearest(&kinds, name);
	if (nearest)
		return xasprintf(" (did you mean '[%s]'?)", nearest);
	strings_add(&kinds, SECTION_DEVICE);
	strings_split(&words, name, " \t:\"");
	if (words.n == 2 && name_fits_device(words.v[1]) &&
	    choice_nearest(&kinds, words.v[0]) == kinds.v[1])
		return xasprintf(" (did you mean '[" SECTION_DEVICE " %s]'?)",
				 words.v[1]);
	return xstrdup("");
}

static void begin_device(struct reading *reading, const char *name, const char *where)
{
	struct section *section = &reading->section;
	cleanup_free char *hint = section_hint(section->entry->name);

	section->kind = SECTION_DEVICE;
	section->device.name = xstrdup(name);
	section->device.where = xstrdup(where);
	setting_apply_defaults(SECTION_DEVICE, reading->config, &section->device,
			       reading->faults);
	if (!section->entry->fault && !name_fits_device(name))
		fault_add(
			reading->faults, "config-value", where,
			"'%s' cannot name a device: expected 1 to 64 of A-Z a-z 0-9 . _ -, the first no . or -%s",
			name, hint);
}

static void begin_section(struct reading *reading, const struct entry *entry,
			  const char *where)
{
	static const char device[] = SECTION_DEVICE " ";
	cleanup_free char *hint = NULL;

	reading->section = (struct section){ entry, .n_faults = reading->faults->n };
	if (entry->fault)
		fault_add(reading->faults, entry->code, where, "%s", entry->fault);
	if (!entry->name)
		return;
	if (strcasecmp(entry->name, SECTION_GENERAL) == 0) {
		reading->section.kind = SECTION_GENERAL;
	} else if (strncasecmp(entry->name, device, strlen(device)) == 0) {
		begin_device(reading, entry->name + strlen(device), where);
	} else if (!entry->fault) {
		hint = section_hint(entry->name);
		fault_add(reading->faults, "config-unknown-section", where,
			  "unknown section '[%s]': " EXPECTED_SECTION "%s", entry->name,
			  hint);
	}
}

/* A device whose header is at fault has served when its keys were looked at. */
static void end_section(struct reading *reading)
{
	struct section *section = &reading->section;
	struct device_rule *device = &section->device;

	if (section->kind && strcmp(section->kind, SECTION_DEVICE) == 0 &&
	    !section->entry->fault && name_fits_device(device->name)) {
		/* What seems to be missing may be in a line that was refused. */
		if (section->n_faults == reading->faults->n && !device->n_addresses &&
		    !device->paths.n && !device->n_ids)
			fault_add(
				reading->faults, "config-incomplete", device->where,
				"[device %s] names no function: expected 'address', 'path' or 'id'",
				device->name);
		*array_add(reading->config->devices, reading->config->n_devices) =
			*device;
		*device = (struct device_rule){ 0 };
	}
	device_rule_free(device);
}

static void refuse_key(const struct reading *reading, const char *name, const char *where)
{
	const char *kind = reading->section.kind;
	struct strings names cleanup_strings = key_names(kind);
	cleanup_free char *hint = choices_hint(&names, name);

	if (key_find(SECTION_GENERAL, name))
		fault_add(reading->faults, "config-unknown-key", where,
			  "key '%s' belongs in '[vfio-bootcfg]'", name);
	else if (key_find(SECTION_DEVICE, name))
		fault_add(reading->faults, "config-unknown-key", where,
			  "key '%s' belongs in '[device NAME]'", name);
	else
		fault_add(reading->faults, "config-unknown-key", where,
			  "unknown key '%s': %s", name, hint);
}

/*
 * The value on which iniparser and the index agree; NULL with a fault where they do not.
 * The index refuses all that is known to be read in two ways, and nothing unknown may
 * pass: values become words of shell files.
 */
static const char *value_of(const struct reading *reading, const struct entry *entry,
			    const char *where)
{
	const char *value;

	if (!reading->ini)
		return entry->value;
	value = ini_value(reading->ini, reading->section.entry->name, entry->name);
	if (value && strcmp(value, entry->value) == 0)
		return value;
	fault_add(reading->faults, "config-unreadable", where,
		  "the value of '%s' can be read in two ways: write it without quotes",
		  entry->name);
	return NULL;
}

static void read_key(struct reading *reading, const struct entry *entry,
		     const char *where)
{
	const struct section *section = &reading->section;
	struct setting setting = { .where = where,
				   .config = reading->config,
				   .device = &reading->section.device,
				   .faults = reading->faults };

	if (!section->entry) {
		fault_add(reading->faults, "config-syntax", where,
			  "key '%s' stands before the first section: " EXPECTED_SECTION,
			  entry->name);
		return;
	}
	if (!section->kind)
		return;
	setting.key = key_find(section->kind, entry->name);
	if (!setting.key) {
		refuse_key(reading, entry->name, where);
		return;
	}
	setting.value = value_of(reading, entry, where);
	if (setting.value)
		setting_apply(&setting);
}

static void read_entries(struct reading *reading, const struct line_index *lines)
{
	for (size_t i = 0; i < lines->n; i++) {
		const struct entry *entry = &lines->v[i];
		cleanup_free char *where = where_of(reading, entry);

		if (entry->kind == ENTRY_SECTION) {
			end_section(reading);
			begin_section(reading, entry, where);
		} else if (entry->fault) {
			fault_add(reading->faults, entry->code, where, "%s",
				  entry->fault);
		} else {
			read_key(reading, entry, where);
		}
	}
	end_section(reading);
}

void source_read(const struct config_source *source, struct config *config,
		 struct faults *faults)
{
	struct reading reading = { .source = source, .config = config, .faults = faults };
	struct line_index lines cleanup_line_index = { 0 };
	struct ini *ini = NULL;

	if (source->n > CONFIG_SIZE_MAX) {
		fault_add(faults, "config-too-large", source->name,
			  "the file has %zu bytes: at most %d are read", source->n,
			  CONFIG_SIZE_MAX);
		return;
	}
	line_index_make(source->bytes, source->n, &lines);
	/* iniparser gives a file with a single fault up, and takes a byte order mark for
	 * text. The index then stands in, so that what else is wrong is said as well. */
	if (!lines.has_fault && !lines.has_mark && lines.n) {
		ini = ini_load(source->path);
		if (!ini)
			fault_add(faults, "config-unreadable", source->name,
				  "iniparser cannot read the file");
	}
	reading.ini = ini;
	read_entries(&reading, &lines);
	ini_free(ini);
}
