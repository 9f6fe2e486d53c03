#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# dracut-module/: what it asks of dracut, recorded by stubs of dracut's functions.
# shellcheck disable=SC2317 # the functions under test call the stubs

module=${SOURCE:-$BATS_TEST_DIRNAME/../..}/dracut-module/55vfio-bootcfg

setup() {
	# shellcheck source=/dev/null
	. "$module/module-setup.sh"
	# shellcheck disable=SC2034 # for install()
	moddir=$module
	instmods() { echo "instmods hostonly=$hostonly $*"; }
	inst_multiple() { echo "inst_multiple $*"; }
	inst_hook() { echo "inst_hook $*"; }
}

@test "the module is included only when it is asked for" {
	require_binaries() { [ "$*" = /usr/lib/vfio-bootcfg/vfio-bootcfg-early ]; }
	run check
	[ "$status" -eq 255 ]
}

@test "without the program the module is not included at all" {
	require_binaries() { return 1; }
	run check
	[ "$status" -eq 1 ]
}

@test "it needs nothing but base" {
	run depends
	[ "$output" = base ]
}

@test "the driver is included although no device asks for it" {
	# shellcheck disable=SC2034 # for installkernel()
	hostonly=yes
	run installkernel
	[ "$output" = "instmods hostonly= vfio-pci" ]
}

@test "program, modprobe and hook are included" {
	run install
	[ "$output" = "inst_multiple modprobe /usr/lib/vfio-bootcfg/vfio-bootcfg-early
inst_hook pre-udev 01 $module/vfio-bootcfg-early.sh" ]
	[ -f "$module/vfio-bootcfg-early.sh" ]
}

@test "it leaves no variable behind in dracut, which sources it" {
	# shellcheck disable=SC2016 # for the inner shell
	run bash -c 'compgen -v | sort >"$2"
		. "$1/module-setup.sh"
		compgen -v | sort | comm -13 "$2" - | grep -vx PIPESTATUS' - \
		"$module" "$BATS_TEST_TMPDIR/before"
	[ "$output" = "" ]
}

# hook WHAT: the hook as dracut runs it, with WHAT as the program.
hook() {
	sed "s,/usr/lib/vfio-bootcfg/,$BATS_TEST_TMPDIR/," "$module/vfio-bootcfg-early.sh" \
		>"$BATS_TEST_TMPDIR/hook.sh"
	if [ -n "$1" ]; then
		printf '#!/bin/sh\n%s\n' "$1" >"$BATS_TEST_TMPDIR/vfio-bootcfg-early"
		chmod +x "$BATS_TEST_TMPDIR/vfio-bootcfg-early"
	fi
	# shellcheck disable=SC2016 # for the inner shell
	run sh -ec '. "$1"; echo "the boot goes on"' - "$BATS_TEST_TMPDIR/hook.sh"
}

@test "the hook runs the program" {
	hook 'echo it runs'
	[ "$output" = "it runs
the boot goes on" ]
}

@test "a program that fails does not stop the boot" {
	hook 'exit 3'
	[ "$status" -eq 0 ]
	[ "$output" = "the boot goes on" ]
}

@test "a program that is missing does not stop the boot" {
	hook ''
	[ "$status" -eq 0 ]
	[ "$output" = "the boot goes on" ]
}
