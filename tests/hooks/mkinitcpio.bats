#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# mkinitcpio-hook/: what it asks of mkinitcpio, recorded by stubs of its functions.
# shellcheck disable=SC2317 # the functions under test call the stubs

hooks=${SOURCE:-$BATS_TEST_DIRNAME/../..}/mkinitcpio-hook

setup() {
	# shellcheck source=/dev/null
	. "$hooks/install/vfio-bootcfg"
	add_module() { echo "add_module $*"; }
	add_binary() { echo "add_binary $*"; }
	add_symlink() { echo "add_symlink $*"; }
	add_runscript() { echo "add_runscript"; }
}

# The functions that the 'systemd' hook brings.
with_systemd() {
	add_systemd_unit() { echo "add_systemd_unit $*"; }
	add_systemd_drop_in() { echo "add_systemd_drop_in $*: $(cat)"; }
}

@test "with 'base' the image gets a runtime hook" {
	run build
	[ "$status" -eq 0 ]
	[ "$output" = "add_module vfio-pci?
add_binary /usr/lib/vfio-bootcfg/vfio-bootcfg-early
add_runscript" ]
}

@test "with 'systemd' the image gets a unit that is wanted, and coldplug waits for MODULES" {
	with_systemd
	run build
	[ "$status" -eq 0 ]
	[ "$output" = "add_module vfio-pci?
add_binary /usr/lib/vfio-bootcfg/vfio-bootcfg-early
add_systemd_unit vfio-bootcfg-early.service
add_symlink /usr/lib/systemd/system/sysinit.target.wants/vfio-bootcfg-early.service ../vfio-bootcfg-early.service
add_systemd_drop_in systemd-udev-trigger.service vfio-bootcfg: [Unit]
After=systemd-modules-load.service" ]
}

@test "the unit runs before all that loads drivers, and only in the initramfs" {
	unit=$hooks/vfio-bootcfg-early.service
	grep -qx 'Before=.*\bsystemd-udev-trigger.service\b.*' "$unit"
	grep -qx 'Before=.*\bsystemd-modules-load.service\b.*' "$unit"
	grep -qx 'DefaultDependencies=no' "$unit"
	grep -qx 'ConditionPathExists=/etc/initrd-release' "$unit"
	run grep 'WantedBy' "$unit"
	[ "$status" -eq 1 ]
}

@test "help says what the hook is for" {
	run help
	[[ $output == *vfio_bootcfg.devices* ]]
}

# early WHAT: the runtime hook as init runs it, with WHAT as the program.
early() {
	sed "s,/usr/lib/vfio-bootcfg/,$BATS_TEST_TMPDIR/," "$hooks/hooks/vfio-bootcfg" \
		>"$BATS_TEST_TMPDIR/hook"
	printf '#!/bin/sh\n%s\n' "$1" >"$BATS_TEST_TMPDIR/vfio-bootcfg-early"
	chmod +x "$BATS_TEST_TMPDIR/vfio-bootcfg-early"
	# shellcheck disable=SC2016 # for the inner shell
	run sh -ec '. "$1"; run_earlyhook; echo "the boot goes on"' - "$BATS_TEST_TMPDIR/hook"
}

@test "the early hook runs the program" {
	early 'echo it runs'
	[ "$output" = "it runs
the boot goes on" ]
}

@test "a program that fails does not stop the boot" {
	early 'exit 3'
	[ "$status" -eq 0 ]
	[ "$output" = "the boot goes on" ]
}
