#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # $output and $stderr of run
# A reserved card with a true twin that the host keeps, and what becomes of both when
# cards are pulled: the twin is neither taken nor named for the card.

load program

prepare() {
	pulled=$BATS_TEST_TMPDIR/pulled.snapshot
	printf '[device nic]\naddress = 02:00.0\nid = 8086:10d3\n' >"$config"
	sh "$here/make" debian12 "$root"
	# Without the card, whose entries may be of several lines.
	awk '/^[a-z] .*0000:02:00\.0/ { skip = 1; next }
		/^\|/ && skip { next }
		{ skip = 0; print }' "$machine" >"$pulled"
}

# with SNAPSHOT COMMAND [ARGUMENT…]
with() {
	"$program" "$2" --root "$root" --snapshot "$1" -c "$config" "${@:3}"
}

listing() {
	(cd "$root" && find . -type f -print0 | sort -z | xargs -0 cksum)
}

@test "the twin of a card that is gone is not named for it" {
	with "$machine" generate
	listing >"$BATS_TEST_TMPDIR/before"
	run -1 --separate-stderr with "$pulled" generate
	[[ $stderr == *"the device is gone: 0000:01:00.0 has the same id, but was there before as its twin"* ]]
	[[ $stderr == *"-> put it back; else remove its address"* ]]
	[[ ${stderr_lines[-1]} == "refused: nothing was written" ]]
	listing | diff "$BATS_TEST_TMPDIR/before" -
	for command in check verify; do
		run -1 --separate-stderr with "$pulled" "$command"
		[[ $output != *"vfio-pci.ids=8086:10d3"* && $output != *"name the place"* ]]
		[[ $output$stderr == *"the device is gone"* ]]
	done
}

@test "without a record nobody says that the card has moved" {
	run -1 --separate-stderr with "$pulled" generate
	[[ $stderr == *"0000:01:00.0, which may be the device after a move, or a twin of it"* ]]
}

@test "the twin is not taken where it got the address" {
	with "$machine" generate
	listing >"$BATS_TEST_TMPDIR/before"
	sed -i 's/0000:01:00\.0/0000:02:00.0/g' "$pulled"
	run -1 --separate-stderr with "$pulled" generate
	[[ $stderr == *"0000:02:00.0 has the id that it had, but it may be the twin"* ]]
	listing | diff "$BATS_TEST_TMPDIR/before" -
	run -1 --separate-stderr with "$pulled" verify
	[[ $output == *"UNKNOWN target-identity 0000:02:00.0"* ]]
	[[ $output == *"UNKNOWN cmdline-applied"* ]]
	# What the remedy says is a way out, and is remembered.
	printf '[device nic]\npath = 0000:00:02.0/00.0\nid = 8086:10d3\n' >"$config"
	with "$pulled" generate
	printf '[device nic]\naddress = 02:00.0\nid = 8086:10d3\n' >"$config"
	with "$pulled" generate
}
