#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# generate --forensic: the word has blanks and quotes, and must reach the kernel whole.

bats_require_minimum_version 1.5.0

word='dyndbg="file drivers/base/dd.c +p"'

setup() {
	work=$BATS_TEST_TMPDIR
	sh "$SOURCE/tests/roots/make" debian13-two-kernels "$work/root"
	printf '[device it]\naddress = 0000:29:00.0\n' >"$work/config"
}

# generate OPTION…: what it writes goes to $work/files
generate() {
	"$BUILD/src/vfio-bootcfg" generate --root "$work/root" -c "$work/config" \
		--snapshot "$SOURCE/tests/machines/classic-gpu-amd.snapshot" "$@"
}

# As grub-mkconfig does: the file and then what is in grub.d, sourced by sh.
sourced() {
	sh -c 'cd "$1" && . root/etc/default/grub
		for file in files/etc/default/grub.d/*.cfg; do . "./$file"; done
		printf %s "$GRUB_CMDLINE_LINUX_DEFAULT"' - "$work"
}

@test "the word survives the shell of grub-mkconfig" {
	generate --forensic --output "$work/files"
	[[ $(sourced) = *" $word" ]]
}

@test "without the option it is not there" {
	generate --output "$work/files"
	[[ $(sourced) = *'vfio-pci.ids='* ]]
	[[ $(sourced) != *dyndbg* ]]
}

@test "verify does not miss it" {
	run "$BUILD/src/vfio-bootcfg" verify --root "$work/root" -c "$work/config" \
		--snapshot "$SOURCE/tests/machines/classic-gpu-amd.snapshot"
	[[ $output != *dyndbg* ]]
}

@test "the lines that it leaves prove who came first" {
	cat >"$work/log" <<-'END'
		[    0.000000] Linux version 6.1.0-50-amd64 (x@y) #1
		[    0.000000] Command line: vfio-pci.ids=1002:68c8,1002:aa60
		[    1.500000] bus: 'pci': really_probe: probing driver vfio-pci with device 0000:29:00.0
		[    1.500100] bus: 'pci': really_probe: bound device 0000:29:00.0 to driver vfio-pci
	END
	printf '[device it]\naddress = 0000:29:00.0\nfunctions = listed\n' >"$work/config"
	run "$BUILD/src/vfio-bootcfg" verify --root "$work/root" -c "$work/config" \
		--snapshot "$work/log"
	[[ $output = *"PASS    first-claim 0000:29:00.0: 'vfio-pci' was the first"* ]]
}
