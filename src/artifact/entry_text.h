/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of a menu entry with other options (base/entry_lines.h). The caller frees what
 * is returned. */
#pragma once

/* Those of the first line that has some, which is all that GRUB reads; "" where none. */
char *entry_options(const char *text);

/* With these instead. A line that has none left goes; where there was none, one is added
 * to the end. */
char *entry_with_options(const char *text, const char *options);

/*
 * As an entry of its own: behind the title stands FALLBACK_TITLE, and the options are
 * these. `indent` stands before every line of options: what sets the options of all
 * entries only changes lines that begin with that word (grubby, set_bls_value; 10_linux
 * of Fedora, update_bls_cmdline), and GRUB and systemd-boot pass over blanks.
 */
char *entry_as_fallback(const char *text, const char *options, const char *indent);
