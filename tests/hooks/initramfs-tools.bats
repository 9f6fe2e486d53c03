#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# initramfs-tools-hook/: the hook with stubs for its functions, and the init-top script.

tools=${SOURCE:-$BATS_TEST_DIRNAME/../..}/initramfs-tools-hook

# Copies of both whose paths lead into a folder that looks like a root.
setup() {
	root=$BATS_TEST_TMPDIR/root
	mkdir -p "$root/etc/vfio-bootcfg" "$root/usr/lib/vfio-bootcfg" \
		"$root/usr/share/initramfs-tools"
	# shellcheck disable=SC2016 # for the copy
	printf '%s\n' 'copy_exec() { echo "copy_exec $*"; }' \
		'manual_add_modules() { echo "manual_add_modules $*"; }' \
		>"$root/usr/share/initramfs-tools/hook-functions"
	for file in hooks/vfio-bootcfg-early scripts/init-top/00-vfio-bootcfg-early; do
		sed "s,\(^\|[ =]\)/\(usr\|etc\)/,\1$root/\2/,g" "$tools/$file" \
			>"$root/${file##*/}"
	done
	hook=$root/vfio-bootcfg-early
	script=$root/00-vfio-bootcfg-early
	program=$root/usr/lib/vfio-bootcfg/vfio-bootcfg-early
	printf '#!/bin/sh\necho it runs\n' >"$program"
	chmod +x "$program"
}

@test "both need nothing before them" {
	for file in "$hook" "$script"; do
		run sh "$file" prereqs
		[ "$status" -eq 0 ]
		[ "$output" = "" ]
	done
}

@test "without the mark of generate the image stays as it was" {
	run sh "$hook"
	[ "$status" -eq 0 ]
	[ "$output" = "" ]
}

@test "with the mark program and driver are included" {
	touch "$root/etc/vfio-bootcfg/early"
	run sh "$hook"
	[ "$status" -eq 0 ]
	[ "$output" = "copy_exec $program
manual_add_modules vfio_pci" ]
}

@test "a mark without the program breaks no image" {
	touch "$root/etc/vfio-bootcfg/early"
	rm "$program"
	run sh "$hook"
	[ "$status" -eq 0 ]
	[ "$output" = "" ]
}

@test "the script runs the program" {
	run sh "$script"
	[ "$output" = "it runs" ]
}

@test "a program that fails or is missing does not stop the boot" {
	printf '#!/bin/sh\nexit 3\n' >"$program"
	run sh "$script"
	[ "$status" -eq 0 ]
	rm "$program"
	run sh "$script"
	[ "$status" -eq 0 ]
	[ "$output" = "" ]
}

# mkinitramfs makes pairs of names and sorts them with tsort; scripts without
# prerequisites are paired with themselves.
@test "tsort puts the script before udev" {
	script=$(basename "$tools"/scripts/init-top/*)
	order=$(for name in udev all_generic_ide "$script" 00-vfio-bootcfg blacklist; do
		echo "$name $name"
	done | tsort | tr '\n' ' ')
	[[ $order == *"$script "*" udev "* ]]
}

@test "files are executable, and their names are those that run-parts takes" {
	for file in hooks/vfio-bootcfg-early scripts/init-top/00-vfio-bootcfg-early; do
		[ -x "$tools/$file" ]
		[[ ${file##*/} =~ ^[A-Za-z0-9_-]+$ ]]
	done
}
