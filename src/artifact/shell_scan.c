/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "artifact/shell_reader.h"

#include <stdlib.h>
#include <string.h>

int shell_peek(const struct shell_reader *reader, size_t k)
{
	return k < reader->n - reader->at ? (unsigned char)reader->text[reader->at + k]
					  : -1;
}

void shell_take(struct shell_reader *reader)
{
	if (reader->at < reader->n && reader->text[reader->at++] == '\n')
		reader->line++;
}

void shell_leave_open(struct shell_reader *reader, const char *what, unsigned line)
{
	if (!reader->script->open_what) {
		reader->script->open_what = what;
		reader->script->open_line = line;
	}
	reader->at = reader->n;
}

static size_t line_length(const struct shell_reader *reader)
{
	const char *begin = reader->text + reader->at;
	const char *end = memchr(begin, '\n', reader->n - reader->at);

	return end ? (size_t)(end - begin) : reader->n - reader->at;
}

/* Takes lines up to the one that is the delimiter. */
static void take_body(struct shell_reader *reader, const struct shell_heredoc *heredoc)
{
	size_t length = strlen(heredoc->delimiter);

	while (reader->at < reader->n) {
		const char *line = reader->text + reader->at;
		size_t n = line_length(reader), tabs = 0;
		bool is_last = reader->at + n == reader->n;

		while (heredoc->strips_tabs && tabs < n && line[tabs] == '\t')
			tabs++;
		reader->at += n + !is_last;
		reader->line += !is_last;
		if (n - tabs == length &&
		    memcmp(line + tabs, heredoc->delimiter, length) == 0)
			return;
	}
	shell_leave_open(reader, "a here-document", heredoc->line);
}

void shell_take_newline(struct shell_reader *reader)
{
	shell_take(reader);
	for (size_t i = 0; i < reader->n_pending; i++) {
		take_body(reader, &reader->pending[i]);
		free(reader->pending[i].delimiter);
	}
	free(reader->pending);
	reader->pending = NULL;
	reader->n_pending = 0;
}

void shell_add_heredoc(struct shell_reader *reader, const struct shell_word *delimiter,
		       bool strips_tabs)
{
	struct shell_heredoc *heredoc = array_add(reader->pending, reader->n_pending);
	size_t kept = 0;

	heredoc->delimiter = xstrndup(delimiter->text, delimiter->n);
	heredoc->strips_tabs = strips_tabs;
	heredoc->line = delimiter->line;
	/* Quoting any of it only says that the body is not expanded. */
	for (const char *c = heredoc->delimiter; *c; c++)
		if (!strchr("'\"\\", *c))
			heredoc->delimiter[kept++] = *c;
	heredoc->delimiter[kept] = '\0';
}

/* A backslash and what it escapes. One that ends the text, or its last line, would
 * swallow what comes after. */
static void take_escaped(struct shell_reader *reader)
{
	unsigned line = reader->line;
	int c = shell_peek(reader, 1);

	shell_take(reader);
	shell_take(reader);
	if (c < 0 || (c == '\n' && shell_peek(reader, 0) < 0))
		shell_leave_open(reader, "a continued line", line);
}

void shell_skip_blanks(struct shell_reader *reader)
{
	for (;;) {
		int c = shell_peek(reader, 0);

		if (c == '\\' && shell_peek(reader, 1) == '\n')
			take_escaped(reader);
		else if (c == ' ' || c == '\t')
			shell_take(reader);
		else
			return;
	}
}

void shell_skip_comment(struct shell_reader *reader)
{
	reader->at += line_length(reader);
}

/* Not isalpha(), which asks the locale. */
static bool is_name_character(char c, bool is_first)
{
	return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (!is_first && c >= '0' && c <= '9');
}

size_t shell_name_length(const char *text, size_t n)
{
	size_t length = 0;

	while (length < n && is_name_character(text[length], length == 0))
		length++;
	return length;
}

bool shell_word_is(const struct shell_word *word, const char *text)
{
	return word->is_plain && strlen(text) == word->n &&
	       memcmp(word->text, text, word->n) == 0;
}

/* Whether one more level may be entered. */
static bool enter(struct shell_reader *reader, unsigned line)
{
	if (reader->depth == SHELL_DEPTH) {
		shell_leave_open(reader, "too deep a nesting", line);
		return false;
	}
	reader->depth++;
	return true;
}

void shell_read_subshell(struct shell_reader *reader, unsigned line)
{
	if (!enter(reader, line))
		return;
	reader->silent++;
	shell_read_list(reader, true);
	reader->silent--;
	reader->depth--;
}

