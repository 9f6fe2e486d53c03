#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Nothing that verify says of a machine that was captured is untrue, and it names what
# was wrong with each.

@test "captured machines are judged as they were" {
	run "$SOURCE/tests/verify/captures-table"
	[ "$status" -ne 77 ] || skip "$output"
	echo "$output"
	[ "$status" -eq 0 ]
}
