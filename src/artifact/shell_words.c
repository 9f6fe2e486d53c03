/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "artifact/shell_words.h"

#include "artifact/shell_reader.h"

#include <stdlib.h>
#include <string.h>

/* What a word does where a command may begin. */
enum reserved { OPENS, OPENS_HEADER, OPENS_CASE, CLOSES, GOES_ON, NAMES, TESTS };

static const struct {
	const char *text;
	enum reserved reserved;
} reserved_words[] = {
	{ "!", GOES_ON },	 { "[[", TESTS },
	{ "case", OPENS_CASE },	 { "coproc", GOES_ON },
	{ "do", GOES_ON },	 { "done", CLOSES },
	{ "elif", GOES_ON },	 { "else", GOES_ON },
	{ "esac", CLOSES },	 { "fi", CLOSES },
	{ "for", OPENS_HEADER }, { "function", NAMES },
	{ "if", OPENS },	 { "select", OPENS_HEADER },
	{ "then", GOES_ON },	 { "time", GOES_ON },
	{ "until", OPENS },	 { "while", OPENS },
	{ "{", OPENS },		 { "}", CLOSES },
};

/* What surrounds it. */
struct list {
	bool is_case[SHELL_DEPTH]; /* of each compound command that is open */
	unsigned n_open;
	unsigned function_level; /* of the compound that is a function's body, or 0 */
	bool expects_function;	 /* the next compound is one */
	bool is_chained;	 /* after &&, || or | */
	bool is_closed;		 /* by its ')' */
};

static void end_command(struct shell_reader *reader, struct list *list,
			struct shell_command *command, bool is_apart)
{
	if (reader->in_function)
		shell_blur(reader, command, SHELL_LOST);
	else if (list->n_open || list->is_chained || is_apart)
		shell_blur(reader, command, SHELL_UNCLEAR);
	shell_begin_command(reader, command);
}

static void open_compound(struct shell_reader *reader, struct list *list, bool is_case,
			  unsigned line)
{
	if (list->n_open == SHELL_DEPTH) {
		shell_leave_open(reader, "too deep a nesting", line);
		return;
	}
	list->is_case[list->n_open++] = is_case;
	if (list->expects_function && !list->function_level) {
		list->function_level = list->n_open;
		reader->in_function = true;
	}
	list->expects_function = false;
}

static void close_compound(struct shell_reader *reader, struct list *list)
{
	if (list->n_open)
		list->n_open--;
	if (list->function_level > list->n_open) {
		list->function_level = 0;
		reader->in_function = false;
	}
}

static bool in_case(const struct list *list)
{
	return list->n_open && list->is_case[list->n_open - 1];
}

/* Whether the word is one that structures commands. */
static bool take_reserved(struct shell_reader *reader, struct list *list,
			  struct shell_command *command, const struct shell_word *word)
{
	size_t i = 0, n = sizeof reserved_words / sizeof *reserved_words;

	while (i < n && !shell_word_is(word, reserved_words[i].text))
		i++;
	if (i == n)
		return false;
	switch (reserved_words[i].reserved) {
	case OPENS_HEADER:
	case OPENS_CASE:
		command->kind = SHELL_HEADER;
		/* As the name that `for` sets; what `case` looks at is none. */
		command->n_words = reserved_words[i].reserved == OPENS_CASE;
		open_compound(reader, list, command->n_words, word->line);
		break;
	case OPENS:
		open_compound(reader, list, false, word->line);
		break;
	case CLOSES:
		close_compound(reader, list);
		break;
	case NAMES:
		shell_skip_blanks(reader);
		shell_scan_word(reader);
		list->expects_function = true;
		break;
	case TESTS:
		command->kind = SHELL_TEST;
		break;
	case GOES_ON:
		break;
	}
	return true;
}

static void take_word(struct shell_reader *reader, struct list *list,
		      struct shell_command *command, const struct shell_word *word)
{
	size_t n = shell_name_length(word->text, word->n);

	if (command->kind == SHELL_TEST) {
		if (shell_word_is(word, "]]"))
			command->kind = SHELL_ORDINARY;
		command->n_words++;
		return;
	}
	if (command->kind == SHELL_HEADER) {
		if (command->n_words == 1 && shell_word_is(word, "do") && !in_case(list))
			shell_begin_command(reader, command); /* for NAME do */
		else if (!command->n_words++ && n)
			shell_add_step(reader, SHELL_UNCLEAR, word->text, n, word->line);
		return;
	}
	if (!command->n_words && !command->has_prefix &&
	    take_reserved(reader, list, command, word))
		return;
	if (!command->n_words && shell_take_assignment(reader, word, false)) {
		command->has_prefix = true;
		return;
	}
	if (!command->n_words)
		shell_take_command_word(reader, command, word);
	else
		shell_take_argument(reader, command, word);
	command->n_words++;
}

/* The words of NAME=(…), whose '(' was taken. */
static void skip_array(struct shell_reader *reader, unsigned line)
{
	reader->silent++;
	for (;;) {
		int c;

		shell_skip_blanks(reader);
		c = shell_peek(reader, 0);
		if (c < 0 || c == ')')
			break;
		if (c == '#')
			shell_skip_comment(reader);
		else if (!shell_scan_word(reader).n)
			shell_take(reader);
	}
	reader->silent--;
	if (shell_peek(reader, 0) < 0)
		shell_leave_open(reader, "an array", line);
	shell_take(reader);
}

/* '(' begins an array, the parentheses of a function, or a subshell. */
static void take_parenthesis(struct shell_reader *reader, struct list *list,
			     struct shell_command *command)
{
	bool is_array = reader->at && reader->text[reader->at - 1] == '=';
	unsigned line = reader->line;
	struct shell_script *script = reader->script;

