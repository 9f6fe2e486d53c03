#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What bind and release refuse, each with its sentence and its status. What they do is in
# tests/unit/bind, with a kernel of a few lines, and in tests/boot, with a real one.

# shellcheck disable=SC2154,SC2030,SC2031 # bats sets stderr; every test is a shell of its own
bats_require_minimum_version 1.5.0

setup_file() {
	sh "$SOURCE/tests/roots/make" debian13-two-kernels "$BATS_FILE_TMPDIR/root"
}

setup() {
	machine=$SOURCE/tests/machines/dracut-force-ids-intel-612-qemu72.snapshot
	config=$BATS_TEST_TMPDIR/config
	printf '[device nic]\naddress = 01:00.0\n[device gpu]\naddress = 05:00.0\n' >"$config"
	more=$BATS_TEST_TMPDIR/more
	: >"$more"
}

# say VERB ARGUMENT…: a dry run on the machine with the lines of $more
say() {
	{ cat "$machine" "$more"; } >"$BATS_TEST_TMPDIR/machine"
	run --separate-stderr "$BUILD/src/vfio-bootcfg" "$@" --dry-run -c "$config" \
		--root "$BATS_FILE_TMPDIR/root" --snapshot "$BATS_TEST_TMPDIR/machine"
	echo "$stderr"
}

# refused STATUS CODE [TEXT]: with one error, and nothing on standard output
refused() {
	[ "$status" -eq "$1" ]
	[ -z "$output" ]
	[ "$(grep -c 'error: ' <<<"$stderr")" -eq 1 ]
	[[ $stderr == *"${3-}"* ]] && [[ $stderr == *"[$2]"* ]]
}

@test "what nothing speaks against would be bound" {
	say bind nic
	[ "$status" -eq 0 ]
	[ "$output" = "nic  0000:01:00.0  e1000e -> vfio-pci (not done: a dry run)" ]
	[ -z "$stderr" ]
}

@test "an operand that is no device is named" {
	say bind nics
	refused 2 no-such-device "'nics'"
	say bind 77:00.0
	refused 1 no-such-device "'0000:77:00.0'"
}

@test "an operand that can be no device is no missing configuration" {
	for operand in 00:02 1af4:1053 00:02.9; do
		run --separate-stderr "$BUILD/src/vfio-bootcfg" bind --dry-run "$operand" \
			--snapshot "$machine" --root "$BATS_FILE_TMPDIR/root"
		refused 2 no-such-device "no device section is called '$operand', and it is no address such as '29:00.0'"
	done
}

@test "nothing reserved: bind without a name needs a configuration" {
	run --separate-stderr "$BUILD/src/vfio-bootcfg" bind --dry-run --snapshot "$machine" \
		--root "$BATS_FILE_TMPDIR/root"
	refused 2 config-missing
}

@test "an interface that is up is not taken" {
	folder=$(sed -n 's#^l sys/bus/pci/devices/0000:01:00.0 .*/\(devices/.*\)#\1#p' "$machine")
	printf '%s\n' "l sys/class/net/eth7 ../../$folder/net/eth7" \
		"f sys/$folder/net/eth7/flags 0x1003" >"$more"
	say bind nic
	refused 1 in-use "interface 'eth7' is up"
	grep -q 'ip link set eth7 down' <<<"$stderr"
}

@test "a node that a process has open keeps the device" {
	folder=$(sed -n 's#^l sys/bus/pci/devices/0000:01:00.0 .*/\(devices/.*\)#\1#p' "$machine")
	printf '%s\n' "l sys/dev/char/116:9 ../../$folder/sound/card7/pcmC7D0p" \
		"t sys/$folder/sound/card7/pcmC7D0p/uevent" '|MAJOR=116' '|DEVNAME=snd/pcmC7D0p' \
		'f proc/812/comm mpv' 'l proc/812/fd/4 /dev/snd/pcmC7D0p' >"$more"
	say bind nic
	refused 1 in-use "'mpv' (812) has '/dev/snd/pcmC7D0p' open"
}

