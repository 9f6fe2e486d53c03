# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2016,SC2154 # text of scripts; variables of the maker
# What the roots of tests/roots/make are put together from; $root, $here and $machine_id
# are its.

# file PATH MODE [LINE…]
file() {
	mkdir -p "$root/$(dirname "$1")"
	path=$root/$1 mode=$2
	shift 2
	if [ $# -gt 0 ]; then
		printf '%s\n' "$@" >"$path"
	else
		: >"$path"
	fi
	chmod "$mode" "$path"
}

# kernel RELEASE BUILT-IN-MODULES MISSING-MODULES [with-builtin-aliases]
kernel() {
	release=$1
	tree=$root/usr/lib/modules/$release
	mkdir -p "$tree"
	awk -f "$here/modules.awk" -v builtin="$2" -v missing="$3" -v aliases="${4-}" \
		-v tree="$tree" "$here/modules.list"
	# One call of cc for all of them, which is what makes it fast.
	(cd "$tree/asm" && "${CC:-cc}" -c ./*.s)
	while read -r ko; do
		name=${ko##*/}
		mkdir -p "$tree/${ko%/*}"
		mv "$tree/asm/${name%.ko}.o" "$tree/$ko"
	done <"$tree/modules.order"
	rm -r "$tree/asm"
	tr '\n' '\0' <"$tree/modinfo" >"$tree/modules.builtin.modinfo"
	rm "$tree/modinfo"
	depmod -b "$root" "$release"
	file "boot/vmlinuz-$release" 644 "kernel $release"
	file "usr/lib/modules/$release/vmlinuz" 644 "kernel $release"
}

merged_usr() { # [usr/sbin too]
	mkdir -p "$root/usr/bin" "$root/usr/lib" "$root/etc" "$root/boot"
	ln -s usr/bin "$root/bin"
	ln -s usr/lib "$root/lib"
	if [ $# -gt 0 ]; then
		ln -s bin "$root/usr/sbin"
	else
		mkdir "$root/usr/sbin"
	fi
	ln -s usr/sbin "$root/sbin"
}

# grub PROGRAM FOLDER-OF-GRUB.CFG [LINE-OF-PROGRAM…]
grub() {
	program=$1 folder=$2
	shift 2
	file "$program" 755 '#!/bin/sh' 'if test -f ${sysconfdir}/default/grub ; then' \
		'  . ${sysconfdir}/default/grub' 'fi' "$@"
	file etc/default/grub 644 'GRUB_DEFAULT=0' 'GRUB_TIMEOUT=5' \
		'GRUB_CMDLINE_LINUX_DEFAULT="quiet"' 'GRUB_CMDLINE_LINUX=""'
	file etc/grub.d/10_linux 755 '#!/bin/sh' 'echo "menuentry for each kernel"'
	file "$folder/grub.cfg" 600 '# made by grub-mkconfig'
}

debian_family() {
	merged_usr
	file var/lib/dpkg/status 644
	mkdir -p "$root/etc/modprobe.d" "$root/etc/default/grub.d"
	grub usr/sbin/grub-mkconfig boot/grub 'for x in ${sysconfdir}/default/grub.d/*.cfg ; do' \
		'  if [ -e "${x}" ]; then' '    . "${x}"' '  fi' 'done'
	file usr/sbin/update-grub 755 '#!/bin/sh' 'exec grub-mkconfig -o /boot/grub/grub.cfg "$@"'
}

initramfs_tools() {
	file etc/initramfs-tools/initramfs.conf 644 'MODULES=most' 'BUSYBOX=auto'
	file etc/initramfs-tools/modules 644 '# modules that the initramfs loads, one a line'
	file usr/sbin/mkinitramfs 755 '#!/bin/sh'
	file usr/sbin/update-initramfs 755 '#!/bin/sh'
	file usr/share/initramfs-tools/init 755 '#!/bin/sh'
	file etc/kernel/postinst.d/initramfs-tools 755 '#!/bin/sh'
}

dracut_files() {
	file usr/bin/dracut 755 '#!/bin/bash'
	file usr/lib/dracut/dracut-functions.sh 644
	mkdir -p "$root/usr/lib/dracut/dracut.conf.d" "$root/usr/lib/dracut/modules.d"
	file etc/dracut.conf 644 '# see dracut.conf.d'
	mkdir -p "$root/etc/dracut.conf.d"
	# Packages of Debian ship it too, where nothing runs it.
	file usr/lib/kernel/install.d/50-dracut.install 755 '#!/bin/bash'
}

# entry PATH TITLE RELEASE FOLDER OPTIONS: as a plugin of kernel-install writes it
entry() {
	file "$1" 644 "title $2" "version $3" "linux $4/vmlinuz-$3" \
		"initrd $4/initramfs-$3.img" "options $5"
}

fedora_family() {
	merged_usr usr-sbin-is-bin
	file usr/lib/sysimage/rpm/rpmdb.sqlite 644
	file etc/machine-id 444 "$machine_id"
	mkdir -p "$root/etc/modprobe.d"
	dracut_files
	file usr/bin/kernel-install 755 '#!/bin/sh'
}

# fedora_grub RELEASE…
fedora_grub() {
	# Comments do not make it read drop-ins.
	grub usr/sbin/grub2-mkconfig boot/grub2 '# there is no default/grub.d here'
	file etc/default/grub 644 'GRUB_TIMEOUT=5' 'GRUB_CMDLINE_LINUX="rhgb quiet"' \
		'GRUB_ENABLE_BLSCFG=true'
	file boot/grub2/grub.cfg 600 'insmod blscfg' 'blscfg'
	file usr/lib/kernel/install.d/20-grub.install 755 '#!/bin/bash'
	for release; do
		entry "boot/loader/entries/$machine_id-$release.conf" "Fedora Linux ($release)" \
			"$release" '' 'root=UUID=1f0c ro rhgb quiet'
	done
	entry "boot/loader/entries/$machine_id-0-rescue.conf" 'Fedora Linux (0-rescue)' \
		0-rescue '' 'root=UUID=1f0c ro rhgb quiet'
}

# arch_family VERSION-AS-WRITTEN MARK-BEFORE-ALL_config
arch_family() {
	merged_usr usr-sbin-is-bin
	mkdir -p "$root/etc/modprobe.d" "$root/usr/lib/initcpio/install"
	file usr/bin/mkinitcpio 755 '#!/usr/bin/env bash' "declare -r version=$1" \
		"local cmdline_files=() cmdline_dir='/etc/cmdline.d'"
	file etc/mkinitcpio.conf 644 'MODULES=()' 'BINARIES=()' 'FILES=()' \
		'HOOKS=(base udev autodetect modconf kms keyboard block filesystems fsck)'
	file etc/mkinitcpio.d/linux.preset 644 "# mkinitcpio preset file for the 'linux' package" '' \
		"$2"'ALL_config="/etc/mkinitcpio.conf"' 'ALL_kver="/boot/vmlinuz-linux"' '' \
		"PRESETS=('default')" '' '#default_config="/etc/mkinitcpio.conf"' \
		'default_image="/boot/initramfs-linux.img"'
	file usr/share/libalpm/hooks/90-mkinitcpio-install.hook 644 '[Trigger]' 'Type = Path' \
		'Operation = Install' 'Target = usr/lib/modules/*/vmlinuz' '' '[Action]' \
		'When = PostTransaction' 'Exec = /usr/share/libalpm/scripts/mkinitcpio install'
	# kernel-install finds both generators' plugins; pacman runs neither.
	file usr/lib/kernel/install.d/50-mkinitcpio.install 755 '#!/bin/sh'
}

# systemd_boot FOLDER
systemd_boot() {
	file "$1/EFI/systemd/systemd-bootx64.efi" 755
	file "$1/loader/loader.conf" 755 'timeout 3'
}

# Entries as the wiki of Arch has them: nothing in them says the release.
arch_entries() {
	file "usr/lib/modules/$1/pkgbase" 644 linux
	file boot/loader/entries/arch.conf 755 '# mine' 'title   Arch Linux' \
		'linux   /vmlinuz-linux' 'initrd  /initramfs-linux.img' \
		'options root=UUID=7a11 rw quiet'
	file boot/loader/entries/arch-fallback.conf 755 'title   Arch Linux (fallback initramfs)' \
		'linux   /vmlinuz-linux' 'initrd  /initramfs-linux-fallback.img' \
		'options root=UUID=7a11 rw'
	file boot/loader/entries/other.conf 755 'title Another system' 'version 5.4.0' \
		'linux /other/vmlinuz-5.4.0' 'options root=UUID=0e44 rw'
}
