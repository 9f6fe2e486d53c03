# SPDX-License-Identifier: GPL-2.0-or-later
# The program of includes.sh.
function fail(where, text) {
	print where ": " text
	failures++
}

# A cell: "–", "all", or the names of rooms.
function read_row(room, uses,    names, n, i) {
	gsub(/[`\/ ]|⚠/, "", room)
	rooms[room] = 1
	n = split(uses, names, /[ ,]+/)
	for (i = 1; i <= n; i++) {
		if (names[i] == "" || names[i] == "–")
			continue
		may[room, names[i]] = 1
		named[names[i]] = "src/README.md:" FNR
	}
}

FILENAME == "src/README.md" {
	if ($2 ~ /^ *`[a-z]+\/`/)
		read_row($2, $4)
	next
}

# add_room(NAME USES room… LIBS …)
FILENAME == "src/CMakeLists.txt" {
	if (!match($0, /^add_room\([a-z]+/))
		next
	room = substr($0, 10, RLENGTH - 9)
	gsub(/.*USES|LIBS.*|\)/, " ")
	linked[room] = FNR
	n = split($0, names, " ")
	for (i = 1; i <= n; i++) {
		if (names[i] !~ /^add_room/)
			links[room, names[i]] = 1
	}
	next
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
	split(FILENAME, at, "/")
	room = at[2]
	included = $0
	sub(/^[^"]*"/, "", included)
	sub(/".*/, "", included)
	# What cmake/Embed.cmake makes of files that ship: text, from no room.
	if (included ~ /^embedded\//)
		next
	to = included
	if (!sub(/\/.*/, "", to) || !(to in rooms))
		fail(FILENAME ":" FNR, "\"" included "\" is not of the form \"ROOM/FILE.h\"")
	else if (!(room in rooms))
		fail(FILENAME ":" FNR, "room \"" room "\" is not in the table of src/README.md")
	else if (to != room && !((room, to) in may) && !((room, "all") in may))
		fail(FILENAME ":" FNR, room "/ may not include " to "/ (src/README.md)")
	includes++
}

END {
	for (name in named)
		if (!(name in rooms) && name != "all")
			fail(named[name], "\"" name "\" is no room")
	for (room in linked)
		for (other in rooms)
			if (((room, other) in links) != ((room, other) in may))
				fail("src/CMakeLists.txt:" linked[room],
				     "add_room(" room ") and src/README.md disagree on " other)
	if (!includes)
		fail("src", "no #include was found: this lint looks in the wrong place")
	print includes " includes, " failures + 0 " failures"
	exit failures > 0
}
