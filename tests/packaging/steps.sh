# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by debian-trees: the way through a tree.
# shellcheck disable=SC2154 # debian-trees sets them

hook=/usr/lib/vfio-bootcfg/package-hook
tool=/root/vfio-bootcfg.deb glue=/root/vfio-bootcfg-initramfs.deb

# The newest of the kernels that are not installed, as a package.
newest_kernel() {
	in_tree apt-cache search --names-only '^linux-image-[0-9].*[0-9]-amd64$'
	printf '%s\n' "$said" | cut -d' ' -f1 | grep -v '^linux-image-[0-9.]*-amd64$' |
		while read -r package; do
			[ -e "$tree/boot/vmlinuz-${package#linux-image-}" ] || echo "$package"
		done | sort -V | tail -n 1
}

configure() {
	printf '[device gpu]\naddress = 29:00.0\nid = %s\n' "$1" >"$tree/etc/vfio-bootcfg.conf"
}

walk() {
	mkdir -p "$tree/etc/initramfs/post-update.d"
	listing >"$work/before"
	cp "$folder/$suite"/vfio-bootcfg_*.deb "$tree$tool"
	cp "$folder/$suite"/vfio-bootcfg-initramfs_*.deb "$tree$glue"
	apt install "$tool" "$glue"
	expect "it installs" succeeded
	in_tree "$hook" before none
	expect "where nothing is configured the hooks succeed" succeeded
	expect "and are silent" [ -z "$said" ]

	cp "$tree"/boot/initrd.img-* "$tree/root/initrd.before"
	configure 1002:68c8
	in_tree vfio-bootcfg generate --rebuild
	expect "it reserves" succeeded
	expect "and says what before it does" \
		[ "$(printf '%s\n' "$said" | head -n 1)" = "2 functions for vfio-pci" ]
	new_kernel
	image_without_driver
	moved_device
	delivered_configuration
	upgrade
	edited_file
	removal
}

new_kernel() {
	package=$(newest_kernel)
	added=$package
	apt install "$package"
	expect "a new kernel ($package) is installed" succeeded
	expect "it was looked at after its menu entry was there" says 'will reserve the devices'
	expect "its image was built once" \
		[ "$(printf '%s\n' "$said" | grep -c 'update-initramfs: Generating')" -eq 1 ]
	in_tree lsinitramfs "/boot/initrd.img-${package#linux-image-}"
	expect "its image has the driver" says 'vfio-pci\.ko'
	expect "its image has the orders of modprobe" says 'modprobe\.d/00-vfio-bootcfg\.conf'
	in_tree grep "vmlinuz-${package#linux-image-} .*vfio-pci.ids=1002:68c8" /boot/grub/grub.cfg
	expect "its menu entry has the ids" succeeded
}

# Something of the administrator's puts an image of other times in the place of each new one.
image_without_driver() {
	cat >"$tree/etc/initramfs/post-update.d/zz-old" <<-'END'
		#!/bin/sh
		cp /root/initrd.before "$2"
	END
	chmod +x "$tree/etc/initramfs/post-update.d/zz-old"
	package=$(newest_kernel)
	apt install "$package"
	expect "a kernel ($package) without the driver in its image is a failure" failed
	expect "which says so" says 'would boot WITHOUT the reservation'
	expect "and why" says 'FAIL .*image'
	expect "and what to do" says "vfio-bootcfg revert"
	expect "its image is there all the same" \
		[ -e "$tree/boot/initrd.img-${package#linux-image-}" ]
	rm "$tree/etc/initramfs/post-update.d/zz-old"
	in_tree dpkg --configure -a
	expect "it is a success once that is mended" succeeded
	apt purge "$package"
	expect "and can be purged" succeeded
}

# The identity at the address is another one.
moved_device() {
	configure 1002:ffff
	package=$(newest_kernel)
	apt install "$package"
	expect "a kernel ($package) for a device that moved is a failure" failed
	expect "which says so" says 'would boot WITHOUT the reservation'
	configure 1002:68c8
	in_tree vfio-bootcfg generate --rebuild
	in_tree dpkg --configure -a
	expect "it is a success once that is mended" succeeded
	apt purge "$package"
}

