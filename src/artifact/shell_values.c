/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "artifact/shell_words.h"

#include "artifact/shell_reader.h"

#include <stdlib.h>
#include <string.h>

/* Longer values are given up: a command line is at most 4096, and A=$A$A doubles. */
enum { VALUE_MAX = 8192 };

struct place {
	size_t source;
	unsigned line; /* 0: nowhere */
};

struct variable {
	const char *name;
	enum { UNCLEAR, UNSET, KNOWN } state;
	char *value;  /* where KNOWN */
	bool is_lost; /* something may set it at any time */
	struct place at;
	size_t set_at; /* by the clock of variables */
};

/* Sorted by name. What may have happened to any variable only leaves its time, so that
 * the work does not grow with the variables. */
struct variables {
	struct variable *v;
	size_t n;
	size_t clock, blurred_at;
	struct place blurred_by;
};

static int compare_variables(const void *a, const void *b)
{
	const struct variable *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static struct variable *find(const struct variables *variables, const char *name)
{
	struct variable key = { .name = name };

	return bsearch(&key, variables->v, variables->n, sizeof key, compare_variables);
}

static bool is_clear(const struct variables *variables, const struct variable *variable)
{
	return !variable->is_lost && variable->state != UNCLEAR &&
	       variable->set_at >= variables->blurred_at;
}

static void list_variables(const struct shell_source *sources, size_t n,
			   const char *asked, struct variables *ret)
{
	size_t kept = 0;

	array_add(ret->v, ret->n)->name = asked;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < sources[i].script.n; k++)
			if (sources[i].script.v[k].name)
				array_add(ret->v, ret->n)->name =
					sources[i].script.v[k].name;
	qsort(ret->v, ret->n, sizeof *ret->v, compare_variables);
	for (size_t i = 1; i < ret->n; i++)
		if (strcmp(ret->v[kept].name, ret->v[i].name) != 0)
			ret->v[++kept] = ret->v[i];
	ret->n = kept + 1;
}

/* A value that is being put together from a word. */
struct expansion {
	const struct variables *variables;
	char *text; /* VALUE_MAX + 1 bytes */
	size_t n;
	bool is_argument;
	bool is_known;
};

static void add(struct expansion *expansion, const char *text, size_t n)
{
	if (n > VALUE_MAX - expansion->n || memchr(text, '\0', n)) {
		expansion->is_known = false;
		return;
	}
	memcpy(expansion->text + expansion->n, text, n);
	expansion->n += n;
}

static void add_variable(struct expansion *expansion, const char *name, size_t n)
{
	cleanup_free char *key = xstrndup(name, n);
	const struct variable *variable = find(expansion->variables, key);

	/* One that nothing here has set may come from the environment. */
	if (!variable || !is_clear(expansion->variables, variable))
		expansion->is_known = false;
	else if (variable->state == KNOWN)
		add(expansion, variable->value, strlen(variable->value));
}

/* What begins with '$'; the number of characters that it takes. */
static size_t expand(struct expansion *expansion, const char *text, size_t n,
		     bool in_double)
{
	bool has_braces = n > 1 && text[1] == '{';
	const char *name = text + 1 + has_braces;
	size_t length = shell_name_length(name, n - 1 - has_braces);

	if (!length && (n == 1 || strchr(" \t\n=:,./+%", text[1]) ||
			(in_double && text[1] == '"'))) {
		add(expansion, text, 1);
		return 1;
	}
	if (!length || (has_braces && (length + 2 >= n || name[length] != '}')) ||
	    (expansion->is_argument && !in_double)) {
		expansion->is_known = false;
		return n;
	}
	add_variable(expansion, name, length);
	return length + 1 + 2 * has_braces;
}

/* A backslash; the number of characters that it takes. */
static size_t unescape(struct expansion *expansion, const char *text, size_t n,
		       bool in_double)
{
	if (n < 2 || (in_double && !strchr("$`\"\\\n", text[1]))) {
		add(expansion, text, 1);
		return 1;
	}
	if (text[1] != '\n')
		add(expansion, text + 1, 1);
	return 2;
}

static size_t unquote_single(struct expansion *expansion, const char *text, size_t n)
{
	const char *end = memchr(text + 1, '\'', n - 1);
	size_t length = end ? (size_t)(end - text) - 1 : n - 1;

	expansion->is_known = expansion->is_known && end;
	add(expansion, text + 1, length);
	return length + 1 + (end != NULL);
}

