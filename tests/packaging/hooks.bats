#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# packaging/hooks: what they ask of vfio-bootcfg, recorded by a stub, and when.

source=${SOURCE:-$BATS_TEST_DIRNAME/../..}
hooks=$source/packaging/hooks

# Copies whose paths lead into a folder that looks like a root, and a program that records
# its calls and ends with the status that is in ./generate or ./check.
setup() {
	root=$BATS_TEST_TMPDIR/root
	mkdir -p "$root/etc/vfio-bootcfg.conf.d" "$root/usr/lib/vfio-bootcfg" "$root/bin"
	for file in package-hook dpkg/dkms-vfio-bootcfg dpkg/zz-vfio-bootcfg-check \
		kernel-install/vfio-bootcfg.install kernel-install/vfio-bootcfg-check.install \
		pacman/vfio-bootcfg; do
		sed "s,\(^\|[ =]\)/\(usr/lib\|etc\)/,\1$root/\2/,g" "$hooks/$file" >"$root/${file##*/}"
		chmod +x "$root/${file##*/}"
	done
	mv "$root/package-hook" "$root/usr/lib/vfio-bootcfg/package-hook"
	hook=$root/usr/lib/vfio-bootcfg/package-hook
	cat >"$root/bin/vfio-bootcfg" <<-END
		#!/bin/sh
		echo "\$*" >>"$root/calls"
		read -r answer && echo "it asked and got \$answer"
		echo "it says why"
		exit "\$(cat "$root/\$1" 2>/dev/null || echo 0)"
	END
	chmod +x "$root/bin/vfio-bootcfg"
	PATH=$root/bin:$PATH
	touch "$root/calls" "$root/etc/vfio-bootcfg.conf"
}

calls() {
	cat "$root/calls"
}

@test "where nothing is configured nothing is done" {
	rm "$root/etc/vfio-bootcfg.conf"
	for when in before after changed; do
		run "$hook" "$when" 6.1.0
		[ "$status" -eq 0 ]
		[ "$output" = "" ]
	done
	[ "$(calls)" = "" ]
}

@test "a drop-in alone is a configuration" {
	rm "$root/etc/vfio-bootcfg.conf"
	touch "$root/etc/vfio-bootcfg.conf.d/site.conf"
	run "$hook" before 6.1.0
	[ "$(calls)" = "generate --quiet" ]
}

@test "before the image the configuration is generated and no image is built" {
	run "$hook" before 6.1.0
	[ "$status" -eq 0 ]
	[ "$(calls)" = "generate --quiet" ]
}

@test "nothing can be asked" {
	run "$hook" before 6.1.0 <<<"an answer"
	[[ $output != *"it asked"* ]]
	run "$hook" after 6.1.0 <<<"an answer"
	[[ $output != *"it asked"* ]]
}

@test "a refusal is loud and the image is built all the same" {
	echo 1 >"$root/generate"
	run "$hook" before 6.1.0
	[ "$status" -eq 0 ]
	[[ $output == *"it says why"*"was not renewed"*"run: vfio-bootcfg generate --rebuild"* ]]
}

@test "delivered configuration that is refused is a failure" {
	echo 2 >"$root/generate"
	run "$hook" changed
	[ "$status" -eq 1 ]
	[[ $output == *"it says why"*"was not renewed"* ]]
}

@test "after the image each kernel is checked" {
	run "$hook" after 6.1.0 6.12.0
	[ "$status" -eq 0 ]
	[ "$(calls)" = "check --quiet --kernel 6.1.0
check --quiet --kernel 6.12.0" ]
}

@test "a kernel without the reservation is a failure with its remedy" {
	for number in 1 2 4; do
		echo "$number" >"$root/check"
		run "$hook" after 6.1.0
		[ "$status" -eq 1 ]
		[[ $output == *"it says why"*"6.1.0 would boot WITHOUT the reservation"*"vfio-bootcfg revert" ]]
	done
}

@test "what cannot be seen is said and is no failure" {
	echo 3 >"$root/check"
	run "$hook" after 6.1.0
	[ "$status" -eq 0 ]
	[[ $output == *"kernel 6.1.0: it is unknown"* ]]
}

@test "what is said goes to standard error" {
	echo 1 >"$root/check"
	run sh -c '"$1" after 6.1.0 2>/dev/null; "$1" before 6.1.0 2>/dev/null' - "$hook"
	[ "$output" = "" ]
}

@test "dpkg: the hooks bring the release" {
	run "$root/dkms-vfio-bootcfg" 6.1.0 /boot/vmlinuz-6.1.0
	[ "$status" -eq 0 ]
	run "$root/zz-vfio-bootcfg-check" 6.1.0 /boot/vmlinuz-6.1.0
	[ "$status" -eq 0 ]
	[ "$(calls)" = "generate --quiet
check --quiet --kernel 6.1.0" ]
}

@test "dpkg: hooks of a removed package do nothing" {
	rm "$hook"
	for name in dkms-vfio-bootcfg zz-vfio-bootcfg-check; do
		run "$root/$name" 6.1.0
		[ "$status" -eq 0 ]
		[ "$output" = "" ]
	done
}

# run-parts takes these names and no others, in the order of the C locale.
@test "dpkg: configured after drivers are built and before images, checked at the end" {
	order=$(LC_ALL=C printf '%s\n' apt-auto-removal dkms dracut initramfs-tools kdump-tools \
		unattended-upgrades zz-shim zz-systemd-boot zz-update-grub \
		"$(basename "$hooks"/dpkg/dkms-*)" "$(basename "$hooks"/dpkg/zz-*)" |
		LC_ALL=C sort | paste -sd ' ' -)
	[[ $order == *" dkms dkms-vfio-bootcfg dracut "*" zz-update-grub zz-vfio-bootcfg-check" ]]
	for file in "$hooks"/dpkg/*; do
		[[ ${file##*/} =~ ^[A-Za-z0-9_-]+$ ]]
		[ -x "$file" ]
	done
}

