# SPDX-License-Identifier: GPL-2.0-or-later
# The program of functions.sh.
FNR == 1 {
	check_file()
	name = ""
	file = FILENAME
}
{ lines = FNR }
/^[a-zA-Z].*\(/ {
	name = $0
	sub(/\(.*/, "", name)
	sub(/.*[ *]/, "", name)
}
/^\{$/ { start = FNR }
/^\}$/ && start {
	length_of[++n] = FNR - start + 1
	if (length_of[n] > 60)
		fail(FILENAME ":" start, "\"" name "\" has " length_of[n] " lines; 60 are the most")
	start = 0
}
END {
	check_file()
	sort()
	printf "%d functions: median %d, nine in ten within %d, longest %d; %d failures\n", n,
		length_of[int((n + 1) / 2)], length_of[int(n * 0.9 + 0.5)], length_of[n], failures
	exit failures > 0 || !n
}

function check_file() {
	if (lines > 450)
		fail(file, lines " lines; 450 are the most")
}

function fail(where, text) {
	print where ": " text
	failures++
}

# By counting: lengths are small numbers.
function sort(    count, most, i, j, at) {
	for (i = 1; i <= n; i++) {
		count[length_of[i]]++
		if (length_of[i] > most)
			most = length_of[i]
	}
	for (i = 0; i <= most; i++)
		for (j = 0; j < count[i]; j++)
			length_of[++at] = i
}
