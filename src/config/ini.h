/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The values of a file as iniparser reads them. */
#pragma once

struct ini;

/* NULL where iniparser refuses the file or cannot open it; it prints nothing. */
struct ini *ini_load(const char *path);
void ini_free(struct ini *ini); /* takes NULL */

/* NULL where there is none. Names may be written in either case. Borrowed from *ini. */
const char *ini_value(const struct ini *ini, const char *section, const char *key);
