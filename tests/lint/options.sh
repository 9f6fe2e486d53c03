#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The options and commands that --help shows are those of vfio-bootcfg.8, and the other way
# round.
. "$(dirname "$0")/files.sh"

program=$BUILD/src/vfio-bootcfg
page=$(find "$BUILD/docs" -name 'vfio-bootcfg.8*' 2>/dev/null | sort | tail -n 1)
"$program" --help >/dev/null 2>&1 || skip "$program has no --help"
[ -n "$page" ] || skip "the manual was not built (scdoc)"

work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

long_options() {
	grep -oE -e '--[a-z][a-z-]+' | sort -u
}

# The verbs are the first words of the indented lines below "Commands:".
verbs=$("$program" --help | sed -n '/^[Cc]ommands:/,/^$/s/^  *\([a-z][a-z-]*\) .*/\1/p')
[ -n "$verbs" ] || { echo "'$program --help' lists no commands" && exit 1; }
{
	"$program" --help
	for verb in $verbs; do
		"$program" "$verb" --help
	done
} | long_options >"$work/help"
# In roff a dash is written "\-".
sed -e 's/\\-/-/g' -e 's/\\f[A-Z]//g' "$page" >"$work/page.text"
long_options <"$work/page.text" >"$work/page"

failures=0
report() {
	[ -z "$2" ] && return
	echo "$1:" "$2"
	failures=$((failures + 1))
}
report "in --help, but not in the manual" "$(comm -23 "$work/help" "$work/page" | paste -sd ' ' -)"
report "in the manual, but not in --help" "$(comm -13 "$work/help" "$work/page" | paste -sd ' ' -)"
for verb in $verbs; do
	grep -q "$verb" "$work/page.text" || report "not in the manual" "$verb"
done
echo "$(wc -l <"$work/help") options, $failures failures"
exit $((failures > 0))
