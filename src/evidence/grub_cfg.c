/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/grub_cfg.h"

#include "evidence/grub_script.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 64, ITEMS_MAX = 65536 };

#define NOWHERE SIZE_MAX

/* A line of the menu, or of one of its submenus. */
struct item {
	char *title, *id; /* id may be NULL */
	size_t parent;	  /* a submenu, or NOWHERE */
	size_t number;	  /* among its siblings, from 0 */
	size_t entry;	  /* in the menu, or NOWHERE: it boots no Linux */
};

struct menu_reader {
	const char *name; /* of the file */
	struct grub_script script;
	struct boot_menu menu;
	struct item *items;
	size_t n_items;
	size_t n_top; /* items that are in no submenu */
	struct boot_entry *files;
	size_t n_files;
	struct {
		size_t item; /* or NOWHERE: something else */
		bool is_function;
	} stack[DEPTH_MAX];
	size_t depth, too_deep;
	unsigned functions; /* of the blocks that are open */
	char *choice;	    /* the last value of 'default' */
};

/* The innermost item whose block is open, or NOWHERE. */
static size_t open_item(const struct menu_reader *reader)
{
	for (size_t i = reader->depth; i > 0; i--)
		if (reader->stack[i - 1].item != NOWHERE)
			return reader->stack[i - 1].item;
	return NOWHERE;
}

static size_t add_item(struct menu_reader *reader, size_t parent, const char *title,
		       const char *id)
{
	struct item *item;
	size_t number = 0;

	if (parent == NOWHERE)
		number = reader->n_top++;
	/* The siblings of what is open now are the last items. */
	for (size_t i = reader->n_items; parent != NOWHERE && i > parent + 1; i--)
		if (reader->items[i - 1].parent == parent) {
			number = reader->items[i - 1].number + 1;
			break;
		}
	item = array_add(reader->items, reader->n_items);
	item->title = xstrdup(title);
	item->id = id ? xstrdup(id) : NULL;
	item->parent = parent;
	item->number = number;
	item->entry = NOWHERE;
	return reader->n_items - 1;
}

static const char *option_of(const struct strings *words, const char *option)
{
	for (size_t i = 1; i + 1 < words->n; i++)
		if (strcmp(words->v[i], option) == 0)
			return words->v[i + 1];
	return NULL;
}

/* The first word that is no option and no value of one. */
static const char *title_of(const struct strings *words)
{
	for (size_t i = 1; i < words->n; i++) {
		if (strncmp(words->v[i], "--", 2) != 0)
			return words->v[i];
		i += strcmp(words->v[i], "--unrestricted") != 0;
	}
	return "";
}

static void open_block(struct menu_reader *reader, const struct strings *words)
{
	const char *name = words->n ? words->v[0] : "";
	bool is_item = strcmp(name, "menuentry") == 0 || strcmp(name, "submenu") == 0;
	bool is_function = strcmp(name, "function") == 0;
	size_t item = NOWHERE;

	if (reader->depth == DEPTH_MAX) {
		reader->too_deep++;
		return;
	}
	if (is_item && !reader->functions && reader->n_items < ITEMS_MAX)
		item = add_item(reader, open_item(reader), title_of(words),
				option_of(words, "--id"));
	reader->stack[reader->depth].item = item;
	reader->stack[reader->depth++].is_function = is_function;
	reader->functions += is_function;
}

static void close_block(struct menu_reader *reader)
{
	if (reader->too_deep)
		reader->too_deep--;
	else if (reader->depth)
		reader->functions -= reader->stack[--reader->depth].is_function;
}

static struct boot_entry *entry_of(struct menu_reader *reader, unsigned line)
{
	size_t i = open_item(reader);
	struct boot_entry *entry;
	struct item *item;

	if (i == NOWHERE)
		return NULL;
	item = &reader->items[i];
	if (item->entry == NOWHERE) {
		item->entry = reader->menu.n;
		entry = array_add(reader->menu.v, reader->menu.n);
		entry->title = xstrdup(item->title);
		entry->id = xstrdup(item->id ? item->id : item->title);
	}
	entry = &reader->menu.v[item->entry];
	if (line) {
		free(entry->where);
		entry->where = xasprintf("%s:%u", reader->name, line);
	}
	return entry;
}

