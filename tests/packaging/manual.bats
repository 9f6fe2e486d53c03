#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# docs/man: the pages as they are read.

pages=${BUILD:-$BATS_TEST_DIRNAME/../../build/dev}/docs

setup() {
	[ -e "$pages/vfio-bootcfg-findings.7" ] || skip "the manual was not built (scdoc)"
}

@test "names and section fit beside each other into 80 columns" {
	command -v groff >/dev/null || skip "groff is not installed"
	for page in "$pages"/vfio-bootcfg*.[578]; do
		name=$(basename "$page")
		name="${name%.*}(${name##*.})"
		head=$(groff -man -Tascii -rLL=80n -P-c "$page" | grep -m 1 .)
		[[ $head == "$name "*" $name" ]]
	done
}

@test "words of the kernel command line and names of drivers have no capital" {
	run grep -E '^[A-Z][a-z]*(=|_|\\_|(\\-|-)pci|[.]ids)' "$pages/vfio-bootcfg-findings.7"
	[ "$output" = "" ]
}
