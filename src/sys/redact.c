/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/redact.h"

#include "base/search.h"
#include "sys/redact_match.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* More values than a machine has; past them a placeholder has no number, so that a log
 * of any length takes no more memory. */
enum { VALUES_MAX = 4096, HOSTNAME_MIN = 3 };

struct redacted {
	char *value;
	unsigned number;
};

struct redactor {
	char *hostname;	    /* or NULL */
	struct redacted *v; /* sorted by value */
	size_t n;
};

struct redactor *redactor_new(const char *hostname)
{
	struct redactor *redactor = xcalloc(1, sizeof *redactor);

	if (hostname && strlen(hostname) >= HOSTNAME_MIN &&
	    strcmp(hostname, "(none)") != 0 && strcmp(hostname, "localhost") != 0)
		redactor->hostname = xstrndup(hostname, strcspn(hostname, "."));
	return redactor;
}

void redactor_free(struct redactor *redactor)
{
	if (!redactor)
		return;
	for (size_t i = 0; i < redactor->n; i++)
		free(redactor->v[i].value);
	free(redactor->v);
	free(redactor->hostname);
	free(redactor);
}

static int compare_to_value(const void *key, const void *element)
{
	const struct redacted *redacted = element;

	return strcmp(key, redacted->value);
}

char *redact_value(struct redactor *redactor, const char *value, size_t n)
{
	cleanup_free char *key = xstrndup(value, n);
	struct redacted *v;
	size_t i;

	/* Kernel and firmware do not agree on the case of UUIDs and addresses. */
	for (char *c = key; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	i = search_first(key, redactor->v, redactor->n, sizeof *redactor->v,
			 compare_to_value);
	if (i < redactor->n && strcmp(redactor->v[i].value, key) == 0)
		return xasprintf("redacted-%u", redactor->v[i].number);
	if (redactor->n == VALUES_MAX)
		return xstrdup("redacted");
	(void)array_add(redactor->v, redactor->n);
	v = redactor->v + i;
	memmove(v + 1, v, (redactor->n - 1 - i) * sizeof *v);
	*v = (struct redacted){ steal_ptr(key), (unsigned)redactor->n };
	return xasprintf("redacted-%u", v->number);
}

static struct secret find_hostname(const char *hostname, const char *text)
{
	size_t n = hostname ? strlen(hostname) : 0;
	bool is_here = n && strncmp(text, hostname, n) == 0 && ends_word(text[n]);

	return (struct secret){ 0, is_here ? n : 0 };
}

/* The next secret of the text, or one of no bytes at its end; *ret_at is where what is
 * kept of it begins. */
static struct secret next_secret(const char *hostname, const char *text,
				 const char **ret_at)
{
	struct secret secret = { 0 };
	bool begins_word = true;

	for (; *text; text++) {
		if (begins_word)
			secret = find_hostname(hostname, text);
		if (begins_word && !secret.n)
			secret = secret_at(text);
		if (secret.n)
			break;
		begins_word = ends_word(*text);
	}
	*ret_at = text;
	return secret;
}

static char *redact_words(struct redactor *redactor, const char *hostname,
			  const char *text)
{
	const char *at;
	struct secret secret = next_secret(hostname, text, &at);
	size_t size;
	char *result;
	FILE *out;

	/* Nearly every line has none. */
	if (!secret.n)
		return xstrdup(text);
	out = xopen_memstream(&result, &size);
	for (; secret.n; secret = next_secret(hostname, text, &at)) {
		const char *value = at + secret.kept;
		cleanup_free char *placeholder = redact_value(redactor, value, secret.n);

		fprintf(out, "%.*s%s", (int)(value - text), text, placeholder);
		text = value + secret.n;
	}
	fputs(text, out);
	fclose(out);
	return result;
}

char *redact(struct redactor *redactor, const char *text)
{
	return redact_words(redactor, redactor->hostname, text);
}

char *redact_path(struct redactor *redactor, const char *path)
{
	return redact_words(redactor, NULL, path);
}
