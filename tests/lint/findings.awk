# SPDX-License-Identifier: GPL-2.0-or-later
# The program of findings.sh: prints the literals that may be codes.
{
	if (after_severity && match($0, /^[ \t]*"[a-z-]+"/))
		print_literal(substr($0, RSTART, RLENGTH))
	after_severity = /SEVERITY_[A-Z]+,$/
	if (match($0, /SEVERITY_[A-Z]+, "[a-z-]+"/))
		print_literal(substr($0, RSTART, RLENGTH))
	rest = $0
	while (match(rest, /"[a-z0-9]+(-[a-z0-9]+)+"/)) {
		print_literal(substr(rest, RSTART, RLENGTH))
		rest = substr(rest, RSTART + RLENGTH)
	}
}

function print_literal(text) {
	gsub(/^[^"]*"|"$/, "", text)
	print text
}
