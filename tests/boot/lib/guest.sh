# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Sourced by lib/prepare: what of the tests gets into the guest.
# shellcheck disable=SC2154 # its variables

# What runs in the guest, and in a lean boot also in its initramfs.
install_guest() {
	mkdir -p "$root/usr/lib/boot-test"
	cp "$here"/guest/do/* "$here/guest/collect" "$here/guest/init" \
		"$here/guest/nested-init" "$here/guest/drivers" "$root/usr/lib/boot-test/"
	case $tree-$boot in
	*-initramfs-tools-lean*)
		echo MODULES=list >"$root/etc/initramfs-tools/conf.d/boot-test"
		cp "$here/guest/initramfs-tools-hook" "$root/etc/initramfs-tools/hooks/boot-test"
		cp "$here/guest/initramfs-tools-script" \
			"$root/etc/initramfs-tools/scripts/init-premount/boot-test"
		install_evidence
		;;
	*-mkinitcpio-lean*) install_mkinitcpio && install_evidence ;;
	*-lean*)
		module=$root/usr/lib/dracut/modules.d/80boot-test
		mkdir -p "$module"
		cp "$here/guest/dracut-module.sh" "$module/module-setup.sh"
		cp "$here/guest/dracut-no-root.sh" "$module/no-root.sh"
		cp "$here/guest/dracut-look.sh" "$module/look.sh"
		install_evidence
		;;
	esac
}

# What verify reads from the root, for an initramfs that has none: the module indices of
# all kernels (./collect puts them in the place of the image's own), and what tells the
# boot chain. Nothing that the image must have by itself: no module, no modprobe.d.
install_evidence() {
	for kernel_folder in "$root"/lib/modules/*; do
		copy=$root/usr/lib/boot-test/modules/${kernel_folder##*/}
		mkdir -p "$copy"
		cp "$kernel_folder"/modules.* "$copy/"
	done
	cat >"$root/usr/lib/boot-test/evidence" <<-END
		/etc/default/grub
		/etc/default/grub.d/zz-vfio-bootcfg.cfg
		/etc/kernel/postinst.d/dracut
		/etc/kernel/postinst.d/initramfs-tools
		/etc/vfio-bootcfg.conf
		/usr/bin/dracut
		/usr/bin/mkinitcpio
		/usr/sbin/grub-mkconfig
		/usr/sbin/mkinitramfs
		/var/lib/vfio-bootcfg/reservation
	END
}

# What somebody once told the generator to load before everything else.
load_first() {
	case $tree in
	*-initramfs-tools)
		script=$root/etc/initramfs-tools/scripts/init-top/0-first # sorts before 00-…
		# shellcheck disable=SC2016 # its $1
		printf '#!/bin/sh\n[ "$1" = prereqs ] || /sbin/modprobe %s\n' "$1" >"$script"
		chmod 755 "$script"
		;;
	*) echo "force_drivers+=\" $1 \"" >"$root/etc/dracut.conf.d/10-first.conf" ;;
	esac
}