@test "kernel-install: the plugins act when a kernel is added" {
	for name in vfio-bootcfg vfio-bootcfg-check; do
		run "$root/$name.install" remove 6.1.0 /boot/machine/6.1.0
		[ "$status" -eq 0 ]
	done
	[ "$(calls)" = "" ]
	for name in vfio-bootcfg vfio-bootcfg-check; do
		run "$root/$name.install" add 6.1.0 /boot/machine/6.1.0 /lib/modules/6.1.0/vmlinuz
		[ "$status" -eq 0 ]
	done
	[ "$(calls)" = "generate --quiet
check --quiet --kernel 6.1.0" ]
}

# 77 would end the whole chain as a success.
@test "kernel-install: a failure is not taken for the end of the chain" {
	echo 77 >"$root/check"
	run "$root/vfio-bootcfg-check.install" add 6.1.0 /boot/machine/6.1.0
	[ "$status" -eq 1 ]
}

@test "pacman: the files of kernels become releases" {
	run "$root/vfio-bootcfg" after <<-'END'
		usr/lib/modules/6.12.1-arch1-1/vmlinuz
		usr/lib/modules/6.6.63-1-lts/vmlinuz
		usr/lib/modules/6.6.63-1-lts/extra/other
	END
	[ "$status" -eq 0 ]
	[ "$(calls)" = "check --quiet --kernel 6.12.1-arch1-1
check --quiet --kernel 6.6.63-1-lts" ]
}

@test "pacman: configured after drivers are built and before images, checked after them" {
	order=$(printf '%s\n' 70-dkms-install 90-mkinitcpio-install 90-dracut-install \
		"$(basename "$hooks"/pacman/8*.hook .hook)" "$(basename "$hooks"/pacman/9*.hook .hook)" |
		LC_ALL=C sort | paste -sd ' ' -)
	[ "$order" = "70-dkms-install 80-vfio-bootcfg 90-dracut-install 90-mkinitcpio-install 95-vfio-bootcfg-check" ]
}

# removal: package-removal with its paths in a folder that looks like a root.
removal() {
	sed "s,=/var,=$root/var," "$hooks/package-removal" >"$root/removal"
	run sh "$root/removal"
}

@test "a removal where nothing was written does nothing" {
	removal
	[ "$status" -eq 1 ]
	[ "$output$(calls)" = "" ]
}

@test "a removal takes back what was written" {
	mkdir -p "$root/var/lib/vfio-bootcfg"
	touch "$root/var/lib/vfio-bootcfg/manifest"
	removal
	[ "$status" -eq 0 ]
	[ "$(calls)" = "revert --color=never" ]
}

@test "a removal that cannot says what stays and how it is undone" {
	mkdir -p "$root/var/lib/vfio-bootcfg"
	printf '%s\n' 'vfio-bootcfg manifest 1' 'directory /var/lib/vfio-bootcfg' \
		'file 54db8daf6925a1dc absent /etc/modprobe.d/00 a.conf' \
		'file 00ab8daf6925a1dc existed /etc/default/grub' \
		"file 54db8daf6925a1dc absent $root/var/lib/vfio-bootcfg/reservation" \
		>"$root/var/lib/vfio-bootcfg/manifest"
	echo 1 >"$root/revert"
	removal
	[ "$status" -eq 1 ]
	[[ $output == *"it says why"*"stay in effect"*"
    /etc/modprobe.d/00 a.conf
    /etc/default/grub
"*"run: vfio-bootcfg revert" ]]
}

@test "no hook is long" {
	for file in "$hooks"/package-* "$hooks"/*/*; do
		[ "$(wc -l <"$file")" -le 40 ]
	done
}
