# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Sourced by lib/prepare: the disk that the guest boots from, where it does not get its
# kernel from QEMU. BOOT is lean or full, and '-grub', '-uki' or '-bls' after that.
# shellcheck disable=SC2154 # its variables

make_loader() {
	case $boot in
	full) make_disk 0 ;;
	full-grub) make_disk 1 && install_grub ;;
	*-uki | *-bls)
		esp=$folder/esp
		mkdir -p "$esp/EFI/BOOT"
		"make_${boot##*-}"
		;;
	esac
}

# make_disk MIB: the root file system, that many MiB after the start of the disk.
make_disk() {
	rm -rf "$root/tmp/"*
	truncate -s $((1200 + $1))M "$folder/disk"
	mke2fs -q -t ext4 -O ^has_journal -L boot-test -E "offset=$(($1 << 20))" \
		-d "$root" "$folder/disk" 1200M
}

# GRUB in the gap before the first partition, which is where grub-install puts it, and the
# grub.cfg of the guest's own grub-mkconfig. boot.img loads from sector 1 unless told
# otherwise (grub-core/boot/i386/pc/boot.S), so that no tool needs to see the disk.
install_grub() {
	# It warns of the file system that is there.
	echo '2048,,L,*' | sfdisk -q "$folder/disk" >"$folder/loader.log" 2>&1
	mkdir "$folder/mounted"
	# By its offset, for kernels that look for no partitions; and 10_linux makes no entries
	# for /dev/loop0 to /dev/loop9.
	n=10
	while ! losetup --offset 1MiB "/dev/loop$n" "$folder/disk" 2>/dev/null; do
		n=$((n + 1))
		[ "$n" -lt 100 ] || skip "no loop device can be had"
	done
	loop=/dev/loop$n
	trap 'losetup --detach "$loop"' EXIT
	mount "$loop" "$folder/mounted"
	mkdir -p "$folder/mounted/boot/grub"
	cp -r "$root/usr/lib/grub/i386-pc" "$folder/mounted/boot/grub/"
	in_tree "$folder/mounted" sh -euc '
		grub-mkconfig -o /boot/grub/grub.cfg
		cd /boot/grub/i386-pc
		grub-mkimage -O i386-pc -p "(hd0,msdos1)/boot/grub" -o core.img \
			biosdisk part_msdos ext2' >"$folder/loader.log" 2>&1 || {
		cat "$folder/loader.log" >&2
		fail "grub-mkconfig or grub-mkimage failed"
	}
	cp "$folder/mounted/boot/grub/grub.cfg" "$folder/"
	modules=$folder/mounted/boot/grub/i386-pc
	dd if="$modules/boot.img" of="$folder/disk" bs=446 count=1 conv=notrunc status=none
	dd if="$modules/core.img" of="$folder/disk" bs=512 seek=1 conv=notrunc status=none
	umount "$folder/mounted"
}

make_uki() {
	cp "$folder/vmlinuz" "$folder/initrd" "$folder/cmdline" "$root/tmp/"
	in_tree "$root" ukify build --linux=/tmp/vmlinuz --initrd=/tmp/initrd \
		--cmdline=@/tmp/cmdline --output=/tmp/uki.efi >"$folder/loader.log" 2>&1 || {
		cat "$folder/loader.log" >&2
		fail "ukify failed"
	}
	cp "$root/tmp/uki.efi" "$esp/EFI/BOOT/BOOTX64.EFI"
}

make_bls() {
	cp "$root/usr/lib/systemd/boot/efi/systemd-bootx64.efi" "$esp/EFI/BOOT/BOOTX64.EFI"
	cp "$folder/vmlinuz" "$folder/initrd" "$esp/"
	mkdir -p "$esp/loader/entries"
	{
		printf 'title Debian\nlinux /vmlinuz\ninitrd /initrd\noptions '
		cat "$folder/cmdline"
	} >"$esp/loader/entries/debian.conf"
}
