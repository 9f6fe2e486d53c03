/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/boot_entries.h"

#include "base/cmdline.h"

#include <stdlib.h>
#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static const char *skip_invalid(const char *text)
{
	while (*text && !is_digit(*text) && !is_letter(*text) && !strchr("~-^.", *text))
		text++;
	return text;
}

/* Takes `mark` off both; who alone has it is the lesser, or 0. */
static int compare_mark(const char **a, const char **b, char mark)
{
	int order = (**b == mark) - (**a == mark);

	if (order == 0 && **a == mark) {
		++*a;
		++*b;
	}
	return order;
}

static int compare_lengths(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

static int compare_numbers(const char **a, const char **b)
{
	size_t n = strspn(*a, "0123456789"), m = strspn(*b, "0123456789"), zeros;
	int order = (n != 0) - (m != 0);

	if (order)
		return order;
	zeros = strspn(*a, "0");
	*a += zeros < n ? zeros : n;
	n -= zeros;
	zeros = strspn(*b, "0");
	*b += zeros < m ? zeros : m;
	m -= zeros;
	order = compare_lengths(n, m);
	if (order == 0)
		order = strncmp(*a, *b, n);
	*a += n;
	*b += m;
	return order;
}

static int compare_words(const char **a, const char **b)
{
	size_t n = 0, m = 0;
	int order;

	while (is_letter((*a)[n]))
		n++;
	while (is_letter((*b)[m]))
		m++;
	order = strncmp(*a, *b, n < m ? n : m);
	if (order == 0)
		order = compare_lengths(n, m);
	*a += n;
	*b += m;
	return order;
}

int version_compare(const char *a, const char *b)
{
	for (;;) {
		int order;

		a = skip_invalid(a);
		b = skip_invalid(b);
		order = compare_mark(&a, &b, '~');
		if (order || !*a || !*b)
			return order ? order : (*a != '\0') - (*b != '\0');
		for (const char *mark = "-^."; *mark && !order; mark++)
			order = compare_mark(&a, &b, *mark);
		if (order == 0 && (is_digit(*a) || is_digit(*b)))
			order = compare_numbers(&a, &b);
		else if (order == 0)
			order = compare_words(&a, &b);
		if (order)
			return order;
	}
}

static bool has_word(const char *text)
{
	static const char *const words[] = { "rescue", "recovery", "fallback" };

	for (size_t i = 0; text && i < sizeof words / sizeof *words; i++)
		if (strcasestr(text, words[i]))
			return true;
	return false;
}

bool boot_entry_is_rescue(const struct boot_entry *entry)
{
	static const char *const tokens[] = {
		"single",
		"recovery",
		"rescue",
		"emergency",
		"systemd.unit=rescue.target",
		"systemd.unit=emergency.target",
		"vfio_bootcfg=off",
	};
	cleanup_cmdline struct cmdline cmdline = { 0 };

	if (has_word(entry->title) || has_word(entry->id))
		return true;
	if (entry->options)
		cmdline_parse(entry->options, &cmdline);
	for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++)
		if (cmdline_has(&cmdline, tokens[i]))
			return true;
	return false;
}

static bool boots(const struct boot_entry *entry, const char *release)
{
	return entry->release && strcmp(entry->release, release) == 0;
}

size_t boot_menu_find(const struct boot_menu *menu, const char *release)
{
	size_t first = SIZE_MAX;

	if (menu->chosen < menu->n && boots(&menu->v[menu->chosen], release))
		return menu->chosen;
	for (size_t i = 0; i < menu->n; i++) {
		if (!boots(&menu->v[i], release))
			continue;
		if (!boot_entry_is_rescue(&menu->v[i]))
			return i;
		if (first == SIZE_MAX)
			first = i;
	}
	return first;
}

void boot_entry_free(struct boot_entry *entry)
{
	free(entry->where);
	free(entry->title);
	free(entry->id);
	free(entry->kernel);
	strings_free(&entry->initrds);
	free(entry->options);
	free(entry->sort_key);
	free(entry->machine_id);
	free(entry->version);
	free(entry->unified);
	free(entry->release);
	*entry = (struct boot_entry){ 0 };
}

void boot_menu_free(struct boot_menu *menu)
{
	for (size_t i = 0; i < menu->n; i++)
		boot_entry_free(&menu->v[i]);
	free(menu->v);
	free(menu->why);
	*menu = (struct boot_menu){ 0 };
}
