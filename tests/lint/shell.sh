#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every shell file is clean for shellcheck and shfmt, and sh reads what is POSIX sh.
. "$(dirname "$0")/files.sh"
need shellcheck
need shfmt

failures=0
fail() {
	failures=$((failures + 1))
}

# What runs in an initramfs may be BusyBox ash, which shellcheck knows as dash.
dialect() {
	case $(head -n 1 "$1") in
	*bats) echo bats ;;
	*bash) echo bash ;;
	*ash) echo dash ;;
	*) echo sh ;;
	esac
}

check() {
	language=$(dialect "$1")
	# SC1091: what the initramfs generators bring along is not on every machine.
	shellcheck -x -P tests/lint -P SCRIPTDIR -e SC1091 -s "$language" "$1" || fail
	case $language in
	dash | sh) language=posix ;;
	esac
	shfmt -ln "$language" -d "$1" || fail
	case $language in
	posix) sh -n "$1" || fail ;;
	esac
}

for file in $(
	shell_files
	bats_files
); do
	check "$file"
	n=$((n + 1))
done
echo "$n files, $failures failures"
[ "$failures" -eq 0 ] && [ "$n" -gt 0 ]
