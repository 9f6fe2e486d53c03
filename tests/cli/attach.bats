#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What attach prints, taken by those that it is printed for; and what it refuses.

# shellcheck disable=SC2154,SC2030,SC2031 # bats sets stderr; every test is a shell of its own
bats_require_minimum_version 1.5.0

setup_file() {
	sh "$SOURCE/tests/roots/make" debian13-two-kernels "$BATS_FILE_TMPDIR/root"
}

setup() {
	# A boot that reserved two drives, a display with audio, and more.
	machine=$SOURCE/tests/machines/dracut-force-ids-intel-612-qemu72.snapshot
	config=$BATS_TEST_TMPDIR/config
	printf '[device gpu]\naddress = 05:00.0\n[device disks]\nid = 1b36:0010\n' >"$config"
}

attach() {
	run --separate-stderr "$BUILD/src/vfio-bootcfg" attach --root "$BATS_FILE_TMPDIR/root" \
		--snapshot "$machine" -c "$config" "$@"
	echo "$stderr"
}

# changed SED…: the machine with these changes
changed() {
	sed "$@" "$machine" >"$BATS_TEST_TMPDIR/machine"
	machine=$BATS_TEST_TMPDIR/machine
}

# failed CODE: nothing is printed for a shell, and the check is named
failed() {
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	grep -q "^FAIL  *$1" <<<"$stderr"
}

@test "a shell takes the arguments for QEMU as they are" {
	attach
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ ! $output =~ [^-A-Za-z0-9=,.:_\ ] ]]
	# shellcheck disable=SC2086 # words
	set -- $output
	[ $# -eq 14 ]
	words=$*
	eval "set -- $output"
	[ "$*" = "$words" ]
}

@test "QEMU takes every argument, and misses only the devices" {
	command -v qemu-system-x86_64 >/dev/null || skip "qemu-system-x86_64 is not installed"
	attach
	[ "$status" -eq 0 ]
	# shellcheck disable=SC2086 # words
	run timeout 60 qemu-system-x86_64 -S -accel tcg -machine q35 -m 64 -nodefaults \
		-display none -monitor none $output
	echo "$output"
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *"0000:03:00.0: no such host device"* ]]
}

@test "libvirt's own schema takes the elements" {
	for tool in virt-xml-validate xmllint; do
		command -v "$tool" >/dev/null ||
			skip "$tool is not installed: libvirt-clients and libxml2-utils of Debian bring both"
	done
	attach --format=libvirt
	[ "$status" -eq 0 ]
	[ "$(grep -c '<hostdev ' <<<"$output")" -eq 4 ]
	{
		echo "<domain type='kvm'><name>guest</name><memory unit='GiB'>4</memory>"
		echo "<os><type arch='x86_64' machine='q35'>hvm</type></os><devices>"
		echo "$output"
		echo "</devices></domain>"
	} >"$BATS_TEST_TMPDIR/domain.xml"
	virt-xml-validate "$BATS_TEST_TMPDIR/domain.xml" domain
	# A schema that takes everything would prove nothing.
	sed 's/managed=/managd=/' "$BATS_TEST_TMPDIR/domain.xml" >"$BATS_TEST_TMPDIR/wrong.xml"
	run ! virt-xml-validate "$BATS_TEST_TMPDIR/wrong.xml" domain
}

@test "a name or an address attaches that part alone" {
	attach disks
	[ "$(grep -o 'host=[^,]*' <<<"$output" | tr '\n' ' ')" = "host=0000:03:00.0 host=0000:04:00.0 " ]
	attach 04:00.0 gpu
	[ "$(grep -o 'host=[^,]*' <<<"$output" | tr '\n' ' ')" = "host=0000:04:00.0 host=0000:05:00.0 host=0000:05:00.1 " ]
}

@test "an address needs no configuration" {
	run --separate-stderr "$BUILD/src/vfio-bootcfg" attach 09:00.0 --snapshot "$machine" \
		--root "$BATS_FILE_TMPDIR/root"
	[ "$status" -eq 0 ]
	[[ $output == *host=0000:09:00.0,* ]]
}

@test "without a configuration and a name there is nothing to attach" {
	run --separate-stderr "$BUILD/src/vfio-bootcfg" attach --snapshot "$machine" \
		--root "$BATS_FILE_TMPDIR/root"
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[[ $stderr == *"[config-missing]"*"'vfio-bootcfg list'"*"'vfio-bootcfg attach 01:00.0'"* ]]
}

@test "a device that its own driver holds is not attached" {
	attach 01:00.0
	failed 'target-bound 0000:01:00.0'
	grep -q "run 'vfio-bootcfg bind 01:00.0' for this boot; for the next: name it in a \[device\] section" <<<"$stderr"
	[[ $stderr != *"generate --rebuild' and reboot"* ]]
}