/* A '~' that stands where the shell puts a home directory. */
static bool is_tilde(const char *word, size_t at)
{
	return word[at] == '~' && (!at || word[at - 1] == ':');
}

static void decode(struct expansion *expansion, const char *word, size_t n)
{
	bool in_double = false;

	for (size_t i = 0; i < n && expansion->is_known;) {
		char c = word[i];

		if (c == '"') {
			in_double = !in_double;
			i++;
		} else if (c == '\\') {
			i += unescape(expansion, word + i, n - i, in_double);
		} else if (c == '\'' && !in_double) {
			i += unquote_single(expansion, word + i, n - i);
		} else if (c == '$') {
			i += expand(expansion, word + i, n - i, in_double);
		} else if (c == '`' || (!in_double && is_tilde(word, i)) ||
			   (expansion->is_argument && !in_double && c &&
			    strchr("{*?[", c))) {
			expansion->is_known = false;
		} else {
			add(expansion, &word[i++], 1);
		}
	}
	expansion->is_known = expansion->is_known && !in_double;
}

/* The new value, or NULL where it is not known. */
static char *evaluate(const struct variables *variables, const struct shell_step *step,
		      const struct variable *variable)
{
	char text[VALUE_MAX + 1];
	struct expansion expansion = {
		.variables = variables,
		.text = text,
		.is_argument = step->is_argument,
		.is_known = true,
	};

	if (step->effect == SHELL_APPEND)
		add_variable(&expansion, variable->name, strlen(variable->name));
	decode(&expansion, step->value, step->n);
	return expansion.is_known ? xstrndup(text, expansion.n) : NULL;
}

static void set_variable(struct variables *variables, const struct shell_step *step,
			 struct place at)
{
	struct variable *variable = find(variables, step->name);
	char *value = NULL;

	if (step->effect == SHELL_SET || step->effect == SHELL_APPEND) {
		value = evaluate(variables, step, variable);
		variable->state = value ? KNOWN : UNCLEAR;
	} else {
		variable->state = step->effect == SHELL_UNSET ? UNSET : UNCLEAR;
	}
	free(variable->value);
	variable->value = value;
	variable->set_at = variables->clock;
	if (!variable->is_lost)
		variable->at = at;
}

static void run(struct variables *variables, const struct shell_step *step,
		struct place at)
{
	variables->clock++;
	if (step->name) {
		set_variable(variables, step, at);
	} else {
		variables->blurred_at = variables->clock;
		variables->blurred_by = at;
	}
}

/* Marks what is lost for good, wherever that stands. */
static void mark_lost(struct variables *variables, const struct shell_source *sources,
		      size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < sources[i].script.n; k++) {
			const struct shell_step *step = &sources[i].script.v[k];
			struct variable *variable;

			if (step->effect != SHELL_LOST || !step->name)
				continue;
			variable = find(variables, step->name);
			variable->is_lost = true;
			variable->at = (struct place){ i, step->line };
		}
}

/* Where any variable is lost, or nowhere. */
static struct place find_end(const struct shell_source *sources, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < sources[i].script.n; k++)
			if (sources[i].script.v[k].effect == SHELL_LOST &&
			    !sources[i].script.v[k].name)
				return (struct place){ i, sources[i].script.v[k].line };
	return (struct place){ 0 };
}

static void free_variables(struct variables *variables)
{
	for (size_t i = 0; i < variables->n; i++)
		free(variables->v[i].value);
	free(variables->v);
}

void shell_value_after(const struct shell_source *sources, size_t n, const char *variable,
		       struct shell_value *ret)
{
	cleanup(free_variables) struct variables variables = { 0 };
	struct variable *asked;
	struct place at = find_end(sources, n);
	struct shell_value value = { 0 };

	list_variables(sources, n, variable, &variables);
	asked = find(&variables, variable);
	asked->state = UNSET;
	mark_lost(&variables, sources, n);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < sources[i].script.n; k++)
			run(&variables, &sources[i].script.v[k],
			    (struct place){ i, sources[i].script.v[k].line });
	value.is_known = !at.line && is_clear(&variables, asked);
	if (!at.line)
		at = asked->set_at >= variables.blurred_at ? asked->at
							   : variables.blurred_by;
	if (value.is_known && asked->state == KNOWN)
		value.text = steal_ptr(asked->value);
	if (at.line)
		value.where = xasprintf("%s:%u", sources[at.source].name, at.line);
	*ret = value;
}

void shell_value_free(struct shell_value *value)
{
	free(value->text);
	free(value->where);
	*value = (struct shell_value){ 0 };
}
