/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/cmdline.h"

#include <stdlib.h>
#include <string.h>

/* isspace() of the kernel, which counts the no-break space of Latin-1 (lib/ctype.c). */
static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || (unsigned char)c == 0xa0;
}

static size_t token_length(const char *text)
{
	bool is_quoted = false;
	size_t n = 0;

	for (; text[n] && (is_quoted || !is_blank(text[n])); n++)
		is_quoted ^= text[n] == '"';
	return n;
}

/* Copies a name or a value; the kernel leaves out quotes at its two ends only. */
static char *unquoted(const char *text, size_t n, bool is_quoted)
{
	if (is_quoted && n && text[n - 1] == '"')
		n--;
	return xstrndup(text, n);
}

static struct cmdline_token parse_token(const char *text, size_t n)
{
	bool is_quoted = *text == '"'; /* "foo=a b": the quotes are around all of it */
	const char *name = text + is_quoted, *end = text + n;
	size_t n_name = (size_t)(end - name);
	/* The kernel does not see a '=' that begins a token. */
	const char *equals = n_name > 1 ? memchr(name + 1, '=', n_name - 1) : NULL;
	struct cmdline_token token = { .text = xstrndup(text, n) };

	if (!equals) {
		token.name = unquoted(name, n_name, is_quoted);
		return token;
	}
	token.name = xstrndup(name, (size_t)(equals - name));
	equals++;
	if (equals < end && *equals == '"') {
		is_quoted = true;
		equals++;
	}
	token.value = unquoted(equals, (size_t)(end - equals), is_quoted);
	return token;
}

const char *cmdline_next(const char *text, size_t *ret_n)
{
	while (is_blank(*text))
		text++;
	*ret_n = token_length(text);
	return text;
}

void cmdline_parse(const char *text, struct cmdline *ret)
{
	struct cmdline cmdline = { 0 };
	bool is_init = false;
	size_t n;

	while (text = cmdline_next(text, &n), n) {
		*array_add(cmdline.v, cmdline.n) = parse_token(text, n);
		is_init = is_init || (n == 2 && memcmp(text, "--", 2) == 0);
		if (!is_init)
			cmdline.n_kernel = cmdline.n;
		text += n;
	}
	*ret = cmdline;
}

void cmdline_free(struct cmdline *cmdline)
{
	for (size_t i = 0; i < cmdline->n; i++) {
		free(cmdline->v[i].name);
		free(cmdline->v[i].value);
		free(cmdline->v[i].text);
	}
	free(cmdline->v);
	*cmdline = (struct cmdline){ 0 };
}

static char dash_folded(char c)
{
	return c == '-' ? '_' : c;
}

bool cmdline_same_name(const char *a, const char *b)
{
	while (*a && dash_folded(*a) == dash_folded(*b)) {
		a++;
		b++;
	}
	return dash_folded(*a) == dash_folded(*b);
}

bool cmdline_has_name(const struct strings *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (cmdline_same_name(names->v[i], name))
			return true;
	return false;
}

void cmdline_list(const struct cmdline *cmdline, size_t n, struct strings *ret)
{
	for (size_t i = 0; i < n; i++)
		strings_add(ret, cmdline->v[i].text);
}

const struct cmdline_token *cmdline_find(const struct cmdline *cmdline, const char *name)
{
	for (size_t i = cmdline->n_kernel; i > 0; i--)
		if (cmdline_same_name(cmdline->v[i - 1].name, name))
			return &cmdline->v[i - 1];
	return NULL;
}

const char *cmdline_value(const struct cmdline *cmdline, const char *name)
{
	const struct cmdline_token *token = cmdline_find(cmdline, name);

	if (!token)
		return NULL;
	return token->value ? token->value : "";
}

static bool same_value(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

bool cmdline_has(const struct cmdline *cmdline, const char *text)
{
	struct cmdline wanted cleanup_cmdline = { 0 };
	const struct cmdline_token *token;

	cmdline_parse(text, &wanted);
	if (wanted.n != 1)
		return false;
	token = cmdline_find(cmdline, wanted.v[0].name);
	return token && same_value(token->value, wanted.v[0].value);
}
