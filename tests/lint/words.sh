#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What must not be committed: paths of somebody's machine, marks of unfinished work,
# blanks at the end of a line.
. "$(dirname "$0")/files.sh"

failures=0

# forbid WHY PATTERN FILE…
forbid() {
	why=$1
	pattern=$2
	shift 2
	grep -InE -e "$pattern" "$@" /dev/null || return 0
	echo "^ $why"
	failures=$((failures + 1))
}

# The marks are written in halves so that this file does not hold them.
# shellcheck disable=SC2046 # no file of the project has a blank in its name
set -- $(project_files | grep -v -e '^./LICENSE$' -e '^./tests/fuzz/.*/')
forbid "unfinished work" '(^|[^A-Za-z])(TO''DO|FIX''ME|XX''X)([^A-Za-z]|$)' "$@"
forbid "a path of somebody's machine" '(^|[^a-z.$}])/(wo''rk|tmp/[a-z]+-[a-z]+)/' "$@"

# shellcheck disable=SC2046
set -- $(printf '%s\n' "$@" | grep -v -e '\.md$' -e '^./tests/machines/' -e '^./tests/golden/.*/expected/')
forbid "a blank at the end of a line" '[	 ]$' "$@"
exit $((failures > 0))
