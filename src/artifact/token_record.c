/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "artifact/token_record.h"

#include "base/cmdline.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static void parse_line(const char *line, size_t n, struct token_record *record)
{
	const char *tab = memchr(line, '\t', n);
	cleanup_free char *name = NULL, *text = NULL;
	struct strings words = { 0 };
	const char *word;
	size_t length;

	if (!tab || tab == line || *line == '#')
		return;
	name = xstrndup(line, (size_t)(tab - line));
	text = xstrndup(tab + 1, n - (size_t)(tab + 1 - line));
	word = text;
	while (word = cmdline_next(word, &length), length) {
		strings_take(&words, xstrndup(word, length));
		word += length;
	}
	token_record_add(record, name, &words);
}

void token_record_parse(const char *text, struct token_record *ret)
{
	struct token_record record = { 0 };

	while (*text) {
		size_t n = strcspn(text, "\n");

		parse_line(text, n, &record);
		text += n + (text[n] == '\n');
	}
	*ret = record;
}

static int compare(const void *a, const void *b)
{
	const struct token_place *x = a, *y = b;

	return strcmp(x->name, y->name);
}

char *token_record_format(struct token_record *record)
{
	size_t size;
	char *text;
	FILE *out = xopen_memstream(&text, &size);

	if (record->n)
		qsort(record->v, record->n, sizeof *record->v, compare);
	fputs("# The words that 'vfio-bootcfg generate' added, by file; do not edit.\n",
	      out);
	for (size_t i = 0; i < record->n; i++) {
		cleanup_free char *words = strings_join(&record->v[i].words, " ");

		fprintf(out, "%s\t%s\n", record->v[i].name, words);
	}
	fclose(out);
	return text;
}

static const struct token_place *find(const struct token_record *record, const char *name)
{
	for (size_t i = 0; i < record->n; i++)
		if (strcmp(record->v[i].name, name) == 0)
			return &record->v[i];
	return NULL;
}

bool token_record_has(const struct token_record *record, const char *name)
{
	return find(record, name);
}

const struct strings *token_record_at(const struct token_record *record, const char *name)
{
	static const struct strings none = { 0 };
	const struct token_place *place = find(record, name);

	return place ? &place->words : &none;
}

void token_record_add(struct token_record *record, const char *name,
		      struct strings *words)
{
	struct token_place *place = array_add(record->v, record->n);

	place->name = xstrdup(name);
	place->words = *words;
	*words = (struct strings){ 0 };
}

void token_record_free(struct token_record *record)
{
	for (size_t i = 0; i < record->n; i++) {
		free(record->v[i].name);
		strings_free(&record->v[i].words);
	}
	free(record->v);
	*record = (struct token_record){ 0 };
}