	shell_take(reader);
	if (is_array && (command->has_prefix || command->kind == SHELL_DECLARES)) {
		skip_array(reader, line);
		if (script->n > command->first_step)
			script->v[script->n - 1].effect = SHELL_UNCLEAR;
		return;
	}
	if (command->n_words == 1 && command->kind != SHELL_HEADER &&
	    command->kind != SHELL_TEST) {
		shell_skip_blanks(reader);
		list->expects_function = shell_peek(reader, 0) == ')';
		shell_begin_command(reader, command);
	} else if (!command->n_words) {
		list->expects_function = false; /* or its body, without effect outside */
	}
	shell_read_subshell(reader, line);
	if (command->kind == SHELL_HEADER && in_case(list))
		shell_begin_command(reader,
				    command); /* a pattern of `case` may have both */
}

static void take_redirection(struct shell_reader *reader, struct shell_command *command)
{
	bool is_heredoc = shell_peek(reader, 0) == '<' && shell_peek(reader, 1) == '<' &&
			  shell_peek(reader, 2) != '<';
	bool strips_tabs = is_heredoc && shell_peek(reader, 2) == '-';
	unsigned line = reader->line;
	struct shell_word target;

	command->has_prefix = true;
	shell_take(reader);
	if (shell_peek(reader, 0) == '(') { /* process substitution */
		shell_take(reader);
		shell_read_subshell(reader, line);
		return;
	}
	while (shell_peek(reader, 0) > 0 && strchr("<>&|-", shell_peek(reader, 0)))
		shell_take(reader);
	shell_skip_blanks(reader);
	target = shell_scan_word(reader);
	if (is_heredoc)
		shell_add_heredoc(reader, &target, strips_tabs);
}

/* ; & | and their doubles: the end of a command. */
static void take_separator(struct shell_reader *reader, struct list *list,
			   struct shell_command *command)
{
	int c = shell_peek(reader, 0);
	bool is_double = shell_peek(reader, 1) == c;

	if (c == '&' && shell_peek(reader, 1) == '>') {
		shell_take(reader);
		take_redirection(reader, command);
		return;
	}
	shell_take(reader);
	if (is_double || (c == '|' && shell_peek(reader, 0) == '&') ||
	    (c == ';' && shell_peek(reader, 0) == '&'))
		shell_take(reader);
	if (command->kind == SHELL_TEST)
		return;
	end_command(reader, list, command, !is_double && c != ';');
	list->is_chained = c == '|' || (c == '&' && is_double);
}

/* `2>FILE`: the number belongs to the redirection. */
static bool is_descriptor(const struct shell_reader *reader,
			  const struct shell_word *word)
{
	int c = shell_peek(reader, 0);

	if (!word->is_plain || (c != '<' && c != '>'))
		return false;
	for (size_t i = 0; i < word->n; i++)
		if (word->text[i] < '0' || word->text[i] > '9')
			return false;
	return word->n > 0;
}

/* Whether the list goes on behind the ')' that is next. */
static bool take_closing(struct shell_reader *reader, struct list *list,
			 struct shell_command *command, bool is_nested)
{
	shell_take(reader);
	if (command->kind == SHELL_TEST)
		return true;
	end_command(reader, list, command, true);
	list->is_chained = false;
	/* Else it is that of a pattern of `case`, or a stray one. */
	list->is_closed = is_nested && !in_case(list);
	return !list->is_closed;
}

/* One token; false at the end of the list. */
static bool take_token(struct shell_reader *reader, struct list *list,
		       struct shell_command *command, bool is_nested)
{
	struct shell_word word;
	int c;

	shell_skip_blanks(reader);
	c = shell_peek(reader, 0);
	if (c < 0)
		return false;
	if (c == '#') {
		shell_skip_comment(reader);
	} else if (c == '\n') {
		bool is_empty = !command->n_words && !command->has_prefix;

		end_command(reader, list, command, false);
		list->is_chained = list->is_chained && is_empty;
		shell_take_newline(reader);
	} else if (c == '(') {
		if (command->kind == SHELL_TEST)
			shell_take(reader);
		else
			take_parenthesis(reader, list, command);
	} else if (c == ')') {
		return take_closing(reader, list, command, is_nested);
	} else if (c == ';' || c == '&' || c == '|') {
		take_separator(reader, list, command);
	} else if (c == '<' || c == '>') {
		take_redirection(reader, command);
	} else {
		word = shell_scan_word(reader);
		if (!is_descriptor(reader, &word))
			take_word(reader, list, command, &word);
	}
	return true;
}

void shell_read_list(struct shell_reader *reader, bool is_nested)
{
	unsigned line = reader->line;
	struct list list = { 0 };
	struct shell_command command;

	shell_begin_command(reader, &command);
	while (take_token(reader, &list, &command, is_nested))
		;
	if (is_nested && !list.is_closed)
		shell_leave_open(reader, "a parenthesis", line);
	end_command(reader, &list, &command, false);
}

void shell_script_read(const char *text, size_t n, struct shell_script *ret)
{
	struct shell_script script = { 0 };
	struct shell_reader reader = {
		.text = text, .n = n, .line = 1, .script = &script
	};

	shell_read_list(&reader, false);
	for (size_t i = 0; i < reader.n_pending; i++) {
		shell_leave_open(&reader, "a here-document", reader.pending[i].line);
		free(reader.pending[i].delimiter);
	}
	free(reader.pending);
	*ret = script;
}

void shell_script_free(struct shell_script *script)
{
	for (size_t i = 0; i < script->n; i++)
		free(script->v[i].name);
	free(script->v);
	*script = (struct shell_script){ 0 };
}