/* What follows an opening quote, up to and with the closing one. */
static void skip_quoted(struct shell_reader *reader, int quote, bool escapes,
			const char *what, unsigned line)
{
	while (shell_peek(reader, 0) != quote) {
		if (shell_peek(reader, 0) < 0) {
			shell_leave_open(reader, what, line);
			return;
		}
		if (escapes && shell_peek(reader, 0) == '\\')
			shell_take(reader);
		shell_take(reader);
	}
	shell_take(reader);
}

static void skip_double(struct shell_reader *reader, unsigned line);
static void skip_dollar(struct shell_reader *reader, bool in_double);

/* A backslash and what it escapes, a quote, or an expansion. False where none is here. */
static bool skip_special(struct shell_reader *reader, bool in_double)
{
	unsigned line = reader->line;
	int c = shell_peek(reader, 0);

	if (c == '$') {
		skip_dollar(reader, in_double);
		return true;
	}
	if (c == '\\') {
		take_escaped(reader);
		return true;
	}
	if (c != '`' && c != '"' && (c != '\'' || in_double))
		return false;
	shell_take(reader);
	if (c == '`')
		skip_quoted(reader, '`', true, "a command substitution", line);
	else if (c == '\'')
		skip_quoted(reader, '\'', false, "a single quote", line);
	else
		skip_double(reader, line);
	return true;
}

static void skip_double(struct shell_reader *reader, unsigned line)
{
	while (shell_peek(reader, 0) != '"') {
		if (shell_peek(reader, 0) < 0) {
			shell_leave_open(reader, "a double quote", line);
			return;
		}
		if (!skip_special(reader, true))
			shell_take(reader);
	}
	shell_take(reader);
}

/* `${NAME=WORD}` and `${NAME:=WORD}` set the variable. */
static void note_default(struct shell_reader *reader)
{
	const char *name = reader->text + reader->at;
	size_t n = shell_name_length(name, reader->n - reader->at);
	int c = shell_peek(reader, n);

	if (n && (c == '=' || (c == ':' && shell_peek(reader, n + 1) == '=')))
		shell_add_step(reader, SHELL_UNCLEAR, name, n, reader->line);
}

static void skip_braces(struct shell_reader *reader, bool in_double, unsigned line)
{
	if (!enter(reader, line))
		return;
	note_default(reader);
	while (shell_peek(reader, 0) != '}') {
		if (shell_peek(reader, 0) < 0) {
			shell_leave_open(reader, "a parameter expansion", line);
			break;
		}
		if (!skip_special(reader, in_double))
			shell_take(reader);
	}
	shell_take(reader);
	reader->depth--;
}

/* `$((…))`, which may assign to any variable: with '=', '++' or '--'. */
static void skip_arithmetic(struct shell_reader *reader, unsigned line)
{
	unsigned level = 2;
	bool assigns = false;

	while (level) {
		int c = shell_peek(reader, 0);

		if (c < 0) {
			shell_leave_open(reader, "an arithmetic expansion", line);
			return;
		}
		level += c == '(';
		level -= c == ')';
		assigns = assigns || c == '=' ||
			  ((c == '+' || c == '-') && shell_peek(reader, 1) == c);
		shell_take(reader);
	}
	if (assigns)
		shell_add_step(reader, SHELL_UNCLEAR, NULL, 0, line);
}

static void skip_dollar(struct shell_reader *reader, bool in_double)
{
	unsigned line = reader->line;
	int c;

	shell_take(reader);
	c = shell_peek(reader, 0);
	if (c != '{' && c != '(' && (in_double || (c != '\'' && c != '"')))
		return;
	shell_take(reader);
	if (c == '\'') {
		skip_quoted(reader, '\'', true, "a single quote", line);
	} else if (c == '"') {
		skip_double(reader, line);
	} else if (c == '{') {
		skip_braces(reader, in_double, line);
	} else if (shell_peek(reader, 0) == '(') {
		shell_take(reader);
		skip_arithmetic(reader, line);
	} else {
		shell_read_subshell(reader, line);
	}
}

struct shell_word shell_scan_word(struct shell_reader *reader)
{
	struct shell_word word = {
		.text = reader->text + reader->at,
		.line = reader->line,
		.is_plain = true,
	};

	for (;;) {
		int c = shell_peek(reader, 0);

		if (c < 0 || (c && strchr(" \t\n;&|<>()", c)))
			break;
		if (skip_special(reader, false))
			word.is_plain = false;
		else
			shell_take(reader);
	}
	word.n = (size_t)(reader->text + reader->at - word.text);
	return word;
}
