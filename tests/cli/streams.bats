#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What goes to standard output and what to standard error, and when.

setup_file() {
	sh "$SOURCE/tests/roots/make" debian12 "$BATS_FILE_TMPDIR/root"
	printf '[device usb]\naddress = 09:00.0\n' >"$BATS_FILE_TMPDIR/root/etc/vfio-bootcfg.conf"
}

setup() {
	root=$BATS_TEST_TMPDIR/root
	cp -a "$BATS_FILE_TMPDIR/root" "$root"
	snapshot=$SOURCE/tests/machines/base-intel-61-d059.snapshot
	program=$BUILD/src/vfio-bootcfg
}

@test "no diagnostic cuts a line of the results" {
	echo 'options vfio-pci ids=1b36:000d' >"$root/etc/modprobe.d/mine.conf" # a warning
	generate=("$program" generate --dry-run --root "$root" --snapshot "$snapshot")
	"${generate[@]}" >"$BATS_TEST_TMPDIR/results" 2>"$BATS_TEST_TMPDIR/diagnostics"
	[ "$(wc -c <"$BATS_TEST_TMPDIR/results")" -gt 4096 ]
	[ -s "$BATS_TEST_TMPDIR/diagnostics" ]
	"${generate[@]}" 2>&1 |
		diff - <(cat "$BATS_TEST_TMPDIR/results" "$BATS_TEST_TMPDIR/diagnostics")
}
