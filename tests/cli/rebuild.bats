#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# generate --rebuild, in a root of its own where the commands are a few lines of shell.

bats_require_minimum_version 1.5.0

setup_file() {
	sh "$SOURCE/tests/roots/make" debian12 "$BATS_FILE_TMPDIR/root"
	# The program and a shell, with their libraries where they stand here.
	cp "$SOURCE/tests/machines/base-intel-61-d059.snapshot" "$BATS_FILE_TMPDIR/root/machine"
	cp "$BUILD/src/vfio-bootcfg" "$BATS_FILE_TMPDIR/root/usr/sbin/"
	cp "$(command -v dash || command -v bash)" "$BATS_FILE_TMPDIR/root/bin/sh"
	ldd "$BUILD/src/vfio-bootcfg" "$BATS_FILE_TMPDIR/root/bin/sh" | grep -o '/[^ :]* (' |
		sort -u | while read -r library _; do
		mkdir -p "$BATS_FILE_TMPDIR/root/$(dirname "$library")"
		cp "$library" "$BATS_FILE_TMPDIR/root/$library"
	done
	mkdir "$BATS_FILE_TMPDIR/root/proc" "$BATS_FILE_TMPDIR/root/dev" "$BATS_FILE_TMPDIR/root/run"
	printf '[device usb]\naddress = 09:00.0\n' >"$BATS_FILE_TMPDIR/root/etc/vfio-bootcfg.conf"
}

setup() {
	root=$BATS_TEST_TMPDIR/root
	cp -a "$BATS_FILE_TMPDIR/root" "$root"
	command_is update-initramfs 'echo an image'
	command_is update-grub 'echo a menu >&2'
	generate="vfio-bootcfg generate --rebuild --root / --snapshot /machine"
}

# command_is NAME SHELL: what a command does
command_is() {
	printf '#!/bin/sh\necho "%s" >>/called\n%s\n' "$1" "$2" >"$root/usr/sbin/$1"
	chmod +x "$root/usr/sbin/$1"
}

# inside SHELL: what a shell does in the root, which has /dev unless $without_dev is set
inside() {
	namespace='unshare -rm'
	[ "$(id -u)" -ne 0 ] || namespace='unshare -m'
	$namespace true 2>/dev/null || skip "this system lets nobody mount: '$namespace'"
	# shellcheck disable=SC2016,SC2086 # the inner shell expands; words
	run --separate-stderr $namespace sh -euc '
		mount --rbind /proc "$1/proc"
		[ "$3" ] || mount --rbind /dev "$1/dev"
		PATH=/usr/sbin:/usr/bin:/sbin:/bin exec chroot "$1" /bin/sh -uc "$2"
		' sh "$root" "$1" "${without_dev-}"
	echo "$output"
	# shellcheck disable=SC2154 # bats sets it
	echo "$stderr"
}

called() {
	[ "$(tr '\n' ' ' <"$root/called")" = "$1 " ]
}

ours=etc/modprobe.d/00-vfio-bootcfg.conf

@test "what commands print is no result" {
	inside "$generate --json"
	[ "$status" -eq 0 ]
	jq -e .schema <<<"$output"
	[[ $stderr == *"running (1 of 2): update-initramfs -u -k all"*"an image"*"running (2 of 2)"*"a menu"* ]]
}

@test "who reads no further stops neither writing nor the commands" {
	for pipe in '| :' '2>&1 | :' '2>&1 >/dev/null | :'; do
		rm -f "$root/called" "$root/status"
		# shellcheck disable=SC2016 # for the command
		command_is update-initramfs 'n=0; while [ $n -lt 20000 ]; do n=$((n + 1)); echo an image; done'
		inside "{ $generate; echo \$? >/status; } $pipe"
		[ "$(cat "$root/status")" = 0 ]
		called "update-initramfs update-grub"
	done
	inside "{ vfio-bootcfg revert; echo \$? >/status; } | :"
	[ "$(cat "$root/status")" = 0 ]
	[ ! -e "$root/$ours" ]
}

@test "commands run where standard streams are closed" {
	for streams in '<&-' '2>&-' '<&- 2>&-'; do
		rm -f "$root/called"
		inside "$generate $streams"
		[ "$status" -eq 0 ]
		called "update-initramfs update-grub"
	done
	# Results that nobody can get are a failure, but the commands have run.
	rm "$root/called"
	inside "$generate <&- >&- 2>&-"
	[ "$status" -eq 3 ]
	called "update-initramfs update-grub"
}

