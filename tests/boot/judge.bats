#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The judges of the boot tests are strict: what must not happen in a boot is made up here,
# and they have to say so. Neither QEMU nor root is needed for that.
bats_require_minimum_version 1.5.0

setup() {
	here=$SOURCE/tests/boot
	# shellcheck source=tests/boot/lib/judge.sh
	. "$here/lib/judge.sh"
	report=$BATS_TEST_TMPDIR/report native=$BATS_TEST_TMPDIR/native
	mkdir "$report" "$native"
	boot "$native" e1000e e1000e
	boot "$report" vfio-pci e1000e
	probes='0000:01:00.0=vfio-pci 0000:02:00.0=e1000e'
	log 6.12
	printf '0\n' >"$report/verify.status"
	printf '{"checks":[{"code":"target-bound","status":"pass","address":null}]}\n' \
		>"$report/verify.json"
	echo "pass: as planned" >"$report/verify"
}

# boot REPORT DRIVER DRIVER: who holds the two network cards.
boot() {
	printf '%s\n' /sys/bus/pci/devices/0000:0{0:00.0,1:00.0,2:00.0} >"$1/functions"
	printf 'l 1 root /sys/bus/pci/devices/0000:%s/driver -> ../../bus/pci/drivers/%s\n' \
		01:00.0 "$2" 02:00.0 "$3" | grep -v none$ >"$1/drivers"
}

# log RELEASE: $probes as that kernel prints them.
log() {
	for probe in $probes; do
		case $1 in
		6.1) echo "[ 1.5] bus: 'pci': really_probe: probing driver ${probe#*=} with device ${probe%=*}" ;;
		*) echo "[ 1.5] pci ${probe%=*}: bus: 'pci': really_probe: probing driver ${probe#*=} with device" ;;
		esac
	done >"$report/kernel.log"
}

drivers_are_wrong() { [ -n "$(judge_drivers "$native" "$report" vfio-pci "$1")" ]; }
probes_are_wrong() { [ -n "$(judge_probes "$report" vfio-pci "$1")" ]; }

@test "a boot as declared has no fault" {
	[ -z "$(judge_drivers "$native" "$report" vfio-pci 01:00.0)" ]
	[ -z "$(judge_probes "$report" vfio-pci 01:00.0)" ]
	[ -z "$(judge_verify "$report" pass 'as planned')" ]
}

@test "a target with its own driver is a fault" {
	boot "$report" e1000e e1000e
	drivers_are_wrong 01:00.0
}

@test "a target without a driver is a fault" {
	boot "$report" none e1000e
	drivers_are_wrong 01:00.0
}

@test "a twin that was taken, too, is a fault" {
	boot "$report" vfio-pci vfio-pci
	drivers_are_wrong 01:00.0
}

@test "a function that is gone is a fault" {
	sed -i /02:00.0/d "$report/functions" "$report/drivers"
	drivers_are_wrong 01:00.0
}

@test "a target that is not to be reserved and is, is a fault" {
	drivers_are_wrong -01:00.0
}

@test "a driver that touched a target before is a fault, in the words of both kernels" {
	probes='0000:01:00.0=e1000e 0000:01:00.0=vfio-pci'
	for release in 6.1 6.12; do
		log "$release"
		probes_are_wrong 01:00.0
	done
}

@test "a driver that touched a target before is none where that is declared" {
	probes='0000:01:00.0=e1000e 0000:01:00.0=vfio-pci'
	log 6.12
	run ! probes_are_wrong '~01:00.0'
}

@test "a probe of the reserving driver beside the targets is a fault" {
	probes='0000:01:00.0=vfio-pci 0000:02:00.0=vfio-pci'
	log 6.12
	probes_are_wrong 01:00.0
	run ! probes_are_wrong '01:00.0 -02:00.0'
}

@test "a log without lines of the driver core is a fault" {
	: >"$report/kernel.log"
	probes_are_wrong 01:00.0
}

@test "another verdict, another check and another sentence are faults" {
	[ -n "$(judge_verify "$report" fail -)" ]
	[ -n "$(judge_verify "$report" 'pass warn:first-claim' -)" ]
	[ -n "$(judge_verify "$report" pass 'nobody says this')" ]
	sed -i 's/"status":"pass"/"status":"warn"/' "$report/verify.json"
	[ -n "$(judge_verify "$report" pass -)" ]
	[ -z "$(judge_verify "$report" 'pass warn:target-bound' -)" ]
}

@test "a verify that did not run is a fault" {
	rm "$report"/verify*
	[ -n "$(judge_verify "$report" pass -)" ]
}

@test "a machine without configuration must have its native drivers" {
	mkdir -p "$BATS_TEST_TMPDIR/machines"
	here=$BATS_TEST_TMPDIR
	printf 'native 0000:0%s:00.0 e1000e\n' 1 2 >"$here/machines/two"
	cp "$report/kernel.log" "$native/"
	[ -z "$(judge_native two "$native")" ]
	[ -n "$(judge_native two "$report")" ]
	boot "$native" none e1000e
	[ -n "$(judge_native two "$native")" ]
}

@test "a function that no machine in the guest got is a fault" {
	printf 'taken 0000:01:00.0\n' >"$report/did"
	[ -z "$(judge_passthrough "$report" 01:00.0)" ]
	[ -n "$(judge_passthrough "$report" '01:00.0 02:00.0')" ]
	printf '0000:01:00.0: group 7 is not viable\n' >"$report/did"
	[ -n "$(judge_passthrough "$report" 01:00.0)" ]
}
