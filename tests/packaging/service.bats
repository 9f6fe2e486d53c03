#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# packaging/systemd: what the journal is told of each verdict.

source=${SOURCE:-$BATS_TEST_DIRNAME/../..}
systemd=$source/packaging/systemd

setup() {
	mkdir -p "$BATS_TEST_TMPDIR/bin" "$BATS_TEST_TMPDIR/run"
	# shellcheck disable=SC2016 # for the stubs
	printf '#!/bin/sh\necho "the report of $*"\nexit "$VERDICT"\n' \
		>"$BATS_TEST_TMPDIR/bin/vfio-bootcfg"
	printf '#!/bin/sh\n[ "$*" = --journald ] && cat >"%s"\n' "$BATS_TEST_TMPDIR/entry" \
		>"$BATS_TEST_TMPDIR/bin/logger"
	chmod +x "$BATS_TEST_TMPDIR"/bin/*
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	export RUNTIME_DIRECTORY=$BATS_TEST_TMPDIR/run
	metrics=$BATS_TEST_TMPDIR/metrics
}

# boot STATUS
boot() {
	VERDICT=$1 run "$systemd/verify-boot"
	entry=$(cat "$BATS_TEST_TMPDIR/entry")
}

@test "a boot that went as planned is said quietly and leaves no notice" {
	touch "$BATS_TEST_TMPDIR/run/notice"
	boot 0
	[ "$status" -eq 0 ]
	[ "$output" = "the report of verify --color=never" ]
	[[ $entry == *"PRIORITY=5"*"VFIO_BOOTCFG_VERDICT=pass"* ]]
	[ ! -e "$BATS_TEST_TMPDIR/run/notice" ]
}

@test "a boot that went otherwise fails the unit and leaves a notice" {
	boot 1
	[ "$status" -eq 1 ]
	[[ $entry == *"PRIORITY=3"*"VFIO_BOOTCFG_VERDICT=fail"* ]]
	[ "$(cat "$BATS_TEST_TMPDIR/run/report")" = "the report of verify --color=never" ]
	grep -q 'To see why: vfio-bootcfg verify' "$BATS_TEST_TMPDIR/run/notice"
}

@test "what could not be seen, or read, is unknown and no pass" {
	for number in 2 3; do
		boot "$number"
		[ "$status" -eq "$number" ]
		[[ $entry == *"PRIORITY=4"*"VFIO_BOOTCFG_VERDICT=unknown"* ]]
		[ -e "$BATS_TEST_TMPDIR/run/notice" ]
	done
}

@test "metrics are written where they are asked for" {
	VERDICT=1 run "$systemd/write-metrics"
	[ "$status" -eq 0 ]
	[ "$output" = "" ]
	VERDICT=1 VFIO_BOOTCFG_TEXTFILE=$metrics run "$systemd/write-metrics"
	[ "$status" -eq 0 ]
	[ "$(cat "$metrics")" = "the report of verify --format=prometheus" ]
	[ ! -e "$metrics.new" ]
}

@test "metrics of an earlier boot do not stay where there are none" {
	printf '#!/bin/sh\nexit 2\n' >"$BATS_TEST_TMPDIR/bin/vfio-bootcfg"
	touch "$metrics"
	VFIO_BOOTCFG_TEXTFILE=$metrics run "$systemd/write-metrics"
	[ "$status" -eq 0 ]
	[ ! -e "$metrics" ]
}

@test "each verdict has an entry of the catalogue" {
	for number in 0 1 3; do
		boot "$number"
		id=$(printf '%s\n' "$entry" | sed -n 's/^MESSAGE_ID=//p')
		[[ $id =~ ^[0-9a-f]{32}$ ]]
		grep -qx -e "-- $id" "$systemd/vfio-bootcfg.catalog"
	done
	[ "$(grep -c '^-- ' "$systemd/vfio-bootcfg.catalog")" -eq 3 ]
}

@test "journalctl takes the catalogue" {
	command -v journalctl >/dev/null || skip "journalctl is not installed"
	mkdir -p "$BATS_TEST_TMPDIR/root/usr/lib/systemd/catalog" "$BATS_TEST_TMPDIR/root/var/lib/systemd/catalog"
	cp "$systemd/vfio-bootcfg.catalog" "$BATS_TEST_TMPDIR/root/usr/lib/systemd/catalog"
	run journalctl --root="$BATS_TEST_TMPDIR/root" --update-catalog
	[ "$status" -eq 0 ]
	run journalctl --root="$BATS_TEST_TMPDIR/root" --list-catalog
	[[ $output == *"PCI devices are not reserved as planned"* ]]
}

# systemd makes this one by refusing openat2(2), through which everything is read.
@test "the service is not confined from reading" {
	run grep '^RestrictSUIDSGID=' "$systemd/vfio-bootcfg-verify.service"
	[ "$status" -ne 0 ]
}

@test "the service is confined" {
	command -v systemd-analyze >/dev/null || skip "systemd-analyze is not installed"
	# Tenths: 20 is 2.0.
	run systemd-analyze security --offline=yes --threshold=20 "$systemd/vfio-bootcfg-verify.service"
	[ "$status" -eq 0 ] || { [[ $output == *"unrecognized option"* ]] && skip "it is too old"; }
}
