/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/loader_entry.h"

#include "base/entry_lines.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

/* Takes 'X+LEFT-DONE.conf' apart (Automatic Boot Assessment): counts stand before the
 * last dot. */
static void take_id(struct boot_entry *entry, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	const char *plus = strrchr(name, '+'), *end = strrchr(name, '.');
	char *rest;

	entry->id = xstrdup(name);
	if (!plus || !end || plus > end || plus[1] < '0' || plus[1] > '9')
		return;
	entry->tries_left = (unsigned)strtoul(plus + 1, &rest, 10);
	if (*rest == '-')
		rest += 1 + strspn(rest + 1, "0123456789");
	if (rest != end)
		return;
	entry->counts_tries = true;
	free(entry->id);
	entry->id = xasprintf("%.*s%s", (int)(plus - name), name, end);
}

static void add_options(struct boot_entry *entry, const char *value, size_t n)
{
	char *before = entry->options;

	entry->options = before && *before ? xasprintf("%s %.*s", before, (int)n, value)
					   : xstrndup(value, n);
	free(before);
}

static void take_line(struct boot_entry *entry, const char *text,
		      const struct entry_line *line)
{
	const struct {
		const char *key;
		char **field;
	} fields[] = {
		{ "title", &entry->title },	{ "linux", &entry->kernel },
		{ "uki", &entry->unified },	{ "sort-key", &entry->sort_key },
		{ "version", &entry->version }, { "machine-id", &entry->machine_id },
	};
	const char *value = text + line->value;

	if (entry_line_is(text, line, "options"))
		add_options(entry, value, line->n_value);
	else if (entry_line_is(text, line, "initrd"))
		strings_take(&entry->initrds, xstrndup(value, line->n_value));
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		if (entry_line_is(text, line, fields[i].key)) {
			free(*fields[i].field);
			*fields[i].field = xstrndup(value, line->n_value);
		}
}

void loader_entry_parse(const char *path, const char *text, size_t n,
			struct boot_entry *ret)
{
	struct boot_entry entry = { .where = xstrdup(path) };
	struct entry_line line;

	take_id(&entry, path);
	for (size_t at = 0; entry_next(text, n, &at, &line);)
		take_line(&entry, text, &line);
	if (entry.kernel && !entry.options)
		entry.options = xstrdup("");
	*ret = entry;
}

/* The value of NAME=VALUE in an os-release, or NULL. The caller frees it. */
static char *os_value(const char *text, const char *name)
{
	size_t n = strlen(name);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, name, n) != 0 || line[n] != '=')
			continue;
		line += n + 1;
		if (*line == '"' || *line == '\'')
			return xstrndup(line + 1, strcspn(line + 1, "\"'\n"));
		return xstrndup(line, strcspn(line, " \t\r\n"));
	}
	return NULL;
}

static char *first_os_value(const char *text, const char *const *names)
{
	char *value = NULL;

	for (; text && *names && !value; names++)
		value = os_value(text, *names);
	return value;
}

/* As systemd picks them (bootspec-fundamental.c). */
void loader_entry_of_uki(const char *path, const struct uki *uki, struct boot_entry *ret)
{
	static const char *const titles[] = { "PRETTY_NAME", "IMAGE_ID", "NAME", "ID",
					      NULL };
	static const char *const keys[] = { "IMAGE_ID", "ID", NULL };
	static const char *const versions[] = { "IMAGE_VERSION", "VERSION", "VERSION_ID",
						"BUILD_ID", NULL };
	struct boot_entry entry = { .where = xstrdup(path), .unified = xstrdup(path) };

	take_id(&entry, path);
	entry.title = first_os_value(uki->osrel, titles);
	entry.sort_key = first_os_value(uki->osrel, keys);
	entry.version = first_os_value(uki->osrel, versions);
	entry.options = uki->cmdline ? xstrdup(uki->cmdline) : NULL;
	*ret = entry;
}

static const char *text_or_empty(const char *text)
{
	return text ? text : "";
}

/* systemd, boot.c: boot_entry_compare(). */
static int compare(const void *a, const void *b)
{
	const struct boot_entry *x = a, *y = b;
	int order =
		(x->counts_tries && !x->tries_left) - (y->counts_tries && !y->tries_left);

	if (order == 0)
		order = !x->sort_key - !y->sort_key;
	if (order == 0 && x->sort_key && y->sort_key) {
		order = strcmp(x->sort_key, y->sort_key);
		if (order == 0)
			order = strcmp(text_or_empty(x->machine_id),
				       text_or_empty(y->machine_id));
		if (order == 0)
			order = version_compare(text_or_empty(y->version),
						text_or_empty(x->version));
	}
	if (order == 0)
		order = version_compare(y->id, x->id);
	return order ? order : strcmp(y->id, x->id);
}

static size_t match(const struct boot_menu *menu, const char *pattern)
{
	for (size_t i = 0; i < menu->n; i++)
		if (fnmatch(pattern, menu->v[i].id, FNM_CASEFOLD) == 0)
			return i;
	return menu->n;
}

/* The last one counts. The caller frees it. */
static char *configured_default(const char *config)
{
	struct entry_line line;
	char *pattern = NULL;

	for (size_t at = 0; config && entry_next(config, strlen(config), &at, &line);)
		if (entry_line_is(config, &line, "default")) {
			free(pattern);
			pattern = xstrndup(config + line.value, line.n_value);
		}
	return pattern;
}

void systemd_menu_make(struct boot_entry *entries, size_t n, const char *efi_default,
		       const char *config, struct boot_menu *ret)
{
	struct boot_menu menu = { .kind = MENU_SYSTEMD_BOOT, .v = entries, .n = n };
	cleanup_free char *pattern = configured_default(config);

	if (n)
		qsort(entries, n, sizeof *entries, compare);
	menu.chosen = efi_default ? match(&menu, efi_default) : n;
	if (menu.chosen < n)
		menu.why = xasprintf("chosen by '%s' in the firmware", efi_default);
	if (menu.chosen == n && pattern && (menu.chosen = match(&menu, pattern)) < n)
		menu.why = xasprintf("chosen by 'default %s'", pattern);
	if (menu.chosen == n) {
		menu.chosen = 0;
		menu.why = xstrdup("the first entry");
	}
	*ret = menu;
}
