/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/output.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WIDTH_STANDARD = 80, WIDTH_MAX = 1000 };

static bool terminal_has_colours(void)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return !(no_color && *no_color) && term && *term && strcmp(term, "dumb") != 0;
}

enum colour output_colour(FILE *stream, enum colour_mode mode)
{
	switch (mode) {
	case COLOUR_ALWAYS:
		return COLOUR_YES;
	case COLOUR_NEVER:
		return COLOUR_NO;
	case COLOUR_AUTO:
		break;
	}
	return isatty(fileno(stream)) && terminal_has_colours() ? COLOUR_YES : COLOUR_NO;
}

size_t output_width(FILE *stream)
{
	struct winsize size = { 0 };

	if (!isatty(fileno(stream)))
		return 0;
	if (ioctl(fileno(stream), TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
		return WIDTH_STANDARD; /* a serial line knows none */
	return size.ws_col < WIDTH_MAX ? size.ws_col : WIDTH_MAX;
}
