/* SPDX-License-Identifier: GPL-2.0-or-later */
/* E. Myers, "An O(ND) difference algorithm and its variations", 1986, section 4b. */
#include "report/lines.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* FNV-1a, so that most unequal lines are told apart by one comparison. */
static uint64_t hash_of(const char *text, size_t n)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (size_t i = 0; i < n; i++)
		hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3;
	return hash;
}

struct text_lines lines_split(const char *text, size_t n)
{
	struct text_lines lines = { 0 };

	while (n) {
		const char *end = memchr(text, '\n', n);
		size_t length = end ? (size_t)(end - text) + 1 : n;

		*array_add(lines.v, lines.n) =
			(struct line){ text, length, hash_of(text, length), false };
		text += length;
		n -= length;
	}
	return lines;
}

void lines_free(struct text_lines *lines)
{
	free(lines->v);
	*lines = (struct text_lines){ 0 };
}

static bool lines_equal(const struct line *a, const struct line *b)
{
	return a->hash == b->hash && a->n == b->n && memcmp(a->text, b->text, a->n) == 0;
}

/* A part of both texts. */
struct part {
	struct line *a, *b;
	long n, m;
};

/*
 * For each diagonal k = x - y the greatest x that d edits reach, from the start of the
 * part (`forward`) or, counted backwards, from its end.
 */
enum { EDITS_MAX = DIFFERENCES_MAX / 2, REACH_SIZE = 2 * EDITS_MAX + 3 };
struct reach {
	long forward[REACH_SIZE], backward[REACH_SIZE];
};

struct place {
	long x, y;
};

static void mark(struct line *v, long n)
{
	for (long i = 0; i < n; i++)
		v[i].is_changed = true;
}

static void trim(struct part *part)
{
	while (part->n && part->m && lines_equal(part->a, part->b)) {
		part->a++, part->b++;
		part->n--, part->m--;
	}
	while (part->n && part->m &&
	       lines_equal(&part->a[part->n - 1], &part->b[part->m - 1]))
		part->n--, part->m--;
}

/* `v` holds what d - 1 edits reached. */
static long step(const long *v, long k, long d)
{
	return k == -d || (k != d && v[k - 1] < v[k + 1]) ? v[k + 1] : v[k - 1] + 1;
}

static long advance_forward(const struct part *part, const long *v, long k, long d)
{
	long x = step(v, k, d), y = x - k;

	while (x < part->n && y < part->m && lines_equal(&part->a[x], &part->b[y]))
		x++, y++;
	return x;
}

static long advance_backward(const struct part *part, const long *v, long k, long d)
{
	long x = step(v, k, d), y = x - k;

	while (x < part->n && y < part->m &&
	       lines_equal(&part->a[part->n - 1 - x], &part->b[part->m - 1 - y]))
		x++, y++;
	return x;
}

/* Whether the ways from both ends met, on a place that is inside the part. */
static bool have_met(const struct part *part, long k, long x, long x_back)
{
	return x + x_back >= part->n && x <= part->n && x - k <= part->m &&
	       x_back <= part->n && x_back - (part->n - part->m - k) <= part->m;
}

/* A place in the middle of a shortest way through the part; false where it is too long.
 */
static bool find_middle(const struct part *part, struct reach *reach, struct place *ret)
{
	long *forward = reach->forward + EDITS_MAX + 1;
	long *backward = reach->backward + EDITS_MAX + 1;
	long delta = part->n - part->m;

	forward[1] = backward[1] = 0;
	for (long d = 0; d <= EDITS_MAX; d++) {
		for (long k = -d; k <= d; k += 2) {
			long x = forward[k] = advance_forward(part, forward, k, d);

			if (delta & 1 && labs(delta - k) < d &&
			    have_met(part, k, x, backward[delta - k])) {
				*ret = (struct place){ x, x - k };
				return true;
			}
		}
		for (long k = -d; k <= d; k += 2) {
			long x = backward[k] = advance_backward(part, backward, k, d);

			if (!(delta & 1) && labs(delta - k) <= d &&
			    have_met(part, delta - k, forward[delta - k], x)) {
				*ret = (struct place){ part->n - x, part->m - x + k };
				return true;
			}
		}
	}
	return false;
}

static void compare(struct part part, struct reach *reach)
{
	struct place middle;

	trim(&part);
	if (part.n && part.m && find_middle(&part, reach, &middle)) {
		compare((struct part){ part.a, part.b, middle.x, middle.y }, reach);
		compare((struct part){ part.a + middle.x, part.b + middle.y,
				       part.n - middle.x, part.m - middle.y },
			reach);
		return;
	}
	mark(part.a, part.n);
	mark(part.b, part.m);
}

void lines_compare(struct text_lines *a, struct text_lines *b)
{
	struct reach *reach = xcalloc(1, sizeof *reach);

	compare((struct part){ a->v, b->v, (long)a->n, (long)b->n }, reach);
	free(reach);
}