# A package that brings configuration.
delivered_configuration() {
	rm "$tree/etc/vfio-bootcfg.conf"
	mkdir -p "$tree/root/site/DEBIAN" "$tree/root/site/etc/vfio-bootcfg.conf.d"
	printf '[device gpu]\naddress = 29:00.0\nfunctions = listed\nallow = group-host-device\n' \
		>"$tree/root/site/etc/vfio-bootcfg.conf.d/site.conf"
	printf '%s\n' 'Package: site' 'Version: 1' 'Architecture: all' \
		'Maintainer: site <root@localhost>' 'Description: site' >"$tree/root/site/DEBIAN/control"
	in_tree dpkg-deb --build /root/site /root/site.deb
	in_tree dpkg -i /root/site.deb
	expect "configuration of another package takes effect" succeeded
	expect "its image follows" says 'update-initramfs: Generating'
	in_tree grep -c 'vfio-pci.ids=1002:68c8 ' /boot/grub/grub.cfg
	expect "its menu follows" succeeded
	configuration_with_kernel
	in_tree dpkg --purge site
	expect "without it one is told what stays" says 'run: vfio-bootcfg revert'
	expect "and the files stay as they are" \
		[ -e "$tree/etc/modprobe.d/00-vfio-bootcfg.conf" ]
	configure 1002:68c8
	in_tree vfio-bootcfg generate --rebuild
	expect "and a configuration of one's own serves again" succeeded
}

# The trigger comes after the kernel, whose image has the configuration by then.
configuration_with_kernel() {
	in_tree dpkg --purge site
	configure 1002:68c8
	in_tree vfio-bootcfg generate --rebuild
	rm "$tree/etc/vfio-bootcfg.conf"
	package=$(newest_kernel)
	apt install "$package" /root/site.deb
	expect "configuration and a kernel ($package) are installed together" succeeded
	expect "and no image is built twice" \
		[ -z "$(printf '%s\n' "$said" | grep 'update-initramfs: Generating' | sort | uniq -d)" ]
	expect "and the kernel reserves" says 'will reserve the devices'
	apt purge "$package"
}

upgrade() {
	cp "$tree/etc/modprobe.d/00-vfio-bootcfg.conf" "$work/kept"
	# shellcheck disable=SC2016 # for the inner shell
	in_tree sh -ec 'dpkg-deb -R "$1" /root/newer
		sed -i "s/^Version: .*/&+upgrade/" /root/newer/DEBIAN/control
		dpkg-deb --build /root/newer /root/newer.deb && dpkg -i /root/newer.deb' - "$tool"
	expect "an upgrade succeeds" succeeded
	expect "and reverts nothing" cmp -s "$work/kept" "$tree/etc/modprobe.d/00-vfio-bootcfg.conf"
}

# What a removal cannot take back it names.
edited_file() {
	echo '# mine' >>"$tree/etc/modprobe.d/00-vfio-bootcfg.conf"
	apt remove vfio-bootcfg
	expect "a removal goes on although a file was edited" succeeded
	expect "and says what stays" says '^    /etc/modprobe.d/00-vfio-bootcfg.conf$'
	expect "and how it is undone" says 'run: vfio-bootcfg revert'
	expect "the originals stay" [ -e "$tree/var/lib/vfio-bootcfg/manifest" ]
	apt install "$tool"
	expect "it can be installed again" succeeded
	sed -i '/^# mine$/d' "$tree/etc/modprobe.d/00-vfio-bootcfg.conf"
}

removal() {
	apt remove vfio-bootcfg vfio-bootcfg-initramfs
	expect "it can be removed" succeeded
	expect "which takes back what was written" absent /etc/modprobe.d/00-vfio-bootcfg.conf
	expect "the configuration stays" [ -e "$tree/etc/vfio-bootcfg.conf" ]
	in_tree grep -q vfio /boot/grub/grub.cfg
	expect "no menu entry reserves" failed
	newest=$(find "$tree/boot" -name 'initrd.img-*' -printf '%f\n' | sort -V | tail -n 1)
	in_tree lsinitramfs "/boot/$newest"
	expect "the newest image reserves nothing" silent_on vfio
	for name in dkms-vfio-bootcfg zz-vfio-bootcfg-check; do
		in_tree "/etc/kernel/postinst.d/$name" none
		expect "$name is silent once the program is gone" [ "$status:$said" = 0: ]
	done
	apt purge vfio-bootcfg vfio-bootcfg-initramfs
	expect "it can be purged" succeeded
	apt purge "$added"
	apt autoremove --purge
	listing >"$work/after"
	diff "$work/before" "$work/after" >"$work/difference" || :
	cat "$work/difference" >>"$log"
	expect "the tree is what it was before" [ ! -s "$work/difference" ]
}