@test "a machine that runs keeps its devices from bind and release" {
	printf '%s\n' 'f proc/77/comm qemu' 'l proc/77/fd/30 /dev/vfio/18' >"$more"
	say release 05:00.0
	[ "$status" -eq 1 ]
	[[ $stderr == *"stop the virtual machine of process 77 first"* ]]
	say bind 05:00.0
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ $stderr == *"[in-use]"*"stop the virtual machine of process 77 first"* ]]
}

@test "a companion is bound by its address, though its section has another id" {
	printf '[device gpu]\nid = 1234:1111\n' >"$config"
	say bind 05:00.1
	[ "$status" -eq 0 ]
	[[ ${lines[1]} == "gpu  0000:05:00.1  "* ]]
}

@test "what no section names is sent to a section, not to a key" {
	printf '[device nic]\naddress = 01:00.0\n' >"$config"
	say bind 00:1f.3
	[[ $stderr == *"[slot-companion]"*"a virtual machine as a whole"* ]]
	[[ $stderr != *"functions = listed"* ]]
	sed 's#\(/0000:00:1f.3/iommu_group .*\)/13#\1/99#' "$machine" >"$BATS_TEST_TMPDIR/m"
	machine=$BATS_TEST_TMPDIR/m
	say bind 00:1f.3
	[[ $stderr == *"[slot-companion]"* ]]
	[[ $stderr == *"name it in a [device] section with 'functions = listed'"* ]]
	[[ $stderr != *"set 'functions = listed'"* ]]
}

@test "what is reserved by its id alone is not foretold at an address" {
	printf '[device gone]\nid = abcd:1234\n' >"$config"
	grep '^|' "$machine" | sed 's/^|//' >"$BATS_TEST_TMPDIR/log"
	machine=$BATS_TEST_TMPDIR/log
	say bind
	[ "$status" -eq 0 ]
	[[ $stderr == *"[device-not-seen]"* ]]
	[ -z "$output" ]
}

@test "the disk that carries / and the boot display are refused" {
	say bind 00:1d.0
	refused 1 boot-display "name it in a [device] section with 'allow = boot-display'"
	[[ $stderr != *"[device command-line]"* ]]
	machine=$SOURCE/tests/machines/classic-gpu-amd.snapshot
	say bind 01:00.0
	refused 1 root-storage "0000:01:00.0 carries '/', '/boot/efi'"
}

@test "a group with a device of the host is refused" {
	sed 's#\(l .*/0000:05:00.[01]/driver\) .*#\1 ../../../../bus/pci/drivers/bochs-drm#' "$machine" >"$BATS_TEST_TMPDIR/m"
	machine=$BATS_TEST_TMPDIR/m
	printf '[device gpu]\naddress = 05:00.0\nfunctions = listed\n' >"$config"
	say bind
	refused 1 group-host-device '0000:05:00.1 (bochs-drm), which the host keeps'
}

@test "without an IOMMU nothing is taken from its driver" {
	machine=$SOURCE/tests/machines/fail-a-no-iommu-612.snapshot
	say bind nic
	refused 1 iommu-off
}

@test "a kernel without the driver is named" {
	printf '[vfio-bootcfg]\ndriver = qat_vfio_pci\n[device nic]\naddress = 01:00.0\n' >"$config"
	say bind
	refused 1 driver-missing "kernel '6.12.107+deb13-amd64', which runs, has no driver 'qat_vfio_pci'"
}

@test "release says where each device would go" {
	say release gpu
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "gpu  0000:05:00.0  vfio-pci -> bochs (not done: a dry run)" ]
}

