#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What check says of files that are not what generate left.

bats_require_minimum_version 1.5.0

setup() {
	root=$BATS_TEST_TMPDIR/root
	snapshot=$SOURCE/tests/machines/classic-gpu-amd.snapshot
	sh "$SOURCE/tests/roots/make" debian12 "$root"
	printf '[device gpu]\naddress = 29:00.0\n' >"$root/etc/vfio-bootcfg.conf"
	"$BUILD/src/vfio-bootcfg" generate -q --root "$root" --snapshot "$snapshot"
}

# check [RUNNER…]: its lines about files
check() {
	run "$@" "$BUILD/src/vfio-bootcfg" check --root "$root" --snapshot "$snapshot"
}

@test "files that are as they were written pass" {
	check
	[[ $output = *'PASS    files-current: '*' files are what the plan says'* ]]
}

@test "before the first generate one line says so" {
	rm -r "$root"
	sh "$SOURCE/tests/roots/make" debian12 "$root"
	printf '[device gpu]\naddress = 29:00.0\n' >"$root/etc/vfio-bootcfg.conf"
	check
	[ "$status" -eq 1 ]
	[ "$(grep -c files-current <<<"$output")" -eq 1 ]
	[[ $output = *"FAIL    files-current: 'vfio-bootcfg generate' was not run here: "*"-> run 'vfio-bootcfg generate"* ]]
}

@test "where the record alone was lost, each file is looked at" {
	rm "$root/var/lib/vfio-bootcfg/reservation"
	check
	[[ $output = *"FAIL    files-current: '/var/lib/vfio-bootcfg/reservation' is missing"* ]]
}

@test "a file that was edited is told from one that is outdated" {
	echo '# mine' >>"$root/etc/modprobe.d/00-vfio-bootcfg.conf"
	check
	[ "$status" -eq 1 ]
	[[ $output = *"FAIL    files-current: '/etc/modprobe.d/00-vfio-bootcfg.conf' was edited since"* ]]
}

# Somebody who may read the root and not change it, as ${as_nobody[@]}.
become_nobody() {
	[ "$(id -u)" -eq 0 ] || skip "the files are root's, and so is this test"
	chmod 755 "$BATS_TEST_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_RUN_TMPDIR" "$BATS_SUITE_TMPDIR"
	as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	"${as_nobody[@]}" test -x "$BUILD/src/vfio-bootcfg" || skip "the build is for its owner alone"
}

@test "what cannot be read is no verdict" {
	become_nobody
	check "${as_nobody[@]}"
	[ "$status" -eq 3 ]
	[[ $output = *"$root/var/lib/vfio-bootcfg/manifest: error: cannot read what was written last"* ]]
	[[ $output = *"-> run it as root"* ]]
}

@test "who may not write is told so before anything is begun" {
	become_nobody
	refuses() {
		run "${as_nobody[@]}" "$BUILD/src/vfio-bootcfg" "$@" --root "$root"
		[ "$status" -eq 3 ]
		[ "${lines[0]}" = "$root/var/lib/vfio-bootcfg: error: cannot write: Permission denied; nothing was written [write-failed]" ]
		[ "${lines[1]}" = "    -> run it as root" ]
	}
	refuses revert
	refuses generate
	rm -r "${root:?}/var"
	refuses generate --snapshot "$snapshot"
}

@test "where a folder is read-only everything is put back" {
	namespace='unshare -rm'
	[ "$(id -u)" -ne 0 ] || namespace='unshare -m'
	$namespace true 2>/dev/null || skip "this system lets nobody mount: '$namespace'"
	rm -r "${root:?}"
	sh "$SOURCE/tests/roots/make" debian12 "$root"
	printf '[device gpu]\naddress = 29:00.0\n' >"$root/etc/vfio-bootcfg.conf"
	# shellcheck disable=SC2016 # for the inner shell
	run $namespace sh -euc '
		mount --bind "$1/etc" "$1/etc"
		mount -o remount,bind,ro "$1/etc"
		exec "$2" generate --root "$1" --snapshot "$3"
	' sh "$root" "$BUILD/src/vfio-bootcfg" "$snapshot"
	[ "$status" -eq 4 ]
	[[ $output = *"cannot write: Read-only file system; everything was put back [write-failed]"* ]]
	[ ! -e "$root/var/lib/vfio-bootcfg" ]
}

