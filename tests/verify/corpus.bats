#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What strangers' logs prove is what verify says of them, or corpus.tsv tells why not.

@test "strangers' logs are judged by what they prove" {
	run "$SOURCE/tests/verify/corpus-table"
	[ "$status" -ne 77 ] || skip "$output"
	echo "$output"
	[ "$status" -eq 0 ]
}