@test "what no driver reserves is left as it is" {
	say release nic
	[ "$status" -eq 0 ]
	[ "$output" = "nic  0000:01:00.0  e1000e -> e1000e (as before)" ]
	[[ $stderr == *"0000:01:00.0 is not taken: 'e1000e' has it, and nothing is given back [nothing-on-loan]"* ]]
}

@test "release without anything on loan says so" {
	say release
	[ "$status" -eq 0 ]
	[[ $stderr == *"[nothing-on-loan]"* ]]
}

@test "a snapshot or another root is changed by neither" {
	run --separate-stderr "$BUILD/src/vfio-bootcfg" bind nic --snapshot "$machine" -c "$config"
	refused 2 usage "'--snapshot' needs '--dry-run'"
	run --separate-stderr "$BUILD/src/vfio-bootcfg" release nic --root "$BATS_FILE_TMPDIR/root" -c "$config"
	refused 2 usage "'--root' needs '--dry-run'"
}

@test "who may not write to sysfs is told so" {
	[ -e /sys/bus/pci/drivers_probe ] || skip "this machine has no PCI bus"
	user=
	[ "$(id -u)" -ne 0 ] || user="setpriv --reuid=65534 --regid=65534 --clear-groups"
	cp "$BUILD/src/vfio-bootcfg" "$BATS_TEST_TMPDIR/" && chmod 755 "$BATS_TEST_TMPDIR/vfio-bootcfg"
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_TEST_TMPDIR" "$(dirname "$BATS_TEST_TMPDIR")"
	# shellcheck disable=SC2086 # words
	run --separate-stderr $user "$BATS_TEST_TMPDIR/vfio-bootcfg" bind 00:00.0
	refused 3 unreadable "run it as root"
	[[ $stderr == *"Permission denied"* ]]
}

# live COMMAND…: with the folder $BATS_TEST_TMPDIR/sys at /sys, for this command alone, and
# with the loans in $BATS_TEST_TMPDIR/sys.loans
live() {
	namespace='unshare -rm'
	[ "$(id -u)" -ne 0 ] || namespace='unshare -m'
	$namespace true 2>/dev/null || skip "this system lets nobody mount: '$namespace'"
	# shellcheck disable=SC2016,SC2086 # the inner shell expands; words
	run --separate-stderr $namespace sh -euc '
		mount -t tmpfs none /run
		[ ! -d /lib/modules ] || mount -t tmpfs none /lib/modules
		mount --rbind "$1" /sys
		[ ! -e "$1.loans" ] || install -D "$1.loans" /run/vfio-bootcfg/loans
		shift
		status=0
		"$@" || status=$?
		[ ! -d /run/vfio-bootcfg ] ||
			echo "/run/vfio-bootcfg: $(ls /run/vfio-bootcfg) $(cat /run/vfio-bootcfg/*)" >&2
		exit "$status"
		' sh "$BATS_TEST_TMPDIR/sys" "$@"
	echo "$stderr"
}

# A card as folders and files, in which nothing happens: whoever is asked does nothing.
make_sysfs() {
	cd "$BATS_TEST_TMPDIR" || return
	mkdir -p sys/class/iommu/dmar0 sys/bus/pci/drivers/vfio-pci sys/bus/pci/drivers/e1000e
	: >sys/bus/pci/drivers_probe
	: >sys/bus/pci/drivers/e1000e/unbind
	grep '^[fl] sys/.*0000:01:00.0' "$machine" | while read -r kind path value; do
		mkdir -p "$(dirname "$path")"
		case $kind in
		l) ln -s "$value" "$path" ;;
		f) echo "$value" >"$path" ;;
		esac
	done
}

# The driver of the card, and what would take it.
state_of_card() {
	card=$BATS_TEST_TMPDIR/sys/bus/pci/devices/0000:01:00.0
	echo "$(readlink "$card/driver") $(tr -d '\n' <"$card/driver_override")"
}

