#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# dracut's module-setup.sh of a lean boot: no root file system is mounted, and ./collect
# looks at what the initramfs made of the devices.

check() {
	return 255
}

depends() {
	echo base udev-rules kernel-modules
}

install() {
	inst_multiple cat dmesg ls mkdir mount sleep stty sync tar
	inst_multiple -o vfio-bootcfg
	mapfile -t files < <(find /usr/lib/boot-test -type f)
	inst_multiple "${files[@]}"
	mapfile -t files </usr/lib/boot-test/evidence
	inst_multiple -o "${files[@]}"
	# shellcheck disable=SC2154 # dracut sets moddir
	inst_hook cmdline 99 "$moddir/no-root.sh"
	inst_hook pre-mount 00 "$moddir/look.sh"
}
