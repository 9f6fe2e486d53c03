/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What one simple command does to variables. */
#include "artifact/shell_reader.h"

#include <string.h>

static const struct {
	const char *text;
	enum shell_kind kind;
} builtins[] = {
	{ ".", SHELL_ANYTHING },	{ "alias", SHELL_SPOILS },
	{ "builtin", SHELL_ANYTHING },	{ "command", SHELL_ANYTHING },
	{ "declare", SHELL_DECLARES },	{ "eval", SHELL_ANYTHING },
	{ "exec", SHELL_SPOILS },	{ "exit", SHELL_SPOILS },
	{ "export", SHELL_DECLARES },	{ "getopts", SHELL_WRITES },
	{ "let", SHELL_ANYTHING },	{ "local", SHELL_ANYTHING },
	{ "mapfile", SHELL_WRITES },	{ "printf", SHELL_PRINTS },
	{ "read", SHELL_WRITES },	{ "readarray", SHELL_WRITES },
	{ "readonly", SHELL_DECLARES }, { "return", SHELL_SPOILS },
	{ "source", SHELL_ANYTHING },	{ "trap", SHELL_SPOILS },
	{ "typeset", SHELL_DECLARES },	{ "unset", SHELL_UNSETS },
	{ "wait", SHELL_WRITES },
};

struct shell_step *shell_add_step(struct shell_reader *reader, enum shell_effect effect,
				  const char *name, size_t n, unsigned line)
{
	struct shell_step *step;

	if (reader->silent)
		return NULL;
	step = array_add(reader->script->v, reader->script->n);
	*step = (struct shell_step){ .effect = effect, .line = line };
	if (name)
		step->name = xstrndup(name, n);
	return step;
}

void shell_begin_command(const struct shell_reader *reader, struct shell_command *command)
{
	*command = (struct shell_command){ .first_step = reader->script->n };
}

void shell_blur(struct shell_reader *reader, const struct shell_command *command,
		enum shell_effect effect)
{
	for (size_t i = command->first_step; i < reader->script->n; i++)
		if (reader->script->v[i].effect < effect)
			reader->script->v[i].effect = effect;
}

bool shell_take_assignment(struct shell_reader *reader, const struct shell_word *word,
			   bool is_argument)
{
	size_t n = shell_name_length(word->text, word->n);
	bool is_append = n && n + 1 < word->n && word->text[n] == '+';
	const char *equals = word->text + n + is_append;
	struct shell_step *step;

	if (n && n < word->n && word->text[n] == '[' &&
	    memchr(word->text, '=', word->n)) {
		shell_add_step(reader, SHELL_UNCLEAR, word->text, n, word->line);
		return true;
	}
	if (!n || equals == word->text + word->n || *equals != '=')
		return false;
	step = shell_add_step(reader, is_append ? SHELL_APPEND : SHELL_SET, word->text, n,
			      word->line);
	if (step) {
		step->value = equals + 1;
		step->n = (size_t)(word->text + word->n - step->value);
		step->is_argument = is_argument;
	}
	return true;
}

void shell_take_command_word(struct shell_reader *reader, struct shell_command *command,
			     const struct shell_word *word)
{
	size_t i = 0, n = sizeof builtins / sizeof *builtins;

	/* Most shells forget NAME=VALUE before a command, but not before each builtin. */
	shell_blur(reader, command, SHELL_UNCLEAR);
	while (i < n && !shell_word_is(word, builtins[i].text))
		i++;
	if (i < n)
		command->kind = builtins[i].kind;
	if (command->kind == SHELL_SPOILS)
		shell_add_step(reader, SHELL_LOST, NULL, 0, word->line);
	else if (command->kind == SHELL_ANYTHING || !word->is_plain)
		shell_add_step(reader, SHELL_UNCLEAR, NULL, 0, word->line);
}

void shell_take_argument(struct shell_reader *reader, struct shell_command *command,
			 const struct shell_word *word)
{
	size_t n = shell_name_length(word->text, word->n);
	bool is_name = n && n == word->n;

	if (word->is_plain && word->n && *word->text == '-') {
		if (command->kind == SHELL_PRINTS && command->n_words == 1)
			command->kind = SHELL_WRITES;
		/* -n makes one name stand for another. */
		if (command->kind == SHELL_DECLARES && memchr(word->text, 'n', word->n))
			shell_add_step(reader, SHELL_LOST, NULL, 0, word->line);
		command->has_option = true;
		return;
	}
	if (command->kind == SHELL_DECLARES) {
		/* Options such as -i change what is stored. */
		if (shell_take_assignment(reader, word, true) && command->has_option &&
		    !reader->silent)
			reader->script->v[reader->script->n - 1].effect = SHELL_UNCLEAR;
	} else if (command->kind == SHELL_UNSETS && is_name) {
		shell_add_step(reader, command->has_option ? SHELL_UNCLEAR : SHELL_UNSET,
			       word->text, n, word->line);
	} else if (command->kind == SHELL_WRITES || command->kind == SHELL_UNSETS) {
		shell_add_step(reader, SHELL_UNCLEAR, is_name ? word->text : NULL, n,
			       word->line);
	}
}