@test "where /sys shows no devices, nobody is sent to root for them" {
	mkdir "$BATS_TEST_TMPDIR/sys"
	live "$BUILD/src/vfio-bootcfg" bind 01:00.0
	refused 3 unreadable "run it where /sys can be written"
	live "$BUILD/src/vfio-bootcfg" list
	[ "$status" -eq 3 ]
	[[ $stderr == *"[no-functions]"*"-> run it where /sys shows the devices"* ]]
}

@test "a driver that refuses leaves the machine as it was" {
	make_sysfs
	live "$BUILD/src/vfio-bootcfg" bind 01:00.0
	[ "$status" -eq 4 ]
	[ "$output" = "command-line  0000:01:00.0  e1000e -> e1000e (not changed)" ]
	[[ $stderr == *"0000:01:00.0 could not be bound: 'vfio-pci' did not take it [bind-failed]"* ]]
	[ "$(state_of_card)" = "../../../../bus/pci/drivers/e1000e " ]
	[[ $stderr != */run/vfio-bootcfg* ]]
}

@test "a driver that cannot be had leaves the machine as it was" {
	make_sysfs
	rmdir sys/bus/pci/drivers/vfio-pci
	live "$BUILD/src/vfio-bootcfg" bind 01:00.0 --json
	[ "$status" -eq 4 ]
	[ "$(jq -r '.functions[0].result, .findings[-1].code' <<<"$output" | paste -sd ' ')" = "failed bind-failed" ]
	[ "$(state_of_card)" = "../../../../bus/pci/drivers/e1000e " ]
}

@test "an unbind that hangs is given up after its time, and said to hang" {
	make_sysfs
	rm sys/bus/pci/drivers/e1000e/unbind
	mkfifo sys/bus/pci/drivers/e1000e/unbind
	live timeout 60 "$BUILD/src/vfio-bootcfg" bind 01:00.0
	[ "$status" -eq 1 ]
	[[ $stderr == *"it did not return in time [device-stranded]"* ]]
}

# lend ADDRESS ID DRIVER OVERRIDE: what an earlier bind wrote down
lend() {
	echo "0000:$*" >>"$BATS_TEST_TMPDIR/sys.loans"
}

# hold DRIVER OVERRIDE: the state of the card; no driver is '-'
hold() {
	card=$BATS_TEST_TMPDIR/sys/bus/pci/devices/0000:01:00.0
	rm -f "$card/driver"
	[ "$1" = - ] || ln -s "../../../../bus/pci/drivers/$1" "$card/driver"
	echo "$2" >"$card/driver_override"
}

@test "release finishes a bind that was killed before its driver let go" {
	make_sysfs
	hold e1000e vfio-pci
	lend 01:00.0 8086:10d3:8086:0000 e1000e -
	live "$BUILD/src/vfio-bootcfg" release
	[ "$status" -eq 0 ]
	[ "$output" = "command-line  0000:01:00.0  e1000e -> e1000e" ]
	[ "$(state_of_card)" = "../../../../bus/pci/drivers/e1000e " ]
	[[ $stderr != */run/vfio-bootcfg* ]]
}

@test "release keeps the loan of a killed bind that it cannot finish" {
	make_sysfs
	hold - vfio-pci
	lend 01:00.0 8086:10d3:8086:0000 e1000e -
	live "$BUILD/src/vfio-bootcfg" release
	[ "$status" -eq 1 ]
	[[ $stderr == *"0000:01:00.0 could not be given back: 'e1000e' did not take it"* ]]
	[[ $stderr == *"0000:01:00.0 8086:10d3:8086:0000 e1000e -"* ]]
	hold - ''
	sed -i 's/e1000e/-/' sys.loans
	live "$BUILD/src/vfio-bootcfg" release
	[ "$status" -eq 0 ]
	[ "$output" = "command-line  0000:01:00.0  no driver -> no driver (as before)" ]
}

