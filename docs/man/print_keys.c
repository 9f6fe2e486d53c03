/* SPDX-License-Identifier: GPL-2.0-or-later */
/* print_keys SECTION: the keys of that section as scdoc, from the table that reads them.
 */
#include "config/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What scdoc would take for markup is escaped. */
static void print_plain(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strchr("\\*_`[]|#<", text[i]))
			putchar('\\');
		putchar(text[i]);
	}
}

/* 'on | pt' as _on_ | _pt_ */
static void print_values(const char *values)
{
	while (*values) {
		const char *bar = strstr(values, " | ");
		size_t n = bar ? (size_t)(bar - values) : strlen(values);

		putchar('_');
		print_plain(values, n);
		fputs(bar ? "_ | " : "_", stdout);
		values += bar ? n + strlen(" | ") : n;
	}
}

static void print_key(const struct config_key *key)
{
	printf("*%s* = ", key->name);
	print_values(key->values);
	fputs("\n\t", stdout);
	print_plain(key->help, strlen(key->help));
	if (*key->standard)
		printf(" Default: %s.", key->standard);
	fputs("\n\n", stdout);
}

int main(int argc, char **argv)
{
	size_t n = 0;

	for (size_t i = 0; argc == 2 && i < config_n_keys; i++)
		if (strcmp(config_keys[i].section, argv[1]) == 0) {
			print_key(&config_keys[i]);
			n++;
		}
	if (n)
		return EXIT_SUCCESS;
	fprintf(stderr, "usage: print_keys SECTION\n");
	return EXIT_FAILURE;
}
