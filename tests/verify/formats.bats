#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What dmesg and journalctl really print of one boot, in every way they know, gets the
# same verdict. (tests/unit/verify/test_formats.c has what these versions do not print.)

bats_require_minimum_version 1.5.0

machine=fail-a-no-iommu-612

setup() {
	PATH=$PATH:/lib/systemd:/usr/lib/systemd
	work=$BATS_TEST_TMPDIR
	mkdir "$work/root"
	printf '[device it]\naddress = 03:00.0\n' >"$work/config"
	sed -n '/^t kernel.log/,/^[a-z] /s/^|//p' \
		"$SOURCE/tests/machines/$machine.snapshot" >"$work/plain"
	[ "$(wc -l <"$work/plain")" -gt 700 ]
}

# judge FILE: what verify says, without the lines and times that not all forms have.
judge() {
	"$BUILD/src/vfio-bootcfg" verify --json --snapshot "$1" --root "$work/root" \
		-c "$work/config" 2>&1 | sed 's/"line":[0-9]*/"line":0/g; s/, at [0-9.]* s//
			s/"time":[^,]*/"time":0/g; s/: [0-9]* lines//; s/"source":"[^"]*"/"source":""/g'
}

# same FILE: it gets the verdict of the plain log.
same() {
	judge "$1" >"$work/said"
	diff "$work/wanted" "$work/said"
}

@test "each option of dmesg gives the same verdict" {
	command -v dmesg >/dev/null || skip 'there is no dmesg'
	sed 's/^/<6>/' "$work/plain" >"$work/raw"
	judge "$work/plain" >"$work/wanted"
	grep -q '"target-bound","status":"fail"' "$work/wanted"
	# Not -J: with -F, util-linux 2.38 does not end its messages.
	for options in -r -T -t -d -e -x --color=always --time-format=ctime \
		--time-format=reltime --time-format=delta --time-format=iso \
		'-x -T' '-x --color=always' '-x -e --color=always'; do
		echo "dmesg $options"
		# shellcheck disable=SC2086 # several options
		dmesg -F "$work/raw" $options >"$work/log"
		same "$work/log"
	done
}

@test "each output of journalctl gives the same verdict" {
	command -v systemd-journal-remote >/dev/null ||
		skip 'there is no systemd-journal-remote'
	awk '{
		time = substr($0, 2, index($0, "]") - 2)
		us = sprintf("%d", time * 1000000)
		printf "__REALTIME_TIMESTAMP=%d\n__MONOTONIC_TIMESTAMP=%d\n", 1700000000000000 + us, us
		printf "_BOOT_ID=%032d\n_SOURCE_MONOTONIC_TIMESTAMP=%d\n", 1, us
		printf "SYSLOG_IDENTIFIER=kernel\n_TRANSPORT=kernel\nSYSLOG_FACILITY=0\n"
		printf "_HOSTNAME=host\nMESSAGE=%s\n\n", substr($0, index($0, "]") + 2)
	}' "$work/plain" | systemd-journal-remote -o "$work/it.journal" -
	judge "$work/plain" >"$work/wanted"
	for output in short short-precise short-iso short-iso-precise short-full \
		short-monotonic short-unix json json-pretty json-seq cat; do
		echo "journalctl -o $output"
		journalctl --file "$work/it.journal" -o "$output" >"$work/log"
		same "$work/log"
	done
}

@test "a log that is named is judged alone where it is of another boot" {
	for named in "$machine" ok-d-identical-override-612 base-amd-61-d059; do
		sed -n '/^t kernel.log/,/^[a-z] /s/^|//p' \
			"$SOURCE/tests/machines/$named.snapshot" >"$work/named"
		run "$BUILD/src/vfio-bootcfg" verify --root "$work/root" -c "$work/config" \
			--snapshot "$SOURCE/tests/machines/$machine.snapshot" \
			--kernel-log "$work/named"
		[ "$status" -eq 1 ]
		case $named in
		"$machine") [[ $output != *'of another boot'* ]] ;;
		base*) [[ $output = *'WARN    log-complete: the log is of another boot: its kernel is '* ]] ;;
		*) [[ $output = *'WARN    log-complete: the log is of another boot: its kernel command line '* ]] ;;
		esac
	done
}

@test "the files of this machine are not asked about a snapshot of another" {
	run "$BUILD/src/vfio-bootcfg" verify --snapshot "$work/plain" -c "$work/config"
	[ "$status" -eq 1 ]
	[[ $output != *'none has it'* ]]
	[[ $output = *"files of the boot loader: unknown: '--root' names the system of that machine"* ]]
}