/* '(hd0,gpt2)/boot/x' and '/boot/x' are one path. */
static char *path_of(const char *word)
{
	const char *end = *word == '(' ? strchr(word, ')') : NULL;

	return xstrdup(end ? end + 1 : word);
}

/* As GRUB hands words over (grub-core/lib/cmdline.c). */
static void print_word(FILE *out, const char *word)
{
	const char *quote = strchr(word, ' ') ? "\"" : "";

	fputs(quote, out);
	for (; *word; word++)
		fprintf(out, "%s%c", strchr("\\'\"", *word) ? "\\" : "", *word);
	fputs(quote, out);
}

static void take_linux(struct menu_reader *reader, const struct grub_command *command)
{
	struct boot_entry *entry = entry_of(reader, command->line);
	size_t size;
	FILE *out;

	if (!entry || command->words.n < 2)
		return;
	free(entry->kernel);
	free(entry->options);
	strings_free(&entry->initrds);
	entry->kernel = path_of(command->words.v[1]);
	out = xopen_memstream(&entry->options, &size);
	for (size_t i = 2; i < command->words.n; i++) {
		fputs(i > 2 ? " " : "", out);
		print_word(out, command->words.v[i]);
	}
	fclose(out);
}

static void take_initrd(struct menu_reader *reader, const struct grub_command *command)
{
	size_t item = open_item(reader);
	struct boot_entry *entry = item != NOWHERE && reader->items[item].entry != NOWHERE
					   ? entry_of(reader, 0)
					   : NULL;

	for (size_t i = 1; entry && i < command->words.n; i++)
		if (strncmp(command->words.v[i], "newc:", 5) != 0)
			strings_take(&entry->initrds, path_of(command->words.v[i]));
}

static int compare_files(const void *a, const void *b)
{
	const struct boot_entry *x = a, *y = b;
	int order = version_compare(y->id, x->id);

	return order ? order : strcmp(y->id, x->id);
}

/* Their options and kernels may have variables of GRUB's in them. */
static void expand(struct menu_reader *reader, char **text)
{
	struct grub_script *script = &reader->script;
	size_t size;
	char *expanded;
	FILE *out;

	if (!*text || !strchr(*text, '$'))
		return;
	out = xopen_memstream(&expanded, &size);
	for (const char *c = *text; *c;) {
		bool has_brace = c[0] == '$' && c[1] == '{';
		const char *name = c + 1 + has_brace;
		size_t n = 0;

		if (*c != '$') {
			fputc(*c++, out);
			continue;
		}
		while (name[n] && strchr("abcdefghijklmnopqrstuvwxyz"
					 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_",
					 name[n]))
			n++;
		fputs(grub_value(script, name, n), out);
		c = name + n;
		c += has_brace && *c == '}';
	}
	fclose(out);
	free(*text);
	*text = expanded;
}

static void take_blscfg(struct menu_reader *reader)
{
	if (reader->n_files)
		qsort(reader->files, reader->n_files, sizeof *reader->files,
		      compare_files);
	for (size_t i = 0; i < reader->n_files; i++) {
		struct boot_entry *file = &reader->files[i];
		size_t n = strlen(file->id), item;

		/* GRUB leaves '.conf' out of the name. */
		if (n > 5 && strcmp(file->id + n - 5, ".conf") == 0)
			file->id[n - 5] = '\0';
		expand(reader, &file->options);
		for (size_t k = 0; k < file->initrds.n; k++)
			expand(reader, &file->initrds.v[k]);
		item = add_item(reader, open_item(reader), file->title ? file->title : "",
				file->id);
		reader->items[item].entry = reader->menu.n;
		*array_add(reader->menu.v, reader->menu.n) = *file;
	}
	free(steal_ptr(reader->files));
	reader->n_files = 0;
}

static void take_setting(struct menu_reader *reader, const char *word)
{
	const char *equals = strchr(word, '=');
	cleanup_free char *name = NULL;

	if (!equals)
		return;
	name = xstrndup(word, (size_t)(equals - word));
	grub_set(&reader->script, name, equals + 1);
	if (strcmp(name, "default") == 0 && equals[1]) {
		free(reader->choice);
		reader->choice = xstrdup(equals + 1);
	}
}

