#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Puts the early binder into the image. Only on request, by
#     add_dracutmodules+=" vfio-bootcfg "
# in /etc/dracut.conf.d/50-vfio-bootcfg.conf: most plans do without it.
# 55: 50 to 59 is the range that dracut leaves to others.

check() {
	require_binaries /usr/lib/vfio-bootcfg/vfio-bootcfg-early || return 1
	return 255
}

depends() {
	echo base
}

installkernel() {
	# Without -c, so that a kernel that has it built in, or has none, is no error;
	# hostonly= because a device that is not bound yet gives no reason to take it along.
	hostonly='' instmods vfio-pci
}

install() {
	inst_multiple modprobe /usr/lib/vfio-bootcfg/vfio-bootcfg-early
	# Hooks of pre-udev run before udevd starts, and 01 is before what others bring there;
	# where rd.driver.pre= is read differs, and does not matter: neither needs the other.
	# shellcheck disable=SC2154 # dracut sets moddir
	inst_hook pre-udev 01 "$moddir/vfio-bootcfg-early.sh"
}