@test "commands have a status where whoever runs us ignores its children" {
	env --ignore-signal=CHLD true || skip "env ignores no signals"
	cp "$(command -v env)" "$root/bin/env" # a shell would look after its own children
	inside "env --ignore-signal=CHLD $generate"
	[ "$status" -eq 0 ]
	called "update-initramfs update-grub"
}

@test "commands run in a root without its /dev" {
	without_dev=yes inside "$generate"
	[ "$status" -eq 0 ]
	called "update-initramfs update-grub"
}

@test "a daemon that a command leaves behind is not waited for" {
	# shellcheck disable=SC2016 # for the command
	count='n=0; while [ ! -e %s ] && [ $n -lt 3000000 ]; do n=$((n + 1)); done'
	# shellcheck disable=SC2059 # the pattern is above
	command_is update-initramfs "{ $(printf "$count" /go); [ ! -e /go ] || echo >/heard; } &"
	# shellcheck disable=SC2059
	inside "{ $generate 2>&1; echo >/go; $(printf "$count" /heard); } | :"
	[ -e "$root/heard" ]
	called "update-initramfs update-grub"
}

@test "a closed pipe ends a command as ever" {
	# shellcheck disable=SC2016 # for the command
	command_is update-initramfs 'kill -PIPE $$'
	inside "$generate"
	[ "$status" -eq 1 ]
	[[ $stderr == *"failed with status 141"* ]]
}

@test "a command that is not there is named, and what is done and left" {
	rm "$root/usr/sbin/update-grub"
	inside "$generate"
	[ "$status" -eq 1 ]
	[[ $stderr == *"'update-grub' cannot be run (No such file or directory): the files are written, boot images and menus are not all made; done: 'update-initramfs -u -k all'; left: 'update-grub' [rebuild-failed]"* ]]
	[[ $stderr == *"-> run 'vfio-bootcfg generate --rebuild' again, or 'vfio-bootcfg revert'"* ]]
}

@test "an interruption is told of, and seen by whoever sent it" {
	# shellcheck disable=SC2016 # for the command
	command_is update-initramfs 'kill -INT "$PPID"; n=0; while [ $n -lt 2000000 ]; do n=$((n + 1)); done'
	inside "$generate"
	[ "$status" -eq 130 ]
	[[ $stderr == *"interrupted in 'update-initramfs -u -k all': the files are written,"*"left: 'update-initramfs -u -k all', 'update-grub' [rebuild-failed]"* ]]
	called update-initramfs
	[ -e "$root/$ours" ]
	# shellcheck disable=SC2016 # for the command
	command_is update-initramfs 'trap "" TERM; kill -TERM "$PPID"'
	inside "$generate"
	[ "$status" -eq 143 ]
	[[ $stderr == *"interrupted after 'update-initramfs -u -k all'"*"done: 'update-initramfs -u -k all'; left: 'update-grub'"* ]]
	called "update-initramfs update-initramfs"
}

@test "while commands run nobody else changes the system" {
	command_is update-initramfs 'echo >/begun; while [ ! -e /go ]; do :; done'
	inside "$generate & while [ ! -e /begun ]; do :; done
		VFIO_BOOTCFG_WITHIN=\$! vfio-bootcfg revert -q; echo \$? >/status; echo >/go; wait"
	[ "$(cat "$root/status")" = 3 ]
	[[ $stderr == *"another run of vfio-bootcfg is changing this root [locked]"*"-> wait for it, and run this again"* ]]
	called "update-initramfs update-grub"
	[ -e "$root/$ours" ]
	[ ! -e "$root/run/vfio-bootcfg" ]
}

@test "a command that calls the program again is let in" {
	# shellcheck disable=SC2016 # for the command
	command_is update-initramfs '( vfio-bootcfg generate -q --root / --snapshot /machine; echo $? >/status )'
	inside "$generate"
	[ "$status" -eq 0 ]
	[ "$(cat "$root/status")" = 0 ]
	[ ! -e "$root/run/vfio-bootcfg" ]
}

@test "a rebuild within another leaves no lock behind" {
	command_is update-initramfs '[ -e /again ] || { echo >/again; exec vfio-bootcfg generate -q --rebuild --root / --snapshot /machine; }'
	inside "$generate"
	[ "$status" -eq 0 ]
	called "update-initramfs update-initramfs update-grub update-grub"
	[ ! -e "$root/run/vfio-bootcfg" ]
}
