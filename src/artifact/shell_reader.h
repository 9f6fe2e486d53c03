/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How shell_words.c walks a text: words and what nests in them (shell_scan.c), and the
 * commands that they make (shell_words.c). Private. */
#pragma once

#include "artifact/shell_words.h"

enum { SHELL_DEPTH = 64 /* of what nests: the stack of this process is finite */ };

struct shell_heredoc {
	char *delimiter;
	bool strips_tabs; /* <<- */
	unsigned line;
};

struct shell_reader {
	const char *text;
	size_t n, at;
	unsigned line;
	unsigned depth;
	unsigned silent;  /* > 0: in a subshell, whose variables end with it */
	bool in_function; /* which may be called at any time, or never */
	struct shell_heredoc *pending; /* their bodies begin after this line */
	size_t n_pending;
	struct shell_script *script;
};

/* A word, as it stands in the text. */
struct shell_word {
	const char *text;
	size_t n;
	unsigned line;
	bool is_plain; /* without quotes, escapes and expansions */
};

/* The character `k` further on, or -1 past the end. */
int shell_peek(const struct shell_reader *reader, size_t k);
/* One character on, lines counted. */
void shell_take(struct shell_reader *reader);
/* The newline that ends a line, and the here-documents that follow it. */
void shell_take_newline(struct shell_reader *reader);
/* Blanks and continued lines. */
void shell_skip_blanks(struct shell_reader *reader);
void shell_skip_comment(struct shell_reader *reader);

/* A word, or an empty one where none begins here. */
struct shell_word shell_scan_word(struct shell_reader *reader);
bool shell_word_is(const struct shell_word *word, const char *text);
/* The length of the name that begins the word; 0 where none does. */
size_t shell_name_length(const char *text, size_t n);

/* `<<WORD` was met, `line` its number. */
void shell_add_heredoc(struct shell_reader *reader, const struct shell_word *delimiter,
		       bool strips_tabs);

/* The rest of the text belongs to something that began at `line` and never ends. */
void shell_leave_open(struct shell_reader *reader, const char *what, unsigned line);

/* NULL `name`: any variable. Nothing happens within a subshell. */
struct shell_step *shell_add_step(struct shell_reader *reader, enum shell_effect effect,
				  const char *name, size_t n, unsigned line);

/* What a command does to variables. */
enum shell_kind {
	SHELL_ORDINARY, /* nothing */
	SHELL_DECLARES, /* NAME=VALUE arguments */
	SHELL_UNSETS,
	SHELL_WRITES, /* into variables that its arguments name */
	SHELL_PRINTS, /* the same, after -v */
	SHELL_ANYTHING,
	SHELL_SPOILS, /* what follows may mean something else, or is not run */
	SHELL_HEADER, /* words of `for` and `case` */
	SHELL_TEST,   /* up to ]] */
};

/* The command that is being read. */
struct shell_command {
	enum shell_kind kind;
	size_t n_words;
	size_t first_step; /* of the script, that this command added */
	bool has_prefix;   /* NAME=VALUE or a redirection */
	bool has_option;
};

void shell_begin_command(const struct shell_reader *reader,
			 struct shell_command *command);
/* Makes what the command does at least as uncertain as `effect`. */
void shell_blur(struct shell_reader *reader, const struct shell_command *command,
		enum shell_effect effect);

/* NAME=VALUE, NAME+=VALUE or NAME[…]=VALUE; false where the word is none of them. */
bool shell_take_assignment(struct shell_reader *reader, const struct shell_word *word,
			   bool is_argument);
void shell_take_command_word(struct shell_reader *reader, struct shell_command *command,
			     const struct shell_word *word);
void shell_take_argument(struct shell_reader *reader, struct shell_command *command,
			 const struct shell_word *word);

/* Commands up to the end, or to the ')' that ends a nested list, which is taken. */
void shell_read_list(struct shell_reader *reader, bool is_nested);
/* The same for what follows a '(' that was taken, as a subshell. */
void shell_read_subshell(struct shell_reader *reader, unsigned line);