# '--rebuild' is refused there.
@test "no remedy for another root names --rebuild" {
	rm -r "${root:?}/var"
	check
	[[ $output == *"run 'vfio-bootcfg generate' (then the commands that it names)"* ]]
	[[ $output != *--rebuild* ]]
	run "$BUILD/src/vfio-bootcfg" verify --root "$root" --snapshot "$snapshot"
	[[ $output == *"'vfio-bootcfg generate' (then the commands that it names)"* ]]
	[[ $output != *--rebuild* ]]
	run "$BUILD/src/vfio-bootcfg" generate --rebuild --root "$root" --snapshot "$snapshot"
	[ "$status" -eq 2 ]
	[[ $output == *"-> leave '--rebuild' out, and run the commands that 'generate' names" ]]
}

@test "a drop-in of GRUB that discards the words is no pass" {
	echo 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"' >"$root/etc/default/grub.d/zzz-local.cfg"
	check
	[ "$status" -eq 1 ]
	[[ $output = *"FAIL    default-cmdline: "*"'/etc/default/grub.d/zzz-local.cfg:1' sets the command line anew"* ]]
}

@test "an image is missed where the kernel's package has it" {
	rm -r "$root"
	sh "$SOURCE/tests/roots/make" arch "$root"
	echo linux >"$root/usr/lib/modules/6.18.7-arch1-1/pkgbase"
	printf '[device gpu]\naddress = 29:00.0\n' >"$root/etc/vfio-bootcfg.conf"
	check
	[[ $output = *"FAIL    image-present: '/boot/initramfs-linux.img' of kernel '6.18.7-arch1-1' is missing"* ]]
}

# The menu of RHEL 8 on UEFI is on the ESP, and its entries name a variable of GRUB's.
@test "a menu on the ESP and options in grubenv are read" {
	rm -r "$root"
	sh "$SOURCE/tests/roots/make" fedora-like "$root"
	esp=boot/efi/EFI/redhat
	mkdir -p "$root/$esp" "$root/boot/efi/EFI/BOOT"
	mv "$root/boot/grub2/grub.cfg" "$root/$esp/"
	echo 'configfile /grub2/grub.cfg' >"$root/boot/efi/EFI/BOOT/grub.cfg"
	sed -i "s/^options.*/options \$kernelopts/" "$root"/boot/loader/entries/*.conf
	ln -s ../efi/EFI/redhat/grubenv "$root/boot/grub2/grubenv"
	env='# GRUB Environment Block' opts='kernelopts=root=UUID=1f0c ro'
	printf '%s\n' "$env" "$opts" >"$root/$esp/grubenv"
	printf '[device gpu]\naddress = 29:00.0\n' >"$root/etc/vfio-bootcfg.conf"
	"$BUILD/src/vfio-bootcfg" generate -q --root "$root" --snapshot "$snapshot"
	check
	[[ $output = *"FAIL    entry-cmdline: "*"lacks 'rd.driver.pre=vfio-pci', 'vfio-pci.ids="* ]]
	[[ $output = *"FAIL    default-cmdline: "*"'kernelopts in grubenv', which lacks 'vfio-pci.ids="* ]]
	printf '%s\n' "$env" "$opts vfio-pci.ids=1002:68c8,1002:aa60" >"$root/$esp/grubenv"
	check
	[[ $output = *"WARN    default-cmdline: "*"'kernelopts in grubenv', which lacks 'amd_iommu=on'"* ]]
}

@test "why a configuration is refused is said once to people, and to programs" {
	printf '[device gpu]\naddress = 0b:00.0\n' >"$root/etc/vfio-bootcfg.conf"
	check
	[ "$status" -eq 1 ]
	[ "$(grep -c 'is the boot display' <<<"$output")" -eq 1 ]
	[[ $output = *"FAIL    files-current: this configuration is refused, "*"[boot-display]"* ]]
	run --separate-stderr "$BUILD/src/vfio-bootcfg" check --json --root "$root" --snapshot "$snapshot"
	[[ $output = *'is refused, '*'is the boot display'* ]]
}
