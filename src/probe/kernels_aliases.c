/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/kernels_aliases.h"

#include "base/search.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

void aliases_add(struct aliases *aliases, const char *pattern, const char *module)
{
	*array_add(aliases->v, aliases->n) = (struct alias){
		.pattern = xstrdup(pattern),
		.n_literal = strcspn(pattern, "*?[\\"),
		.module = xstrdup(module),
	};
}

static int compare_aliases(const void *a, const void *b)
{
	const struct alias *x = a, *y = b;
	int order;

	if (x->n_literal != y->n_literal)
		return x->n_literal < y->n_literal ? -1 : 1;
	order = strcmp(x->pattern, y->pattern);
	return order ? order : strcmp(x->module, y->module);
}

void aliases_sort(struct aliases *aliases)
{
	if (aliases->n)
		qsort(aliases->v, aliases->n, sizeof *aliases->v, compare_aliases);
}

void aliases_free(struct aliases *aliases)
{
	for (size_t i = 0; i < aliases->n; i++) {
		free(aliases->v[i].pattern);
		free(aliases->v[i].module);
	}
	free(aliases->v);
	*aliases = (struct aliases){ 0 };
}

/* What is looked for: a literal part. */
struct literal {
	const char *text;
	size_t n;
};

static int compare_to_literal(const void *key, const void *element)
{
	const struct literal *literal = key;
	const struct alias *alias = element;

	if (alias->n_literal != literal->n)
		return literal->n < alias->n_literal ? -1 : 1;
	return strncmp(literal->text, alias->pattern, literal->n);
}

static size_t first_from(const struct aliases *aliases, const char *text, size_t n)
{
	return search_first(&(struct literal){ text, n }, aliases->v, aliases->n,
			    sizeof *aliases->v, compare_to_literal);
}

/*
 * Thousands of patterns against thousands of modaliases: only those whose literal part
 * begins the modalias are compared, a run for each length that a literal part has.
 */
void aliases_match(const struct aliases *aliases, const char *modalias,
		   struct strings *modules)
{
	size_t length = strlen(modalias), i = 0;

	while (i < aliases->n && aliases->v[i].n_literal <= length) {
		size_t n = aliases->v[i].n_literal;

		for (i = first_from(aliases, modalias, n);
		     i < aliases->n && aliases->v[i].n_literal == n &&
		     strncmp(aliases->v[i].pattern, modalias, n) == 0;
		     i++)
			if (fnmatch(aliases->v[i].pattern, modalias, 0) == 0)
				strings_add(modules, aliases->v[i].module);
		/* No text sorts before the empty one: the first of the next length. */
		i = first_from(aliases, "", n + 1);
	}
}

void aliases_add_modinfo(struct aliases *aliases, const char *bytes, size_t n)
{
	static const char key[] = ".alias=";

	for (const char *end = bytes + n; bytes < end;) {
		const char *nul = memchr(bytes, '\0', (size_t)(end - bytes));
		size_t size = (size_t)((nul ? nul : end) - bytes);
		cleanup_free char *entry = xstrndup(bytes, size);
		/* No name of a module has a dot. */
		char *dot = strchr(entry, '.');

		bytes += size + (nul != NULL);
		if (!dot || strncmp(dot, key, sizeof key - 1) != 0)
			continue;
		*dot = '\0';
		dot += sizeof key - 1;
		if (strncmp(dot, "pci:", 4) == 0 || strncmp(dot, "vfio_pci:", 9) == 0)
			aliases_add(aliases, dot, entry);
	}
}