@test "what was given to a third driver by hand is no loan any more" {
	make_sysfs
	hold e1000 ''
	lend 01:00.0 8086:10d3:8086:0000 e1000e -
	live "$BUILD/src/vfio-bootcfg" release
	[ "$status" -eq 0 ]
	[ "$output" = "command-line  0000:01:00.0  e1000 -> e1000 (as before)" ]
	[[ $stderr != */run/vfio-bootcfg* ]]
}

@test "a function returns to a driver that reserves, too, where that had it" {
	make_sysfs
	hold pci-stub vfio-pci
	lend 01:00.0 8086:10d3:8086:0000 pci-stub pci-stub
	live "$BUILD/src/vfio-bootcfg" release
	[ "$status" -eq 0 ]
	[ "$(state_of_card)" = "../../../../bus/pci/drivers/pci-stub pci-stub" ]
}

@test "what the reserving driver takes again is not released" {
	make_sysfs
	hold vfio-pci ''
	: >sys/bus/pci/drivers/vfio-pci/unbind
	live "$BUILD/src/vfio-bootcfg" release 01:00.0
	[ "$status" -eq 1 ]
	[ "$output" = "command-line  0000:01:00.0  vfio-pci -> vfio-pci (not changed)" ]
	[[ $stderr == *"'vfio-pci' took 0000:01:00.0 again"* ]]
}

@test "the loan of another device at the address says nothing of this one" {
	make_sysfs
	hold vfio-pci ''
	lend 01:00.0 1002:68c8:174b:3000 radeon -
	live "$BUILD/src/vfio-bootcfg" release 01:00.0 --dry-run
	[ "$status" -eq 0 ]
	[[ $output != *radeon* ]]
}

@test "a release that hangs is said to hang, and its loan stays" {
	make_sysfs
	hold vfio-pci vfio-pci
	mkfifo sys/bus/pci/drivers/vfio-pci/unbind
	lend 01:00.0 8086:10d3:8086:0000 - -
	live timeout 60 "$BUILD/src/vfio-bootcfg" release
	[ "$status" -eq 1 ]
	[[ $output == *"(could not be put back)" ]]
	[[ $stderr == *"it did not return in time [release-failed]"* ]]
	[[ $stderr == *"8086:10d3:8086:0000"* ]]
}

@test "a device that is gone keeps no other from going back" {
	make_sysfs
	hold e1000e vfio-pci
	lend 01:00.0 8086:10d3:8086:0000 e1000e -
	lend 77:00.0 8086:10d3:8086:0000 e1000e -
	live "$BUILD/src/vfio-bootcfg" release
	[ "$status" -eq 0 ]
	[ "$output" = "command-line  0000:01:00.0  e1000e -> e1000e" ]
	[[ $stderr == *"0000:77:00.0 is on loan and no longer there"* ]]
	[[ $stderr != */run/vfio-bootcfg* ]]
	sed -i /01:00.0/d sys.loans
	live "$BUILD/src/vfio-bootcfg" release
	[ "$status" -eq 0 ]
	[[ $stderr != */run/vfio-bootcfg* ]]
}

@test "a function that no driver had is not called unchanged" {
	[ -x /sbin/modprobe ] || skip "there is no modprobe to stand in for"
	make_sysfs
	hold - ''
	rmdir sys/bus/pci/drivers/vfio-pci
	printf '%s\n' '#!/bin/sh' 'cd /sys/bus/pci && mkdir drivers/vfio-pci &&' \
		'ln -s ../../../../bus/pci/drivers/vfio-pci devices/0000:01:00.0/driver' >modprobe
	chmod 755 modprobe
	# shellcheck disable=SC2016 # the inner shell expands
	live sh -euc 'mount --bind "$1" "$(readlink -f /sbin/modprobe)"; "$0" bind 01:00.0' \
		"$BUILD/src/vfio-bootcfg" "$PWD/modprobe"
	[ "$status" -eq 0 ]
	[ "$output" = "command-line  0000:01:00.0  no driver -> vfio-pci" ]
}
