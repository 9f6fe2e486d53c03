# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Sourced by lib/prepare: mkinitcpio, which Debian does not have, from a checkout of its own
# that VFIO_BOOTCFG_BOOT_MKINITCPIO names, where its build would install it on Arch.
# shellcheck disable=SC2154 # its variables

install_mkinitcpio() {
	upstream=$VFIO_BOOTCFG_BOOT_MKINITCPIO
	library=$root/usr/lib/initcpio
	mkdir -p "$library/post" "$root/etc/mkinitcpio.d" "$root/etc/mkinitcpio.conf.d"
	cp -r "$upstream/functions" "$upstream/init" "$upstream/init_functions" "$upstream/hooks" \
		"$upstream/install" "$library/"
	cp "$upstream/mkinitcpio" "$root/usr/bin/"
	cp "$root/bin/busybox" "$library/busybox"
	# Without directories per architecture, as Arch has it.
	ln -s x86_64-linux-gnu/libkmod.so.2 "$root/usr/lib/libkmod.so.2"
	sed -i -e "s|@VERSION@|$(mkinitcpio_version)|" -e 's|@INITCPIO_LIBDIR@|/usr/lib/initcpio|g' \
		-e 's|@INITCPIO_SYSCONFDIR@|/etc/initcpio|g' -e 's|@SYSCONFDIR@|/etc|g' \
		-e 's|@BINDIR@|/usr/sbin:/usr/bin|' -e 's|@UDEVD_PATH@|/usr/lib/systemd/systemd-udevd|g' \
		-e 's|@TMPFILES_PATH@|/usr/bin/systemd-tmpfiles|g' \
		"$root/usr/bin/mkinitcpio" "$library/hooks/udev" "$library/install/udev"
	echo 'HOOKS=(base udev modconf boot-test)' >"$root/etc/mkinitcpio.conf"
	mkdir -p "$root/etc/initcpio/hooks" "$root/etc/initcpio/install"
	cp "$here/guest/mkinitcpio-hook.sh" "$root/etc/initcpio/hooks/boot-test"
	cp "$here/guest/mkinitcpio-install.sh" "$root/etc/initcpio/install/boot-test"
}

# The youngest that its history of changes names.
mkinitcpio_version() {
	sed -n 's/^CHANGES WITH v//p' "$upstream/CHANGELOG" | head -n 1
}