static bool is_one_of(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

static void run(struct menu_reader *reader, struct grub_command *command)
{
	static const char *const keywords[] = { "then", "else", "do", NULL };
	static const char *const kernels[] = { "linux", "linux16", "linuxefi", NULL };
	static const char *const initrds[] = { "initrd", "initrd16", "initrdefi", NULL };
	struct strings *words = &command->words;

	while (words->n && is_one_of(words->v[0], keywords)) {
		free(words->v[0]);
		memmove(words->v, words->v + 1, --words->n * sizeof *words->v);
	}
	if (!words->n || reader->functions || reader->too_deep)
		return;
	if (is_one_of(words->v[0], kernels))
		take_linux(reader, command);
	else if (is_one_of(words->v[0], initrds))
		take_initrd(reader, command);
	else if (strcmp(words->v[0], "blscfg") == 0)
		take_blscfg(reader);
	else if (strcmp(words->v[0], "set") == 0 && words->n > 1)
		take_setting(reader, words->v[1]);
	else if (words->n == 1)
		take_setting(reader, words->v[0]);
}

/* Cuts the first part off 'SUBMENU>ENTRY'; '>>' stands for '>' itself. */
static char *next_part(const char **choice)
{
	size_t size;
	char *part;
	FILE *out = xopen_memstream(&part, &size);

	for (; **choice; ++*choice) {
		if (**choice == '>' && *++*choice != '>')
			break;
		fputc(**choice, out);
	}
	fclose(out);
	return part;
}

static bool is_meant(const struct item *item, const char *part)
{
	if (*part && strspn(part, "0123456789") == strlen(part))
		return item->number == strtoul(part, NULL, 10);
	return strcmp(item->title, part) == 0 ||
	       (item->id && strcmp(item->id, part) == 0);
}

static size_t find_item(const struct menu_reader *reader, size_t parent, const char *part)
{
	for (size_t i = 0; i < reader->n_items; i++)
		if (reader->items[i].parent == parent &&
		    is_meant(&reader->items[i], part))
			return i;
	return NOWHERE;
}

static size_t find_choice(const struct menu_reader *reader, const char *choice)
{
	size_t item = NOWHERE;

	do {
		cleanup_free char *part = next_part(&choice);

		item = find_item(reader, item, part);
	} while (item != NOWHERE && *choice);
	/* A submenu that is chosen shows its own entries, of which the first is taken. */
	for (size_t i = item; item != NOWHERE && reader->items[item].entry == NOWHERE &&
			      i < reader->n_items;
	     i++)
		if (reader->items[i].parent == item)
			item = i;
	return item;
}

static void choose(struct menu_reader *reader)
{
	struct boot_menu *menu = &reader->menu;
	const char *once = grub_value(&reader->script, "next_entry", 10);
	const char *choice = *once ? once : reader->choice ? reader->choice : "0";
	size_t item = find_choice(reader, choice);

	if (strcmp(choice, "0") == 0)
		menu->why = xstrdup("the first entry");
	else if (item == NOWHERE)
		menu->why =
			xasprintf("the first entry, because there is no '%s'", choice);
	else
		menu->why = xasprintf(*once ? "chosen for one boot by 'next_entry=%s'"
					    : "chosen by 'default=%s'",
				      choice);
	if (item == NOWHERE)
		item = find_choice(reader, "0");
	menu->chosen = item == NOWHERE ? NOWHERE : reader->items[item].entry;
}

static void reader_free(struct menu_reader *reader)
{
	for (size_t i = 0; i < reader->n_items; i++) {
		free(reader->items[i].title);
		free(reader->items[i].id);
	}
	for (size_t i = 0; i < reader->n_files; i++)
		boot_entry_free(&reader->files[i]);
	free(reader->items);
	free(reader->files);
	free(reader->choice);
	grub_script_free(&reader->script);
}

void grub_menu_make(const char *name, const char *text, size_t n, const char *environment,
		    struct boot_entry *files, size_t n_files, struct boot_menu *ret)
{
	struct menu_reader reader = {
		.name = name,
		.script = { .text = text, .n = n, .line = 1 },
		.menu = { .kind = MENU_GRUB },
		.files = files,
		.n_files = n_files,
	};
	struct grub_command command;

	if (environment)
		grub_set_all(&reader.script, environment);
	while (grub_next(&reader.script, &command)) {
		run(&reader, &command);
		if (command.end == GRUB_END_OPEN)
			open_block(&reader, &command.words);
		else if (command.end == GRUB_END_CLOSE)
			close_block(&reader);
		strings_free(&command.words);
	}
	choose(&reader);
	*ret = reader.menu;
	reader_free(&reader);
}
