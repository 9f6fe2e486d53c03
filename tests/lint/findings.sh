#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every code of a finding that the sources can give is on vfio-bootcfg-findings.7, and the
# other way round. A code is a literal of words with dashes between them, or what follows a
# severity; what else looks so is listed in findings.txt.
. "$(dirname "$0")/files.sh"

page=docs/man/vfio-bootcfg-findings.7.scd.in
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

find src -name '*.c' | sort >"$work/sources"
# The checks come from their tables when the page is made.
xargs sed -n '/^const struct check_description/,/^};/s/.*{ "\([a-z-]*\)".*/\1/p' \
	<"$work/sources" >"$work/checks"
xargs awk -f tests/lint/findings.awk <"$work/sources" | sort -u - "$work/checks" >"$work/literals"
sed -n 's/^\([a-z0-9-]*\)[	 ].*/\1/p' tests/lint/findings.txt | sort >"$work/others"
comm -23 "$work/literals" "$work/others" >"$work/codes"
sed -n '/^\*[a-z-]*\*\(, \*[a-z-]*\*\)*$/s/[*,]//gp' "$page" | tr ' ' '\n' |
	sort -u - "$work/checks" >"$work/page"

failures=0
report() {
	[ -z "$2" ] && return
	echo "$1:" "$2"
	failures=$((failures + 1))
}
report "in the sources, but not in $page (nor in tests/lint/findings.txt)" \
	"$(comm -23 "$work/codes" "$work/page" | paste -sd ' ' -)"
report "in $page, but not in the sources" \
	"$(comm -13 "$work/codes" "$work/page" | paste -sd ' ' -)"
report "in tests/lint/findings.txt, but not in the sources" \
	"$(comm -13 "$work/literals" "$work/others" | paste -sd ' ' -)"
echo "$(wc -l <"$work/page") codes, $failures failures"
[ -s "$work/codes" ] && [ "$failures" -eq 0 ]
