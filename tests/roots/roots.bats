#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The roots that other tests stand on are what their maker says.

bats_require_minimum_version 1.5.0

setup() {
	here=$(dirname "$(readlink -f "$BATS_TEST_FILENAME")")
	PATH=$PATH:/usr/sbin:/sbin
	root=$BATS_TEST_TMPDIR/root
}

kinds() {
	sed -n 's/^#   \([a-z0-9-][a-z0-9-]*\)   *[a-zA-Z].*/\1/p' "$here/make"
}

@test "every kind that the top of the script names is made" {
	[ "$(kinds)" = "$(sed -n 's/^\([a-z0-9-]*\))$/\1/p' "$here/make")" ]
	for kind in $(kinds); do
		sh "$here/make" "$kind" "$root-$kind"
		[ -d "$root-$kind/etc" ]
	done
}

@test "an unknown kind and a folder that is not empty are refused" {
	run -2 sh "$here/make" gentoo "$root"
	run -2 sh "$here/make" debian12
	touch "$root/file"
	run -2 sh "$here/make" debian12 "$root"
	[ "$(ls "$root")" = file ]
}

@test "modprobe finds the modules of a root as it finds real ones" {
	sh "$here/make" debian12 "$root"
	lookup() { modprobe -C /dev/null -d "$root" -S 6.1.0-50-amd64 -R "$1" | sort | xargs; }
	[ "$(lookup pci:v00001002d00006798sv00001002sd00003000bc03sc00i00)" = "amdgpu radeon" ]
	[ "$(lookup vfio_pci:v00001002d00006798sv00001002sd00003000bc03sc00i00)" = vfio_pci ]
	grep -q '^softdep r8169 pre: realtek$' "$root/lib/modules/6.1.0-50-amd64/modules.softdep"
	grep -q '^kernel/drivers/vfio/pci/vfio-pci.ko: .*vfio-pci-core.ko .*vfio.ko$' \
		"$root/lib/modules/6.1.0-50-amd64/modules.dep"
}
