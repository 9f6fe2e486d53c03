/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/record.h"

#include <stdlib.h>
#include <string.h>

#define BLANKS " \t\r"

static char *trimmed(const char *text, size_t n)
{
	size_t blanks = strspn(text, BLANKS);

	text += blanks;
	n -= blanks;
	while (n && strchr(BLANKS, text[n - 1]))
		n--;
	return xstrndup(text, n);
}

/* Cuts the last word off a trimmed line; NULL where only one word is left. */
static const char *cut_last_word(char *line)
{
	char *word = line + strlen(line);

	while (word > line && !strchr(BLANKS, word[-1]))
		word--;
	if (word == line)
		return NULL;
	for (char *end = word; end > line && strchr(BLANKS, end[-1]); end--)
		end[-1] = '\0';
	return word;
}

/* What follows the keyword that a line begins with; NULL where it begins otherwise. */
static const char *after_keyword(const char *line, const char *keyword)
{
	size_t n = strlen(keyword);

	if (strncmp(line, keyword, n) != 0 || !line[n] || !strchr(BLANKS, line[n]))
		return NULL;
	line += n;
	return line + strspn(line, BLANKS);
}

static bool parse_identity(const char *text, struct identity *ret)
{
	struct identity_pattern pattern;

	if (!text || !identity_pattern_parse(text, &pattern) || !pattern.has_subsystem)
		return false;
	*ret = pattern.id;
	return true;
}

/* From the right, because the name of a section may hold blanks. */
static bool parse_target(char *line, struct record *record)
{
	const char *id = cut_last_word(line), *address = id ? cut_last_word(line) : NULL;
	const char *name = address ? after_keyword(line, "target") : NULL;
	struct record_target target = { 0 };

	if (!name || !bdf_parse(address, &target.bdf) || !parse_identity(id, &target.id))
		return false;
	target.name = xstrdup(name);
	*array_add(record->v, record->n) = target;
	return true;
}

/* Of the target that the line before names. */
static bool parse_path(char *line, struct record *record)
{
	const char *path = cut_last_word(line), *address = after_keyword(line, "path");
	struct record_target *target = record->n ? &record->v[record->n - 1] : NULL;
	struct bdf bdf;

	if (!path || !address || !bdf_parse(address, &bdf) || !target || target->path ||
	    !bdf_equal(bdf, target->bdf))
		return false;
	target->path = xstrdup(path);
	return true;
}

static bool parse_twin(char *line, struct record *record)
{
	const char *id = cut_last_word(line), *address = after_keyword(line, "twin");
	struct record_twin twin;

	if (!address || !bdf_parse(address, &twin.bdf) || !parse_identity(id, &twin.id))
		return false;
	*array_add(record->twins, record->n_twins) = twin;
	return true;
}

static bool parse_builtin(char *line, struct record *record)
{
	const char *id = cut_last_word(line);
	const char *module = id ? after_keyword(line, "builtin") : NULL;
	struct record_builtin builtin;

	if (!module || strpbrk(module, BLANKS) || !parse_identity(id, &builtin.id))
		return false;
	builtin.module = xstrdup(module);
	*array_add(record->builtins, record->n_builtins) = builtin;
	return true;
}

/* Each cuts the line that it is given. */
static bool parse_line(const char *line, struct record *record)
{
	static bool (*const parsers[])(char *line, struct record *record) = {
		parse_target, parse_path, parse_twin, parse_builtin
	};

	for (size_t i = 0; i < sizeof parsers / sizeof *parsers; i++) {
		char *words cleanup_free = xstrdup(line);

		if (parsers[i](words, record))
			return true;
	}
	return false;
}

static void add_bad_line(const char *line, const char *name, unsigned number,
			 struct findings *findings)
{
	char *where cleanup_free = xasprintf("%s:%u", name, number);
	struct finding *finding;

	/* Nothing that boots depends on the record, so that a broken line stops nothing.
	 */
	finding = findings_add(
		findings, SEVERITY_WARNING, "bad-record", where,
		"'%.80s' is no record of a reserved device (expected 'target NAME ADDRESS VVVV:DDDD:SVVV:SDDD')",
		line);
	finding_remedy(finding, "run 'vfio-bootcfg generate', which writes it anew");
}

void record_parse(const char *text, const char *name, struct record *ret,
		  struct findings *findings)
{
	struct record record = { 0 };

	for (unsigned number = 1; *text; number++) {
		size_t n = strcspn(text, "\n");
		char *line cleanup_free = trimmed(text, n);

		text += n + (text[n] == '\n');
		if (!*line || *line == '#')
			continue;
		if (!parse_line(line, &record))
			add_bad_line(line, name, number, findings);
	}
	*ret = record;
}

char *record_format(const struct record *record)
{
	size_t size;
	char *text;
	FILE *out = xopen_memstream(&text, &size);

	fputs("# What 'vfio-bootcfg generate' reserved last; do not edit.\n", out);
	for (size_t i = 0; i < record->n; i++) {
		const struct record_target *target = &record->v[i];

		fprintf(out, "target %s %s %s\n", target->name, bdf_text(target->bdf).s,
			identity_text(target->id).s);
		if (target->path)
			fprintf(out, "path %s %s\n", bdf_text(target->bdf).s,
				target->path);
	}
	for (size_t i = 0; i < record->n_twins; i++)
		fprintf(out, "twin %s %s\n", bdf_text(record->twins[i].bdf).s,
			identity_text(record->twins[i].id).s);
	for (size_t i = 0; i < record->n_builtins; i++)
		fprintf(out, "builtin %s %s\n", record->builtins[i].module,
			identity_text(record->builtins[i].id).s);
	fclose(out);
	return text;
}

void record_free(struct record *record)
{
	for (size_t i = 0; i < record->n; i++) {
		free(record->v[i].name);
		free(record->v[i].path);
	}
	for (size_t i = 0; i < record->n_builtins; i++)
		free(record->builtins[i].module);
	free(record->v);
	free(record->twins);
	free(record->builtins);
	*record = (struct record){ 0 };
}
