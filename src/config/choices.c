/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/choices.h"

#include "base/memory.h"

#include <ctype.h>
#include <string.h>

enum { WORD_MAX = 32, SLIPS_MAX = 2 };

struct strings choices_of(const char *values)
{
	struct strings choices = { 0 };

	strings_split(&choices, values, " |");
	return choices;
}

int choice_index(const struct strings *choices, const char *word)
{
	for (size_t i = 0; i < choices->n; i++)
		if (strcasecmp(choices->v[i], word) == 0)
			return (int)i;
	return -1;
}

static int lesser(int a, int b)
{
	return a < b ? a : b;
}

static bool same_letter(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/*
 * How many slips lead from one word to the other: a letter left out, put in, mistaken, or
 * swapped with the next (the restricted Damerau-Levenshtein distance).
 */
static int slips_between(const char *a, size_t n_a, const char *b, size_t n_b)
{
	int d[WORD_MAX + 1][WORD_MAX + 1];

	for (size_t i = 0; i <= n_a; i++)
		d[i][0] = (int)i;
	for (size_t k = 0; k <= n_b; k++)
		d[0][k] = (int)k;
	for (size_t i = 1; i <= n_a; i++)
		for (size_t k = 1; k <= n_b; k++) {
			int mistaken = !same_letter(a[i - 1], b[k - 1]);

			d[i][k] = lesser(lesser(d[i - 1][k], d[i][k - 1]) + 1,
					 d[i - 1][k - 1] + mistaken);
			if (i > 1 && k > 1 && same_letter(a[i - 1], b[k - 2]) &&
			    same_letter(a[i - 2], b[k - 1]))
				d[i][k] = lesser(d[i][k], d[i - 2][k - 2] + 1);
		}
	return d[n_a][n_b];
}

/* What people call one that has another name here; NULL for any other word. */
static const char *known_as(const struct strings *choices, const char *word)
{
	static const struct {
		const char *word, *choice;
	} names[] = {
		{ "kernel-install", "kernel-cmdline" },
		{ "systemd-boot", "kernel-cmdline" },
		{ "uki", "kernel-cmdline" },
		{ "proxmox", "proxmox-boot-tool" },
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcasecmp(names[i].word, word) == 0) {
			int at = choice_index(choices, names[i].choice);

			return at < 0 ? NULL : choices->v[at];
		}
	return NULL;
}

const char *choice_nearest(const struct strings *choices, const char *word)
{
	size_t n = strlen(word);
	/* One slip for three letters: 'off' must not be taken for 'on'. */
	int fewest = (n < 3 ? 0 : n < 6 ? 1 : SLIPS_MAX) + 1;
	const char *nearest = known_as(choices, word);

	if (nearest)
		return nearest;
	for (size_t i = 0; n <= WORD_MAX && i < choices->n; i++) {
		size_t n_choice = strlen(choices->v[i]);
		int slips;

		if (n_choice > WORD_MAX)
			continue;
		slips = slips_between(word, n, choices->v[i], n_choice);
		if (slips < fewest) {
			fewest = slips;
			nearest = choices->v[i];
		}
	}
	return nearest;
}

char *choices_hint(const struct strings *choices, const char *word)
{
	const char *nearest = choice_nearest(choices, word);
	char *text;
	size_t size;
	FILE *out = xopen_memstream(&text, &size);

	fputs("expected ", out);
	for (size_t i = 0; i < choices->n; i++)
		fprintf(out, "%s'%s'",
			!i		     ? ""
			: i + 1 < choices->n ? ", "
					     : " or ",
			choices->v[i]);
	if (nearest)
		fprintf(out, " (did you mean '%s'?)", nearest);
	fclose(out);
	return text;
}
