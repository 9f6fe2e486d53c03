#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# README.md: what it says that the program prints.

source=${SOURCE:-$BATS_TEST_DIRNAME/../..}
program=${BUILD:-$source/build/dev}/src/vfio-bootcfg

# The blocks of the README: NUMBER.command and NUMBER.said.
setup() {
	export LC_ALL=C.UTF-8 # trees are drawn otherwise without it
	cd "$BATS_TEST_TMPDIR" || return
	awk '/^    \$ vfio-bootcfg / { block++; print $3 >(block ".command"); next }
		/^    / { if (block) print substr($0, 5) >(block ".said"); next }
		/^[^ ]/ && block { print "" >(block ".said") }' "$source/README.md"
	sh "$source/tests/roots/make" debian12-dracut root
	sed -n '/^\[device gpu\]/,/^id /p' "$source/README.md" >root/etc/vfio-bootcfg.conf
}

# printed COMMAND: what a terminal of 90 columns shows; for the root of the README, '/'.
printed() {
	script -qec "stty cols 90; '$program' $1 --color=never --root root \
		--snapshot '$source/tests/machines/classic-gpu-amd.snapshot'" /dev/null </dev/null |
		tr -d '\r' | sed "s/ *$//; s/^  chroot root /  /
			s/'vfio-bootcfg generate'$/'vfio-bootcfg generate/
			s/(then the commands that it names) and reboot/--rebuild' and reboot/"
}

@test "what the README says that is printed is printed, in that order" {
	command -v script >/dev/null || skip "script is not installed"
	[ "$(cat ./*.command | tr '\n' ' ')" = "list generate verify " ]
	for block in 1 2 3; do
		printed "$(cat $block.command)" >now
		# How much of a name there is room for differs among versions of libsmartcols.
		[ "$(cat $block.command)" != list ] || sed -i -E 's/^(.{42}).*/\1/' $block.said now
		run awk 'NR == FNR { if ($0 != "") want[++n] = $0; next }
			at < n && $0 == want[at + 1] { at++ }
			END { if (at < n) print "not printed: " want[at + 1]; exit at < n || !n }' $block.said now
		[ "$status" -eq 0 ] || { echo "$output" && false; }
	done
}