# refused CODE TEXT: with one error, before any check
refused() {
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[ "$(grep -c 'error: ' <<<"$stderr")" -eq 1 ]
	[[ $stderr == *"$2"* ]] && [[ $stderr == *"[$1]"* ]] && [[ $stderr != *pass:* ]]
}

@test "a bridge is no device for a machine" {
	attach 00:02.0
	refused target-is-bridge '0000:00:02.0 is a bridge'
	attach 00:02.0 gpu # nor is the rest attached without it
	refused target-is-bridge '0000:00:02.0 is a bridge'
}

@test "what two sections name is attached for neither" {
	printf '[device a]\naddress = 05:00.0\n[device b]\naddress = 05:00.1\nfunctions = listed\n' >"$config"
	attach
	refused target-repeated 'both take 0000:05:00.1'
}

@test "without an IOMMU nobody is sent to bind" {
	machine=$SOURCE/tests/machines/fail-a-no-iommu-612.snapshot
	attach disks
	failed 'target-bound 0000:03:00.0'
	[[ $stderr != *"vfio-bootcfg bind"* ]]
}

@test "the case of a section's name does not matter" {
	attach DISKS
	[ "$status" -eq 0 ]
	[ "$(grep -o 'host=[^,]*' <<<"$output" | tr '\n' ' ')" = "host=0000:03:00.0 host=0000:04:00.0 " ]
}

@test "what a snapshot cannot show is said to be unknown" {
	attach disks --memory 16G
	[ "$status" -eq 0 ]
	grep -q '^UNKNOWN *memory-lock: nothing shows whether 16 GiB may be locked' <<<"$stderr"
	grep -q "^UNKNOWN *node-access: nothing shows whether you may open" <<<"$stderr"
	attach disks --memory 16G --format=libvirt # which takes the rights that it needs
	[[ $stderr != *UNKNOWN* ]]
}

@test "what may be the twin is not attached" {
	cp -a "$BATS_FILE_TMPDIR/root" "$BATS_TEST_TMPDIR/root"
	machine=$SOURCE/tests/machines/ok-d-identical-override-612.snapshot
	printf '[device disk]\naddress = 04:00.0\nclaim = address\n' >"$config"
	"$BUILD/src/vfio-bootcfg" generate -c "$config" --root "$BATS_TEST_TMPDIR/root" \
		--snapshot "$machine" >"$BATS_TEST_TMPDIR/generated"
	attach --root "$BATS_TEST_TMPDIR/root"
	[ "$status" -eq 0 ]
	[ -n "$output" ]
	sed -i 's#^path 0000:04:00.0 .*#path 0000:04:00.0 0000:00:1e.0/00.0#' \
		"$BATS_TEST_TMPDIR/root/var/lib/vfio-bootcfg/reservation"
	attach --root "$BATS_TEST_TMPDIR/root"
	[ "$status" -eq 3 ]
	[ -z "$output" ]
	grep -q '^UNKNOWN *target-identity 0000:04:00.0: .*may be the twin' <<<"$stderr"
}

@test "quiet leaves what needs attention, as verify does" {
	attach disks -q
	[ "$status" -eq 0 ]
	[ -n "$output" ]
	grep -q '^UNKNOWN *node-access' <<<"$stderr"
	[[ $stderr != *PASS* ]]
	attach disks -q --format=libvirt
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
}

@test "a group that the host has a part of is not attached" {
	changed 's#\(l .*/0000:05:00.1/driver\) .*#\1 ../../../../bus/pci/drivers/snd_hda_intel#'
	attach gpu
	failed 'group-viable 0000:05:00.0'
}

@test "a device that a machine has is not attached to another" {
	printf '%s\n' 'f proc/77/comm qemu-system-x86' 'l proc/77/fd/30 /dev/vfio/18' >"$BATS_TEST_TMPDIR/more"
	changed "\$r $BATS_TEST_TMPDIR/more"
	attach gpu
	failed 'not-in-use 0000:05:00.0'
	grep -q "'qemu-system-x86' (77) has '/dev/vfio/18' open" <<<"$stderr"
}

@test "what pci-stub keeps goes to no machine" {
	changed 's#\(l .*/0000:03:00.0/driver\) .*#\1 ../../../../bus/pci/drivers/pci-stub#'
	printf '[vfio-bootcfg]\ndriver = pci-stub\n[device disk]\naddress = 03:00.0\n' >"$config"
	attach
	failed 'machine-driver 0000:03:00.0'
}

@test "a kernel log alone tells of no device" {
	grep '^|' "$machine" | sed 's/^|//' >"$BATS_TEST_TMPDIR/log"
	machine=$BATS_TEST_TMPDIR/log
	attach disks
	[ "$status" -ne 0 ]
	[ -z "$output" ]
}
