#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# mkinitcpio's install hook of a lean boot: see ./collect. BusyBox has the rest.

build() {
	[[ ! -x /usr/sbin/vfio-bootcfg ]] || add_binary /usr/sbin/vfio-bootcfg /usr/bin/vfio-bootcfg
	local files file drivers
	mapfile -t files < <(find /usr/lib/boot-test -type f && cat /usr/lib/boot-test/evidence)
	for file in "${files[@]}"; do
		[[ ! -e $file ]] || add_file "$file"
	done
	read -ra drivers </usr/lib/boot-test/drivers
	map add_module "${drivers[@]}"
	add_runscript
}
