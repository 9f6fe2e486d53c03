#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What generate decides on machines of strangers: dumps as libpci reads them, and listings
# as they are pasted in forums. Skipped where the folder that holds them is missing.
# shellcheck disable=SC2030,SC2031,SC2154 # tests are shells of their own; plan.bash has the rest

bats_require_minimum_version 1.5.0

setup_file() {
	sh "$SOURCE/tests/roots/make" debian13-two-kernels "$BATS_FILE_TMPDIR/debian13-two-kernels"
}

load plan

# use_listing FILE [LINE…]: the machine of a listing, and lines of a snapshot that it lacks
use_listing() {
	use_dump "$1"
	"$SOURCE/tests/cli/listing-to-snapshot" "$machine" >"$BATS_TEST_TMPDIR/snapshot"
	machine=$BATS_TEST_TMPDIR/snapshot
	shift
	[ $# -eq 0 ] || printf '%s\n' "$@" >>"$machine"
}

@test "two cards of one maker in a dump are true twins" {
	use_dump x-nvidia-only-two-gt1030-lspci-vxxx.txt
	device 04:00.0
	plan 0
	[ "$(claims)" = "0000:04:00.0 address
0000:04:00.1 address" ]
	use_dump x-threadripper-two-a6000-lspci-nnDvvvxxx.txt
	device 2e:00.0
	plan 0
	[ "$(claims)" = "0000:2e:00.0 address
0000:2e:00.1 address" ]
}

@test "every IOMMU and every bridge of a dump is refused" {
	use_dump x-threadripper-two-a6000-lspci-nnDvvvxxx.txt
	device '00:00.2, 20:00.2, 40:00.2, 60:00.2' 'functions = listed'
	plan 1
	[ "$(findings | grep -c 'error target-is-iommu')" = 4 ]
	device '22:00.0, 2a:00.0' 'functions = listed'
	plan 1
	[ "$(findings | grep -c 'error target-is-bridge')" = 2 ]
}

# A listing without groups: the rules that need them are silent, and that is said.
no_groups='note iommu-off - -'

@test "two cards of one board, of which the listing names the board, are true twins" {
	use_listing t-two-identical-t400-lspci-nnk.txt
	device 17:00.0
	plan 0
	[ "$(claims)" = "0000:17:00.0 address" ]
	[[ $(cmdline) = *vfio_bootcfg.devices=0000:17:00.0=10de:1ff2:17aa:1613* ]]
	[ "$(findings)" = "$no_groups" ]
	device 17:00.0 'claim = id'
	plan 1
	findings | grep -qx 'error twin-taken config:3 0000:17:00.0'
}

@test "of two cards by two makers one is told apart by subsystem" {
	use_listing t-two-identical-t400-lspci-nnk.txt
	sed -i '/17:00.0.subsystem_device/s/0x1613/0x1614/' "$machine"
	device 17:00.0
	plan 0
	[ "$(claims)" = "0000:17:00.0 subsystem" ]
	[[ $(cmdline) = *vfio-pci.ids=10de:1ff2:17aa:1614* ]]
}

@test "two cards named by their one id are both reserved, and that is said" {
	use_listing t-two-gt1030-lspci-nn.txt
	printf '[device it]\nid = 10de:1d01\n' >"$config"
	plan 0
	[ "$(claims | wc -l)" = 4 ]
	[ "$(findings)" = "warning ambiguous-device config:2 -
$no_groups" ]
}

@test "a card with four functions is reserved whole, in whatever way it is listed" {
	use_listing t-gpu4func-gtx1660-iommu-groups.txt
	device 01:00.0
	plan 0
	[[ $(cmdline) = *vfio-pci.ids=10de:2184,10de:1aeb,10de:1aec,10de:1aed* ]]
	[ "$(findings)" = "" ]
	use_listing t-quadro-rtx4000-4func-domain-lspci-n.txt
	device 65:00.0
	plan 0
	[[ $(cmdline) = *vfio-pci.ids=10de:1eb1,10de:10f8,10de:1ad8,10de:1ad9* ]]
	[ "$(findings)" = "$no_groups" ]
}

@test "a card whose group holds what the host needs is refused, its neighbour is not" {
	drivers=()
	for held in 01:00.0/xhci_hcd 01:00.1/ahci 03:00.0/r8169 06:00.0/amdgpu 07:00.0/amdgpu; do
		drivers+=("l sys/devices/pci0000:${held%%:*}/0000:${held%/*}/driver ../../../bus/pci/drivers/${held#*/}")
	done
	use_listing t-ryzen-b350-rx550-r9-290-iommu-groups-unsorted.txt "${drivers[@]}"
	device 06:00.0
	plan 1
	[ "$(findings)" = "error group-host-device config:1 0000:06:00.0" ]
	device 07:00.0
	plan 0
	[ "$(findings)" = "" ]
}

@test "virtual functions are not widened to their slot, and are said to come late" {
	use_listing t-sriov-82599-vfs-lspci-nn.txt
	device 04:10.2
	plan 0
	[ "$(claims)" = "0000:04:10.2 address" ]
	[ "$(findings)" = "$no_groups
warning virtual-function config:1 0000:04:10.2" ]
	device 04:00.0
	plan 0
	[ "$(claims)" = "0000:04:00.0 id
0000:04:00.1 id" ]
	[ "$(findings)" = "$no_groups
warning has-virtual-functions config:1 0000:04:00.1" ]
}

@test "a disk behind VMD is refused while the controller stays, and the controller while the disk does" {
	use_listing t-vmd-domain10000-tb4-docks-lspci-nnv.txt
	device 10000:e1:00.0
	plan 1
	[ "$(findings)" = "note vmd-child config:1 10000:e1:00.0
error group-host-device config:1 10000:e1:00.0" ]
	device 00:0e.0
	plan 1
	[ "$(findings)" = "error group-host-device config:1 0000:00:0e.0" ]
}

@test "what else is in a slot of the chipset is named before it is taken" {
	use_listing t-vmd-domain10000-tb4-docks-lspci-nnv.txt
	device 00:1f.3
	plan 0
	[ "$(findings)" = "warning slot-companion config:1 0000:00:1f.0
warning slot-companion config:1 0000:00:1f.4
warning slot-companion config:1 0000:00:1f.5" ]
	device '00:1f.3, 00:1f.0, 00:1f.4, 00:1f.5'
	plan 0
	[ "$(findings)" = "" ]
}

@test "the graphics of a processor has more in its slot than a card" {
	use_listing t-apu-lucienne-proxmox-lspci-nn.txt
	device 05:00.0
	plan 0
	[ "$(findings)" = "$no_groups
warning slot-companion config:1 0000:05:00.2
warning slot-companion config:1 0000:05:00.5
warning slot-companion config:1 0000:05:00.7" ]
}

@test "a disk in a Thunderbolt dock is reserved by its id" {
	use_listing t-vmd-domain10000-tb4-docks-lspci-nnv.txt \
		'f sys/devices/pci0000:45/0000:45:00.0/removable removable'
	device 45:00.0
	plan 0
	[ "$(claims)" = "0000:45:00.0 id" ]
	[ "$(findings)" = "" ]
}

@test "a card behind Thunderbolt may come too late for a claim by address" {
	use_listing t-tb3-egpu-gtx1070-loader-comment-groups.txt \
		'f sys/devices/pci0000:07/0000:07:00.0/removable removable'
	device 07:00.0
	plan 0
	[[ $(cmdline) = *vfio-pci.ids=10de:1b81,10de:10f0* ]]
	[ "$(findings)" = "" ]
	device 07:00.0 'claim = address'
	plan 0
	[ "$(findings)" = "warning removable-device config:1 0000:07:00.0" ]
}

@test "of four cards each is claimed alone, and of two controllers of one id one" {
	use_listing t-dual-e5-four-gpus-iommu-groups.txt
	device '04:00.0, 05:00.0, 82:00.0'
	plan 0
	[ "$(claims)" = "0000:04:00.0 id
0000:04:00.1 id
0000:05:00.0 id
0000:05:00.1 id
0000:82:00.0 id
0000:82:00.1 id" ]
	device 02:00.0
	plan 0
	[ "$(claims)" = "0000:02:00.0 address" ]
}
