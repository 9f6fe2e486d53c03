#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every source says its licence in its first lines.
. "$(dirname "$0")/files.sh"

failures=0
for file in $({
	c_files
	shell_files
	bats_files
	project_files | grep -E '(CMakeLists\.txt|\.cmake|\.awk|\.service|\.scd(\.in)?)$'
} | sort -u); do
	head -n 3 "$file" | grep -q 'SPDX-License-Identifier: GPL-2.0-or-later' && continue
	# What the program wrote in a test case is no source.
	case $file in
	./tests/golden/*/expected/*) continue ;;
	esac
	echo "$file: no line 'SPDX-License-Identifier: GPL-2.0-or-later' at its top"
	failures=$((failures + 1))
done
echo "$failures failures"
exit $((failures > 0))
