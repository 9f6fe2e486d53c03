#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What generate refuses, warns of and decides, with the program as it is installed: whole
# machines, roots with real indices of modules, files as administrators leave them.
# shellcheck disable=SC2030,SC2031,SC2154 # tests are shells of their own; plan.bash has the rest

bats_require_minimum_version 1.5.0

setup_file() {
	for kind in debian13-two-kernels builtin-vfio fedora-like arch; do
		sh "$SOURCE/tests/roots/make" "$kind" "$BATS_FILE_TMPDIR/$kind"
	done
}

load plan

@test "a device of the machine that nothing speaks against gives no finding" {
	device 03:00.0
	plan 0
	[ "$(findings)" = "" ]
}

@test "a card with four functions is reserved whole" {
	device 03:00.0
	plan 0
	[ "$(claims)" = "0000:03:00.0 id
0000:03:00.1 id
0000:03:00.2 id
0000:03:00.3 id" ]
	[ "$(cmdline)" = "vfio-pci.ids=10de:1e07,10de:10f7,10de:1ad6,10de:1ad7 intel_iommu=on" ]
}

@test "a part of a card is refused while the host keeps the rest" {
	device 03:00.0 'functions = listed'
	plan 1
	[ "$(findings)" = "error group-host-device config:1 0000:03:00.0" ]
	grep -q '0000:03:00.1 (snd_hda_intel), 0000:03:00.2 (xhci_hcd), which the host keeps' \
		"$BATS_TEST_TMPDIR/err"
}

@test "two cards of one id by two makers are told apart by subsystem" {
	device 01:00.0
	plan 0
	[ "$(claims)" = "0000:01:00.0 subsystem
0000:01:00.1 subsystem" ]
	[ "$(cmdline)" = "vfio-pci.ids=10de:2684:1043:88e2,10de:22ba:1043:88e2 intel_iommu=on" ]
}

@test "an id that takes the card of the other maker is refused" {
	device 01:00.0 'claim = id'
	plan 1
	[ "$(findings)" = "error twin-taken config:3 0000:01:00.0
error twin-taken config:3 0000:01:00.1" ]
}

@test "true twins are claimed by address" {
	machine=$machines/ok-d-identical-override-612.snapshot
	device 03:00.0
	plan 0
	[ "$(claims)" = "0000:03:00.0 address" ]
	[[ $(cmdline) = *vfio_bootcfg.devices=0000:03:00.0=1b36:0010:1af4:1100* ]]
	[ "$(findings)" = "" ]
}

@test "the boot display is refused, unless the section allows it" {
	device 00:02.0
	plan 1
	[ "$(findings)" = "error boot-display config:1 0000:00:02.0" ]
	device 00:02.0 'allow = boot-display'
	plan 0
	[ "$(findings)" = "note boot-display config:1 0000:00:02.0" ]
}

@test "the root disk and the default route are refused" {
	device 07:00.0
	plan 1
	[ "$(findings)" = "error root-storage config:1 0000:07:00.0" ]
	device 09:00.0
	plan 1
	[ "$(findings)" = "error default-network config:1 0000:09:00.0" ]
}

@test "a device that the driver denies is refused" {
	device 04:00.0
	plan 1
	[ "$(findings)" = "error vfio-denylist config:1 0000:04:00.0" ]
	put etc/modprobe.d/qat.conf 'options vfio-pci disable_denylist=1'
	plan 0
	[ "$(findings)" = "" ]
}

@test "an IOMMU is no device for a virtual machine" {
	machine=$machines/base-amd-61-d059.snapshot
	device 00:01.0
	plan 1
	findings | grep -qx 'error target-is-iommu config:1 0000:00:01.0'
}

@test "memory of firmware, virtual functions and framebuffers are warned of" {
	device 06:00.0
	plan 0
	[ "$(findings)" = "warning rmrr-device config:1 0000:06:00.0" ]
	device 08:00.0
	plan 0
	[ "$(findings)" = "warning framebuffer-overlap config:1 0000:08:00.0" ]
	device 05:00.0
	plan 0
	[ "$(findings)" = "warning has-virtual-functions config:1 0000:05:00.0" ]
	device 05:10.0 'claim = address'
	plan 0
	[ "$(findings)" = "warning virtual-function config:1 0000:05:10.0" ]
}

@test "what is behind VMD follows it, and has a domain of its own" {
	device 10000:e1:00.0
	plan 0
	[ "$(claims)" = "10000:e1:00.0 id" ]
	[ "$(findings)" = "note vmd-child config:1 10000:e1:00.0" ]
	device 10000:e1:00.0 'claim = address'
	plan 0
	[ "$(findings)" = "warning late-device config:1 10000:e1:00.0" ]
	[[ $(cmdline) = *vfio_bootcfg.devices=10000:e1:00.0=144d:a80a:144d:a801* ]]
}

@test "a driver that is built in is named with the evidence: another kernel's alias" {
	machine=$machines/base-intel-61-d059.snapshot
	device 00:11.0
	plan 0
	[ "$(findings)" = "note competitor-builtin config:1 0000:00:11.0" ]
	[ "$(jq -r '.targets[0].reason' <<<"$json")" = "'virtio_pci' is built into kernel '6.12.107+deb13-amd64' (known from its alias in modules.alias of kernel '6.1.0-50-amd64') and probes before any module" ]
}

@test "a driver that is built in is named with the evidence: the driver of today" {
	rm -r "$root/usr/lib/modules/6.1.0-50-amd64"
	machine=$machines/fail-c-builtin-virtio-612.snapshot
	device 00:1c.0
	plan 0
	[[ $(jq -r '.targets[0].reason' <<<"$json") = "'virtio_pci' is built into kernel '6.12.107+deb13-amd64' (known from the driver that holds the device) "* ]]
}

@test "every driver that is a module here is taken for one" {
	device 03:00.0
	plan 0
	[ "$(jq -c '[.targets[].competitors[] | [.module, .builtin]]' <<<"$json")" = \
		'[["nouveau",false],["snd_hda_intel",false],["xhci_pci",false]]' ]
}

@test "a vfio-pci that is built in is noted" {
	use_root builtin-vfio
	device 03:00.0
	plan 0
	[ "$(findings)" = "note driver-builtin - -" ]
}

@test "a softdep line that is read before ours is named, and one behind it is not" {
	put etc/modprobe.d/00-user.conf '# by hand' 'softdep nouveau pre: i2c-core'
	put etc/modprobe.d/zz-user.conf 'softdep snd-hda-intel pre: soundcore'
	device 03:00.0
	plan 0
	[ "$(findings)" = "warning foreign-configuration /etc/modprobe.d/00-user.conf:2 -" ]
}

@test "ids of modprobe.d that the configuration does not name are refused with their line" {
	put etc/modprobe.d/vfio.conf '# by hand' 'options vfio-pci ids=10de:1e07,144d:a80a'
	device 03:00.0
	plan 1
	[ "$(findings)" = "error foreign-ids /etc/modprobe.d/vfio.conf:2 -" ]
}

@test "ids of modprobe.d that the configuration names are no longer needed" {
	put etc/modprobe.d/vfio.conf 'options vfio-pci ids=10de:1e07'
	device 03:00.0
	plan 0
	[ "$(findings)" = "warning foreign-configuration /etc/modprobe.d/vfio.conf:1 -" ]
}

@test "a line of modprobe.d that takes the twin of an exact claim is refused" {
	machine=$machines/ok-d-identical-override-612.snapshot
	put etc/modprobe.d/vfio.conf 'options vfio-pci ids=1b36:0010'
	device 03:00.0
	plan 1
	[ "$(findings)" = "error twin-taken /etc/modprobe.d/vfio.conf:1 0000:04:00.0" ]
}

@test "a module that is gone, and takes ours out of an image of dracut, is found" {
	use_root fedora-like
	put etc/dracut.conf.d/vfio 'force_drivers+=" vfio_virqfd "'
	put etc/dracut.conf.d/10-vfio.conf '# force_drivers+=" vfio_virqfd "' \
		'add_drivers+=" vfio_virqfd "' 'force_drivers+=" vfio-pci vfio-virqfd vfio "'
	device 03:00.0
	plan 0
	[[ $(findings) = *"warning dracut-missing-module /etc/dracut.conf.d/10-vfio.conf:3 -"* ]]
	[ "$(grep -c dracut-missing-module <<<"$(findings)")" -eq 1 ]
	use_root debian13-two-kernels
	put etc/dracut.conf.d/10-vfio.conf 'force_drivers+=" vfio_virqfd "'
	plan 0
	[ "$(findings)" = "" ]
}

@test "a driver that may not be loaded is found with its line" {
	put etc/modprobe.d/block.conf 'blacklist vfio-pci' 'install vfio-pci /bin/false'
	device 03:00.0
	plan 1
	[ "$(findings)" = "error driver-blocked /etc/modprobe.d/block.conf:2 -
warning driver-blocked /etc/modprobe.d/block.conf:1 -" ]
}

@test "overrides of driverctl are found" {
	put etc/driverctl.d/pci-0000:03:00.2 xhci_hcd
	device 03:00.0
	plan 0
	[ "$(findings)" = "warning foreign-configuration /etc/driverctl.d/pci-0000:03:00.2 0000:03:00.2" ]
}

# boot_with WORD…: the machine, booted with them
boot_with() {
	sed "s#^\(f proc/cmdline .*\)#\1 $*#" "$machine" >"$BATS_TEST_TMPDIR/machine"
	machine=$BATS_TEST_TMPDIR/machine
}

@test "words of the command line are found with the line of GRUB that has them" {
	use_root arch
	put etc/default/grub 'GRUB_DEFAULT=0' '#GRUB_CMDLINE_LINUX="module_blacklist=vfio_pci"' \
		'GRUB_CMDLINE_LINUX="module_blacklist=vfio_pci vfio-pci.ids=144d:a80a"'
	boot_with module_blacklist=vfio_pci vfio-pci.ids=144d:a80a pci-stub.ids=10de:1e07
	device 03:00.0
	plan 1
	[ "$(findings)" = "error foreign-ids /etc/default/grub:3 -
error driver-blocked /etc/default/grub:3 -
warning foreign-configuration /proc/cmdline 0000:03:00.0" ]
}

# The boots of the laboratory reserve by ids of their own.
without_ids() {
	sed '/^f proc\/cmdline/s/ vfio-pci.ids=[^ ]*//' "$machine" >"$BATS_TEST_TMPDIR/machine"
	machine=$BATS_TEST_TMPDIR/machine
}

# Neither a unit nor a table of it.
without_iommu() {
	{
		grep -v 'dmar0\|tables/DMAR\|/iommu_group ' "$machine"
		printf 'd %s\n' sys/class/iommu sys/firmware/acpi/tables
	} >"$BATS_TEST_TMPDIR/machine"
	machine=$BATS_TEST_TMPDIR/machine
}

@test "an IOMMU that the command line switches off is told from one that is not there" {
	device 03:00.0
	machine=$machines/fail-a2-intel_iommu-off-612.snapshot
	without_ids
	plan 0
	[ "$(findings)" = "warning iommu-off /proc/cmdline -" ]
	machine=$machines/workstation-refusals.snapshot
	without_iommu
	plan 0
	findings | grep -qx 'warning firmware-iommu-off - -'
}

# As there: no /lib/modules, and all of it behind links.
@test "on NixOS the kernel is found, and what its configuration needs is said" {
	use_root fedora-like
	rm -r "${root:?}/boot" "${root:?}/usr/bin" "$root/etc/default" "$root/etc/grub.d"
	mkdir -p "$root/nix/store/modules/lib" "$root/nix/store/system" \
		"$root/nix/var/nix/profiles"
	mv "$root/usr/lib/modules" "$root/nix/store/modules/lib/"
	ln -s /nix/store/modules "$root/nix/store/system/kernel-modules"
	ln -s /nix/store/system "$root/nix/var/nix/profiles/system"
	put etc/NIXOS ''
	device 03:00.0
	plan 0
	[ "$(jq -r '.kernels[].release' <<<"$json")" = 6.14.5-300.fc42.x86_64 ]
	said=$(jq -r '.findings[] | select(.code == "by-hand").remedy' <<<"$json")
	[[ $said = *'boot.kernelParams = [ "vfio-pci.ids=10de:1e07,10de:10f7,10de:1ad7" '* ]]
	[[ $said = *'boot.initrd.kernelModules = [ "vfio_pci" "vfio" "vfio_iommu_type1" ];'* ]]
}

@test "people are shown files of a root with its path, programs without" {
	put etc/vfio-bootcfg.conf '[device it]' 'adress = 1:0.0'
	run "$BUILD/src/vfio-bootcfg" generate --dry-run --root "$root" --snapshot "$machine"
	[ "$status" -eq 2 ]
	[[ $output = "$root/etc/vfio-bootcfg.conf:2: error: "* ]]
	# What the command line names stands there as it was given.
	run "$BUILD/src/vfio-bootcfg" generate --dry-run --root "$root" --snapshot "$machine" \
		-c "$root/../$(basename "$root")/etc/vfio-bootcfg.conf"
	[[ $output = "$root/../"*"/etc/vfio-bootcfg.conf:2: error: "* ]]
	cp "$root/etc/vfio-bootcfg.conf" "$config"
	run "$BUILD/src/vfio-bootcfg" generate --dry-run --root "$root" -c "$config"
	[[ $output = "$config:2: error: "* ]]
	run --separate-stderr "$BUILD/src/vfio-bootcfg" generate --dry-run --json --root "$root" \
		--snapshot "$machine"
	[ "$(jq -r '.findings[0].where' <<<"$output")" = /etc/vfio-bootcfg.conf:2 ]
}

@test "without a configuration the next step is named" {
	run "$BUILD/src/vfio-bootcfg" generate --root "$root" --snapshot "$machine"
	[ "$status" -eq 2 ]
	[[ $output = *"[config-missing]"*"'man vfio-bootcfg.conf'"*"'vfio-bootcfg list'"* ]]
}
