/* SPDX-License-Identifier: GPL-2.0-or-later */
/* print_checks attach|check|verify: the checks as scdoc, from the table that runs them.
 */
#include "verify/next_boot.h"
#include "verify/start.h"
#include "verify/verify.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What scdoc would take for markup is escaped. */
static void print_plain(const char *text)
{
	for (; *text; text++) {
		if (strchr("\\*_`[]|#<", *text))
			putchar('\\');
		putchar(*text);
	}
}

static void print_checks(const struct check_description *checks, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		printf("*%s*\n\t%c", checks[i].code, toupper(checks[i].help[0]));
		print_plain(checks[i].help + 1);
		fputs(".\n\n", stdout);
	}
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "verify") == 0) {
		print_checks(verify_checks, verify_n_checks);
		return EXIT_SUCCESS;
	}
	if (argc == 2 && strcmp(argv[1], "check") == 0) {
		print_checks(next_boot_checks, next_boot_n_checks);
		return EXIT_SUCCESS;
	}
	if (argc == 2 && strcmp(argv[1], "attach") == 0) {
		print_checks(start_checks, start_n_checks);
		return EXIT_SUCCESS;
	}
	fprintf(stderr, "usage: print_checks attach|check|verify\n");
	return EXIT_FAILURE;
}
