#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# verify --boot on a journal that systemd-journal-remote makes from three boots, of which
# the last one had a wrong clock.

bats_require_minimum_version 1.5.0

id=44444444444444444444444444444444

# entry BOOT SECONDS MICROSECONDS IDENTIFIER TRANSPORT MESSAGE
entry() {
	printf '%s\n' "__REALTIME_TIMESTAMP=$2$(printf %06d "$3")" \
		"__MONOTONIC_TIMESTAMP=$3" "_BOOT_ID=$(printf "%032d" "$1")" \
		"_SOURCE_MONOTONIC_TIMESTAMP=$3" "SYSLOG_IDENTIFIER=$4" \
		"_TRANSPORT=$5" "MESSAGE=$6" ''
}

# one_boot BOOT SECONDS DRIVER
one_boot() {
	entry "$1" "$2" 1 kernel kernel "Linux version 6.1.$1 (x) #1 SMP"
	entry "$1" "$2" 500 kernel kernel 'Command line: quiet'
	entry "$1" "$2" 900000 kernel kernel "$3 0000:01:00.0: enabling device (0000 -> 0002)"
	entry "$1" "$2" 910000 liar kernel 'liar 0000:01:00.0: enabling device (0000 -> 0002)'
	entry "$1" "$2" 920000 kernel syslog 'liar 0000:01:00.0: enabling device (0000 -> 0002)'
	[ "$3" != vfio-pci ] ||
		entry "$1" "$2" 950000 vfio-bootcfg kernel '0000:01:00.0: bound to vfio-pci'
}

setup() {
	PATH=$PATH:/lib/systemd:/usr/lib/systemd
	command -v systemd-journal-remote >/dev/null || skip 'there is no systemd-journal-remote'
	root=$BATS_TEST_TMPDIR/root
	mkdir -p "$root/etc" "$root/var/log/journal/$id"
	echo "$id" >"$root/etc/machine-id"
	{
		one_boot 1 1700000000 vfio-pci
		one_boot 2 1700100000 e1000e
		one_boot 3 1600000000 vfio-pci
	} | systemd-journal-remote -o "$root/var/log/journal/$id/system.journal" -
	printf '[device it]\naddress = 0000:01:00.0\n' >"$BATS_TEST_TMPDIR/config"
}

# judge BOOT [STATUS]
# shellcheck disable=SC2154 # run sets them
judge() {
	run --separate-stderr "$BUILD/src/vfio-bootcfg" verify --root "$root" \
		--boot "$1" -c "$BATS_TEST_TMPDIR/config"
	if [[ $stderr = *'built without libsystemd'* ]]; then skip "$stderr"; fi
	[ "$status" -eq "${2-1}" ]
}

@test "boots are counted back in the order in which the journal has them" {
	judge 0
	[[ ${lines[0]} = *' on 6.1.3 '* ]]
	judge -1
	[[ ${lines[0]} = *' on 6.1.2 '* ]]
	judge -2
	[[ ${lines[0]} = *' on 6.1.1 '* ]]
}

@test "the boot is judged by its own messages and not by the hardware of now" {
	judge -1
	[[ $output = *"'e1000e' holds it"* ]]
	judge -2
	[[ $output = *"target-bound 0000:01:00.0: 'vfio-pci' holds it"* ]]
	[[ $output = *'there is no sysfs, so the log was judged alone'* ]]
}

@test "what processes wrote is not taken for the kernel's" {
	judge -1
	[[ $output != *liar* ]]
}

@test "a boot that the journal does not have is an error" {
	judge -3 3
	[[ $stderr = *'it has no such boot'* ]]
}
