#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# clang-format decides what C looks like. Versions disagree in details, so one is the judge.
. "$(dirname "$0")/files.sh"

judge=14
for formatter in clang-format-$judge clang-format; do
	version=$("$formatter" --version 2>/dev/null | grep -o 'version [0-9]*')
	[ "$version" = "version $judge" ] && break
	formatter=
done
[ -n "$formatter" ] || skip "clang-format $judge is not installed"

c_files | xargs "$formatter" --dry-run -Werror
