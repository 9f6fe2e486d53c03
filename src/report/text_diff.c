/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unified differences, as `diff -u` writes and `patch -p1` reads them. */
#include "report/lines.h"
#include "report/text.h"

#include <string.h>

enum { CONTEXT = 3 };

struct diff {
	FILE *out;
	enum colour colour;
	struct text_lines before, after;
};

/* A range of lines on either side. */
struct hunk {
	size_t before, after;
	size_t before_end, after_end;
};

static bool is_changed(const struct text_lines *lines, size_t i)
{
	return i < lines->n && lines->v[i].is_changed;
}

/*
 * Exact, so that patch reads it; but a coloured one is for eyes alone, and what a
 * terminal would obey is escaped.
 */
static void put_line(const struct diff *diff, char sign, const struct line *line)
{
	bool has_end = line->text[line->n - 1] == '\n';
	size_t n = line->n - has_end;

	if (diff->colour == COLOUR_NO) {
		fputc(sign, diff->out);
		fwrite(line->text, 1, n, diff->out);
	} else {
		enum style style = sign == '+'	 ? STYLE_GOOD
				   : sign == '-' ? STYLE_BAD
						 : STYLE_PLAIN;

		style_begin(diff->out, diff->colour, style);
		fputc(sign, diff->out);
		text_put_bytes(diff->out, line->text, n);
		style_end(diff->out, diff->colour, style);
	}
	fputs(has_end ? "\n" : "\n\\ No newline at end of file\n", diff->out);
}

/* '3,7', '3' for one line, and the line before for none. */
static void put_range(FILE *out, char sign, size_t start, size_t end)
{
	if (end - start == 1)
		fprintf(out, "%c%zu", sign, start + 1);
	else
		fprintf(out, "%c%zu,%zu", sign, end > start ? start + 1 : start,
			end - start);
}

static void put_hunk_heading(const struct diff *diff, const struct hunk *hunk)
{
	style_begin(diff->out, diff->colour, STYLE_NEW);
	fputs("@@ ", diff->out);
	put_range(diff->out, '-', hunk->before, hunk->before_end);
	fputc(' ', diff->out);
	put_range(diff->out, '+', hunk->after, hunk->after_end);
	fputs(" @@", diff->out);
	style_end(diff->out, diff->colour, STYLE_NEW);
	fputc('\n', diff->out);
}

static void put_hunk(const struct diff *diff, const struct hunk *hunk)
{
	size_t i = hunk->before, j = hunk->after;

	put_hunk_heading(diff, hunk);
	while (i < hunk->before_end || j < hunk->after_end) {
		if (is_changed(&diff->before, i)) {
			put_line(diff, '-', &diff->before.v[i++]);
		} else if (is_changed(&diff->after, j)) {
			put_line(diff, '+', &diff->after.v[j++]);
		} else {
			put_line(diff, ' ', &diff->before.v[i++]);
			j++;
		}
	}
}

/* From the first change at *hunk's ends: up to where more lines are equal than context
 * needs. */
static void extend(const struct diff *diff, struct hunk *hunk)
{
	size_t n_equal = 0;
	size_t i = hunk->before_end, j = hunk->after_end;

	while (n_equal <= 2 * CONTEXT && (i < diff->before.n || j < diff->after.n)) {
		bool is_removed = is_changed(&diff->before, i);
		bool is_added = is_changed(&diff->after, j);

		i += is_removed || !is_added;
		j += is_added || !is_removed;
		n_equal = is_removed || is_added ? 0 : n_equal + 1;
	}
	if (n_equal > CONTEXT) {
		i -= n_equal - CONTEXT;
		j -= n_equal - CONTEXT;
	}
	hunk->before_end = i;
	hunk->after_end = j;
}

static void put_hunks(const struct diff *diff)
{
	size_t i = 0, j = 0;

	while (i < diff->before.n || j < diff->after.n) {
		struct hunk hunk = { i, j, i, j };
		size_t context;

		if (!is_changed(&diff->before, i) && !is_changed(&diff->after, j)) {
			i++, j++;
			continue;
		}
		context = i < CONTEXT ? i : CONTEXT;
		hunk.before -= context;
		hunk.after -= context;
		extend(diff, &hunk);
		put_hunk(diff, &hunk);
		i = hunk.before_end;
		j = hunk.after_end;
	}
}

/* As GNU diff and git do: quoted where it holds what would end the name otherwise. */
static void put_name(FILE *out, const char *prefix, const char *path)
{
	bool is_quoted = false;

	for (const char *at = path; *at; at++)
		is_quoted |= (unsigned char)*at < ' ' || *at == 0x7f || *at == '"' ||
			     *at == '\\';
	fprintf(out, is_quoted ? "\"%s" : "%s", prefix);
	for (const char *at = path; *at; at++) {
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			fprintf(out, "\\%03o", (unsigned char)*at);
		else
			fprintf(out, is_quoted && strchr("\"\\", *at) ? "\\%c" : "%c",
				*at);
	}
	if (is_quoted)
		fputc('"', out);
	else if (strchr(path, ' '))
		fputc('\t', out); /* or patch would cut it at the blank */
}

static void put_heading(const struct diff *diff, const char *sign, const char *prefix,
			const char *path)
{
	style_begin(diff->out, diff->colour, STYLE_STRONG);
	fputs(sign, diff->out);
	put_name(diff->out, prefix, path);
	style_end(diff->out, diff->colour, STYLE_STRONG);
	fputc('\n', diff->out);
}

static bool is_binary(const char *bytes, size_t size)
{
	return size && memchr(bytes, '\0', size);
}

/* As git spells it, which GNU patch heeds, too: a script that is not executable would lie
 * there unseen. */
static void put_executable(struct diff *diff, const struct change *change)
{
	fputs("diff --git ", diff->out);
	put_name(diff->out, "a", change->path);
	fputc(' ', diff->out);
	put_name(diff->out, "b", change->path);
	fprintf(diff->out, "\nnew file mode 100%03o\n", (unsigned)change->mode);
}

static void put_change(struct diff *diff, const struct change *change)
{
	if (is_binary(change->before, change->before_size) ||
	    is_binary(change->after, change->after_size)) {
		fputs("Binary files ", diff->out);
		put_name(diff->out, "a", change->path);
		fputs(" and ", diff->out);
		put_name(diff->out, "b", change->path);
		fputs(" differ\n", diff->out);
		return;
	}
	if (!change->before && change->mode & 0100)
		put_executable(diff, change);
	put_heading(diff, "--- ", change->before ? "a" : "",
		    change->before ? change->path : "/dev/null");
	put_heading(diff, "+++ ", change->after ? "b" : "",
		    change->after ? change->path : "/dev/null");
	diff->before = lines_split(change->before, change->before_size);
	diff->after = lines_split(change->after, change->after_size);
	lines_compare(&diff->before, &diff->after);
	put_hunks(diff);
	lines_free(&diff->before);
	lines_free(&diff->after);
}

static bool has_difference(const struct change *change)
{
	return change->before_size != change->after_size ||
	       (change->before_size &&
		memcmp(change->before, change->after, change->before_size) != 0);
}

void report_diff(FILE *out, const struct changes *changes, enum colour colour)
{
	struct diff diff = { .out = out, .colour = colour };

	for (size_t i = 0; i < changes->n; i++)
		if (changes->v[i].action != ACTION_UNCHANGED &&
		    has_difference(&changes->v[i]))
			put_change(&diff, &changes->v[i]);
}
