# SPDX-License-Identifier: GPL-2.0-or-later
# The program of purity.sh.
function is_allowed(room, symbol,    i) {
	for (i = 1; i <= n[room]; i++)
		if (symbol ~ allowed[room, i])
			return 1
	return 0
}

FILENAME != "-" {
	if ($0 ~ /^[^#]/ && NF) {
		gsub(/\*/, ".*", $2)
		allowed[$1, ++n[$1]] = "^" $2 "$"
	}
	next
}

# "ROOM ARCHIVE:OBJECT:[VALUE] TYPE SYMBOL"
$(NF - 1) ~ /^[TDBRVWC]$/ { defined[$NF] = 1 }
$(NF - 1) ~ /^[Uvw]$/ {
	split($2, at, ":")
	calls[++count] = $1 " " at[2] " " $NF
}

END {
	for (i = 1; i <= count; i++) {
		split(calls[i], call, " ")
		symbol = call[3]
		if (symbol in defined)
			continue
		sub(/^__isoc(23|99)_/, "", symbol)
		if (symbol ~ /^__.*_chk$/)
			symbol = substr(symbol, 3, length(symbol) - 6)
		if (is_allowed("*", symbol) || is_allowed(call[1], symbol))
			continue
		print "src/" call[1] "/" call[2] ": calls \"" symbol "\", which tests/lint/purity.txt does not allow"
		failures++
	}
	print count + 0 " calls, " failures + 0 " failures"
	exit failures > 0 || !count
}
