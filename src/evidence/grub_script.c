/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/grub_script.h"

#include <stdlib.h>
#include <string.h>

const char *grub_value(const struct grub_script *script, const char *name, size_t n)
{
	for (size_t i = 0; i < script->n_variables; i++)
		if (strlen(script->variables[i].name) == n &&
		    memcmp(script->variables[i].name, name, n) == 0)
			return script->variables[i].value;
	return "";
}

void grub_set(struct grub_script *script, const char *name, const char *value)
{
	size_t i = 0;

	if (!*value)
		return;
	while (i < script->n_variables && strcmp(script->variables[i].name, name) != 0)
		i++;
	if (i == GRUB_VARIABLES_MAX)
		return;
	if (i == script->n_variables)
		script->variables[script->n_variables++].name = xstrdup(name);
	free(script->variables[i].value);
	script->variables[i].value = xstrdup(value);
}

void grub_set_all(struct grub_script *script, const char *environment)
{
	cleanup_strings struct strings lines = { 0 };

	strings_split(&lines, environment, "\n");
	for (size_t i = 0; i < lines.n; i++) {
		char *equals = strchr(lines.v[i], '=');

		if (lines.v[i][0] == '#' || !equals)
			continue;
		*equals = '\0';
		grub_set(script, lines.v[i], equals + 1);
	}
}

static int peek(const struct grub_script *script)
{
	return script->at < script->n ? (unsigned char)script->text[script->at] : -1;
}

static int take(struct grub_script *script)
{
	int c = peek(script);

	script->at += c >= 0;
	script->line += c == '\n';
	return c;
}

static bool is_name(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

/* '$NAME', '${NAME}', '$1', '$?' or a lone '$', which was taken. */
static void take_variable(struct grub_script *script, FILE *out)
{
	bool has_brace = peek(script) == '{';
	size_t begin = script->at += has_brace, n;

	while (is_name(peek(script)))
		script->at++;
	n = script->at - begin;
	if (!has_brace && !n && peek(script) >= 0 && strchr("?#*@", peek(script)))
		take(script);
	else if (!has_brace && !n)
		fputc('$', out);
	if (has_brace && peek(script) == '}')
		take(script);
	fputs(grub_value(script, script->text + begin, n), out);
}

/* Up to the quote that ends it; the one that begins it was taken. */
static void take_quoted(struct grub_script *script, FILE *out, int quote)
{
	int c;

	while ((c = take(script)) >= 0 && c != quote) {
		int next = peek(script);

		if (quote == '"' && c == '$') {
			take_variable(script, out);
			continue;
		}
		if (quote == '"' && c == '\\' && next >= 0 && strchr("\\\"$\n", next)) {
			c = take(script);
			if (c == '\n')
				continue;
		}
		fputc(c, out);
	}
}

static bool ends_word(int c)
{
	return c < 0 || strchr(" \t\r\n;&|<>", c);
}

/* *ret_is_plain: without quotes and variables, so that '{' means a block. NULL for a
 * variable that leaves nothing. */
static char *take_word(struct grub_script *script, bool *ret_is_plain)
{
	cleanup_free char *word = NULL;
	bool is_quoted = false;
	size_t size;
	FILE *out = xopen_memstream(&word, &size);

	*ret_is_plain = true;
	while (!ends_word(peek(script))) {
		int c = take(script);

		*ret_is_plain = *ret_is_plain && !strchr("\\'\"$", c);
		is_quoted = is_quoted || c == '\'' || c == '"';
		if (c == '\'' || c == '"')
			take_quoted(script, out, c);
		else if (c == '$')
			take_variable(script, out);
		else if (c != '\\')
			fputc(c, out);
		else if (peek(script) >= 0 && (c = take(script)) != '\n')
			fputc(c, out);
	}
	fclose(out);
	return *word || is_quoted ? steal_ptr(word) : NULL;
}

/* Blanks, continued lines, and a comment where a word could begin. */
static void skip_blanks(struct grub_script *script)
{
	for (;;) {
		int c = peek(script);

		if (c == '#')
			while (peek(script) >= 0 && peek(script) != '\n')
				take(script);
		else if (c == '\\' && script->at + 1 < script->n &&
			 script->text[script->at + 1] == '\n')
			take(script), take(script);
		else if (c >= 0 && strchr(" \t\r&|<>", c))
			take(script);
		else
			return;
	}
}

static bool is_brace(const char *word, bool is_plain, enum grub_end *ret)
{
	if (!is_plain || !*word || word[1] || !strchr("{}", *word))
		return false;
	*ret = *word == '{' ? GRUB_END_OPEN : GRUB_END_CLOSE;
	return true;
}

bool grub_next(struct grub_script *script, struct grub_command *ret)
{
	struct grub_command command = { .end = GRUB_END_TEXT };

	skip_blanks(script);
	command.line = script->line;
	if (peek(script) < 0)
		return false;
	for (; peek(script) >= 0; skip_blanks(script)) {
		cleanup_free char *word = NULL;
		bool is_plain;

		if (peek(script) == '\n' || peek(script) == ';') {
			take(script);
			command.end = GRUB_END_COMMAND;
			break;
		}
		word = take_word(script, &is_plain);
		if (word && is_brace(word, is_plain, &command.end))
			break;
		if (word)
			strings_take(&command.words, steal_ptr(word));
	}
	*ret = command;
	return true;
}

void grub_script_free(struct grub_script *script)
{
	for (size_t i = 0; i < script->n_variables; i++) {
		free(script->variables[i].name);
		free(script->variables[i].value);
	}
	script->n_variables = 0;
}
