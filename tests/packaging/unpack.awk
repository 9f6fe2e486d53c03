# SPDX-License-Identifier: GPL-2.0-or-later
# Unpacks a machine that 'vfio-bootcfg snapshot' wrote (docs/design/snapshot.md) below the
# folder that the variable 'folder' names.
function open_file(path) {
	file = folder "/" path
	parent = file
	sub("/[^/]*$", "", parent)
	if (!(parent in made))
		system("mkdir -p '" parent "'")
	made[parent] = 1
}
/^\|/ { print substr($0, 2) >file; next }
file != "" { close(file); file = "" }
$1 == "f" { open_file($2); print substr($0, length($2) + 4) >file }
$1 == "t" { open_file($2); printf "" >file }
$1 == "l" { open_file($2); system("ln -s '" $3 "' '" file "'"); file = "" }
$1 == "d" { system("mkdir -p '" folder "/" $2 "'") }
