#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2030,SC2031,SC2119,SC2120,SC2154 # generate() with and without arguments; $output and $stderr of run, also in functions
# Every boot chain that is written for, through the program: twice is once, and what is
# taken back leaves nothing.

load program

prepare() {
	printf '[device usb]\naddress = 0000:09:00.0\n' >"$config"
}

make_root() {
	rm -rf "$root"
	sh "$here/make" "$1" "$root"
}

# generate [ARGUMENT…]
generate() {
	"$program" generate --root "$root" --snapshot "$machine" -c "$config" "$@"
}

# What a root holds, with modes.
listing() {
	(cd "$root" && find . -printf '%p %y %m %l\n' | sort &&
		find . -type f -print0 | sort -z | xargs -0 cksum)
}

# In no file that boots.
is_nowhere() {
	[ -z "$(cd "$root" && grep -rsl "$1" etc boot efi usr/lib/bootc)" ]
}

there_and_back() {
	make_root "$1"
	listing >"$BATS_TEST_TMPDIR/before"
	generate
	run -0 --separate-stderr generate
	[[ $output != *"  create "* && $output != *"  update "* && $output != *"  remove "* ]]
	# Another plan: its words take the place of the first ones.
	printf '[vfio-bootcfg]\niommu = pt\n[device net]\nid = 8086:10d3\nclaim = id\n' >"$config"
	generate
	is_nowhere 1b36:000d
	"$program" revert --root "$root"
	listing | diff "$BATS_TEST_TMPDIR/before" -
}

@test "initramfs-tools and GRUB with grub.d are there and back" {
	there_and_back debian12
}

@test "dracut and GRUB with grub.d are there and back" {
	there_and_back debian12-dracut
}

@test "mkinitcpio and GRUB without grub.d are there and back" {
	there_and_back arch
}

@test "an older mkinitcpio is there and back" {
	there_and_back arch-old
}

@test "entries of systemd-boot are there and back" {
	there_and_back arch-systemd-boot
}

@test "a unified image is there and back" {
	there_and_back arch-uki
}

@test "GRUB that reads entries is there and back" {
	there_and_back fedora-like
}

@test "kernel-install is there and back" {
	there_and_back kernel-install
}

@test "a deployment of ostree is there and back" {
	there_and_back ostree-deployed
}

@test "an image of bootc is there and back" {
	there_and_back bootc-image
}

@test "the tools of this system are never run for another root" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	for tool in grubby rpm-ostree bootctl kernel-install dracut sdbootutil kernelstub \
		grub2-mkconfig proxmox-boot-tool; do
		echo "echo $tool >>'$BATS_TEST_TMPDIR/called'" >"$BATS_TEST_TMPDIR/bin/$tool"
		chmod +x "$BATS_TEST_TMPDIR/bin/$tool"
	done
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	for kind in fedora-like ostree-deployed kernel-install; do
		make_root "$kind"
		generate
		run -2 generate --rebuild
		"$program" revert --root "$root"
	done
	[ ! -e "$BATS_TEST_TMPDIR/called" ]
}

@test "what was written by other tools since is kept, and ours is taken back" {
	make_root fedora-like
	generate
	entry=$(echo "$root"/boot/loader/entries/*x86_64.conf)
	# grubby adds a word everywhere; a kernel comes with an entry of its own.
	sed -i 's/^options.*/& foo=1/' "$root"/boot/loader/entries/*.conf
	sed -i 's/$/ foo=1/' "$root/etc/kernel/cmdline"
	sed 's/6\.14\.5/6.15.0/' "$entry" >"${entry/6.14.5/6.15.0}"
	cp -r "$root/usr/lib/modules/6.14.5-300.fc42.x86_64" \
		"$root/usr/lib/modules/6.15.0-300.fc42.x86_64"
	"$program" revert --root "$root"
	is_nowhere vfio
	[ "$(cat "$root/etc/kernel/cmdline")" = 'root=UUID=1f0c ro rhgb quiet foo=1' ]
	grep -q '^options root=UUID=1f0c ro rhgb quiet foo=1$' "$entry"
	grep -q '^options root=UUID=1f0c ro rhgb quiet foo=1$' "${entry/6.14.5/6.15.0}"
}

@test "what kernel-install has written since is left to it" {
	make_root kernel-install
	generate
	release=6.14.5-300.fc42.x86_64
	entry=$(echo "$root"/efi/loader/entries/*"$release".conf)
	sed -i "s/^options.*/options $(cat "$root/etc/kernel/cmdline")/" "$entry"
	KERNEL_INSTALL_BOOT_ROOT=$root/efi sh "$root"/etc/kernel/install.d/93-* add "$release" /efi
	[ "$(find "$root/efi" -name '*fallback*' | wc -l)" -eq 1 ]
	listing >"$BATS_TEST_TMPDIR/before"
	generate
	listing | diff "$BATS_TEST_TMPDIR/before" -
	"$program" revert --root "$root"
	is_nowhere vfio
}

@test "without its record, files are known by their mark" {
	for kind in debian12 debian12-dracut arch arch-old; do
		make_root "$kind"
		mkdir -p "$root/var/lib"
		listing >"$BATS_TEST_TMPDIR/before"
		generate
		rm -r "$root/var/lib/vfio-bootcfg"
		run -0 --separate-stderr "$program" revert --root "$root"
		[[ $stderr == *'[state-lost]'* ]]
		listing | diff "$BATS_TEST_TMPDIR/before" - | grep '^[<>]' |
			grep -v '/etc.* d 755 $' >"$BATS_TEST_TMPDIR/different" || :
		diff /dev/null "$BATS_TEST_TMPDIR/different" # but for folders that were made
		generate
		rm -r "$root/var/lib/vfio-bootcfg"
		run -0 --separate-stderr generate
		[[ $stderr == *'[state-lost]'* ]]
		run -0 --separate-stderr "$program" revert --root "$root"
		[ -z "$stderr" ]
		is_nowhere vfio
	done
}

@test "what '--output' gave and somebody copied is known by its mark" {
	make_root debian12
	mkdir -p "$root/var/lib"
	generate --output "$BATS_TEST_TMPDIR/out"
	cp -a "$BATS_TEST_TMPDIR/out/." "$root"
	run -0 --separate-stderr generate
	[ -z "$stderr" ]
	"$program" revert --root "$root"
	is_nowhere vfio
	cp -a "$BATS_TEST_TMPDIR/out/." "$root"
	"$program" revert --root "$root"
	is_nowhere vfio
	[ -z "$(find "$root/var/lib/vfio-bootcfg" -type f)" ]
}

@test "what revert says is to be run is what generate said" {
	make_root debian12
	commands=$(generate | sed -n '/^to make it/,/^$/p')
	[[ $commands == *update-grub* ]]
	[ "$("$program" revert --root "$root" | sed -n '/^to make it/,/^$/p')" = "$commands" ]
	make_root ostree-deployed
	generate
	run -0 "$program" revert --root "$root"
	[[ $output == *'rpm-ostree kargs --delete-if-present='*'=1b36:000d '* ]]
}

@test "revert says that the configuration is kept, where there is one" {
	make_root debian12
	generate
	run -0 "$program" revert --root "$root"
	[[ $output != *"configuration"* ]]
	for name in vfio-bootcfg.conf vfio-bootcfg.conf.d/usb.conf; do
		rm -rf "$root/etc/vfio-bootcfg.conf"*
		install -D "$config" "$root/etc/$name"
		generate
		run -0 "$program" revert --dry-run --root "$root"
		[[ ${lines[-1]} == "the configuration is kept: "* ]]
		run -0 "$program" revert --root "$root"
		[[ ${lines[-1]} == "the configuration is kept: remove it, or 'generate', which the package's hooks run for a new kernel, reserves again" ]]
	done
}

# What was generated stays in effect without its configuration; who emptied it meant that.
@test "without its configuration a reservation is given up by revert" {
	make_root empty
	mkdir -p "$root/etc"
	for verb in generate check verify; do
		rm -f "$root/etc/vfio-bootcfg.conf"
		run -2 "$program" "$verb" --root "$root" --snapshot "$machine"
		[[ $output == *"[config-missing]"* && $output != *revert* ]]
		touch "$root/etc/vfio-bootcfg.conf"
		run -2 "$program" "$verb" --root "$root" --snapshot "$machine"
		[[ $output == *"[config-empty]"*"-> add one"* && $output != *revert* ]]
	done
	make_root debian12
	generate
	for verb in generate check verify; do
		rm -f "$root/etc/vfio-bootcfg.conf"
		run -2 "$program" "$verb" --root "$root" --snapshot "$machine"
		[[ $output == *"[config-missing]"*"to reserve nothing any more, run 'vfio-bootcfg revert'" ]]
		touch "$root/etc/vfio-bootcfg.conf"
		run -2 "$program" "$verb" --root "$root" --snapshot "$machine"
		[[ $output == *"[config-empty]"*"to reserve nothing any more, run 'vfio-bootcfg revert'" ]]
	done
}

# The administrator's own, in every entry.
own_words() {
	mkdir -p "$root/etc/kernel"
	echo 'root=/dev/x rw' >"$root/etc/kernel/cmdline"
	sed -i "s/^options .*/& $1/" "$root"/boot/loader/entries/*
	listing >"$BATS_TEST_TMPDIR/before"
}

@test "own words in the entries of GRUB stay, twice and back" {
	make_root fedora-like
	own_words intel_iommu=on
	generate
	run -0 --separate-stderr generate
	[[ $output != *"  update "* && $output != *"  remove "* ]]
	"$program" revert --root "$root"
	listing | diff "$BATS_TEST_TMPDIR/before" -
}

@test "own words stay in an entry that needs none of ours" {
	make_root arch-systemd-boot
	own_words 'vfio-pci.ids=1b36:000d intel_iommu=on'
	generate
	"$program" revert --root "$root"
	listing | grep -v './var' | diff "$BATS_TEST_TMPDIR/before" -
}

@test "own words of a deployment are not deleted" {
	make_root ostree-deployed
	own_words intel_iommu=on
	generate
	run ! grep -q 'delete-if-present=intel_iommu' "$root/var/lib/vfio-bootcfg/way-back"
	printf '[vfio-bootcfg]\niommu = leave\n[device usb]\naddress = 09:00.0\n' >"$config"
	run -0 generate
	[[ $output != *delete-if-present* ]]
}

@test "own words in the variable of GRUB are not removed" {
	make_root fedora-like
	own_words ''
	# shellcheck disable=SC2016 # a variable of GRUB
	sed -i 's/^options .*/options $kernelopts/' "$root"/boot/loader/entries/*
	printf '# GRUB Environment Block\nkernelopts=root=/a ro intel_iommu=on\n' \
		>"$root/boot/grub2/grubenv"
	generate
	run -0 grep 'remove-args=' "$root/var/lib/vfio-bootcfg/way-back"
	[[ $output == *1b36:000d* && $output != *intel_iommu* ]]
}

@test "own words outlive a run without the boot partition" {
	make_root arch-systemd-boot
	own_words intel_iommu=on
	generate
	mv "$root/boot/loader" "$BATS_TEST_TMPDIR/loader"
	run -3 generate # out-of-reach
	mv "$BATS_TEST_TMPDIR/loader" "$root/boot/loader"
	generate
	"$program" revert --root "$root"
	listing | diff "$BATS_TEST_TMPDIR/before" -
}

# says_all COMMAND…: $output names each of them to be run
says_all() {
	for command; do
		grep -q "^  chroot $root $command" <<<"$output"
	done
}

# leave KIND CHOICE COMMAND…: a plan, and one without that; both times what it leaves is
# said, the second time not less, and by revert.
leave() {
	make_root "$1"
	[ "$1" != fedora-like ] ||
		sed -i "s/^options.*/options \$kernelopts/" "$root"/boot/loader/entries/*.conf
	printf '[device usb]\naddress = 0000:09:00.0\n' >"$config"
	generate
	printf '[vfio-bootcfg]\n%s = none\n' "$2" >>"$config"
	shift 2
	run -0 generate
	says_all "$@"
	run -0 generate
	says_all "$@"
	run -0 "$program" revert --root "$root"
	says_all "$@"
}

@test "what undoes the work of a loader or generator outlives the plan that leaves it" {
	leave debian12 bootloader update-grub
	leave ostree-deployed bootloader 'rpm-ostree kargs --delete-if-present=' 'rpm-ostree initramfs --disable'
	leave ostree-deployed initramfs 'rpm-ostree initramfs --disable'
	leave fedora-like bootloader "grubby --update-kernel=ALL '--remove-args="
	leave fedora-like initramfs 'dracut --force --regenerate-all'
}

@test "the entry of a kernel that is gone is not made anew" {
	make_root fedora-like
	generate
	rm "$root"/boot/loader/entries/*x86_64.conf
	"$program" revert --root "$root"
	[ "$(ls "$root/boot/loader/entries")" = 0123456789abcdef0123456789abcdef-0-rescue.conf ]
}

@test "two loaders are an error that names the evidence, and the configuration decides" {
	make_root proxmox
	run -1 --separate-stderr generate
	[[ $stderr == *'grub (etc/default/grub and usr/sbin/grub-mkconfig), proxmox-boot-tool (etc/kernel/proxmox-boot-uuids)'* ]]
	printf '[vfio-bootcfg]\nbootloader = proxmox-boot-tool\n' >>"$config"
	generate
	[ ! -e "$root/etc/default/grub.d/zz-vfio-bootcfg.cfg" ]
	run -0 "$program" list --system --root "$root" --snapshot "$machine"
	[[ $output == *$'boot loader  proxmox-boot-tool (etc/kernel/proxmox-boot-uuids)\n'* ||
		$output == *'boot loader  proxmox-boot-tool (etc/kernel/proxmox-boot-uuids)' ]]
}

# A kernel has virtio built in; what told so before, the driver of then or the alias of
# another kernel, does not tell it any more.
@test "after the boot, a plan against a built-in driver holds" {
	machine=$here/../machines/fail-c-builtin-virtio-612.snapshot
	printf '[device rng]\naddress = 00:1c.0\n' >"$config"
	make_root debian13-two-kernels
	generate
	sed '/0000:00:1c\.0\/driver /s/virtio-pci/vfio-pci/' "$machine" >"$BATS_TEST_TMPDIR/bound"
	machine=$BATS_TEST_TMPDIR/bound
	run -0 --separate-stderr generate
	[[ $output == *"now vfio-pci"*"claim address: 'virtio_pci' is built into kernel"* ]]
	[[ $output != *"  create "* && $output != *"  update "* && $output != *"  remove "* ]]
	rm -r "$root/usr/lib/modules/6.1.0-50-amd64"
	run -0 --separate-stderr generate
	[[ $output == *"claim address: 'virtio_pci' is built into kernel"* ]]
}

# The words were to be typed, asked for again once they were, and left to revert by hand.
@test "proxmox-boot-tool is there and back, by both names" {
	make_root proxmox
	listing >"$BATS_TEST_TMPDIR/before"
	for name in proxmox-boot-tool kernel-cmdline; do
		printf '[vfio-bootcfg]\nbootloader = %s\n[device usb]\naddress = 09:00.0\n' "$name" >"$config"
		run -0 --separate-stderr generate
		[[ $output == *'update-initramfs -u -k all'*'proxmox-boot-tool refresh'* ]]
		[[ $stderr != *warning* ]]
		[ "$(cat "$root/etc/kernel/cmdline")" = \
			'root=ZFS=rpool/ROOT/pve-1 boot=zfs vfio-pci.ids=1b36:000d intel_iommu=on' ]
		run "$program" check --root "$root" --snapshot "$machine" -c "$config"
		[[ $output == *'PASS    default-cmdline: '*"'/etc/kernel/cmdline'"* ]]
		[[ $output == *'UNKNOWN entry-cmdline: '*"run 'chroot "*" proxmox-boot-tool refresh'"* ]]
		run -0 --separate-stderr "$program" revert --root "$root"
		[[ $output == *'proxmox-boot-tool refresh' && $output != *'by hand'* ]]
		listing | diff "$BATS_TEST_TMPDIR/before" -
	done
}

@test "GRUB on the partitions of proxmox-boot-tool is written there as well" {
	make_root proxmox
	printf '[vfio-bootcfg]\nbootloader = grub\n' >>"$config"
	run -0 --separate-stderr generate
	[[ $output == *'update-grub'*'proxmox-boot-tool refresh'* ]]
	[ "$(cat "$root/etc/kernel/cmdline")" = 'root=ZFS=rpool/ROOT/pve-1 boot=zfs' ]
}

@test "without an entry to keep, none is kept" {
	make_root fedora-like
	printf '[vfio-bootcfg]\nfallback-entry = no\n' >>"$config"
	run -0 --separate-stderr generate
	[[ $output == *'the boot menu has no entry that reserves nothing'* ]]
	[ -z "$(find "$root" -name '*fallback*')" ]
}

@test "a boot partition that is not mounted is not taken for one without our words" {
	root=$BATS_TEST_TMPDIR/unmounted
	sh "$SOURCE/tests/roots/make" arch-systemd-boot "$root"
	printf '[device usb]\naddress = 09:00.0\n' >"$root/etc/vfio-bootcfg.conf"
	entry=$root/boot/loader/entries/arch.conf
	cp "$entry" "$BATS_TEST_TMPDIR/before"
	"$BUILD/src/vfio-bootcfg" generate -q --root "$root" \
		--snapshot "$SOURCE/tests/machines/base-intel-61-d059.snapshot"
	mv "$root/boot" "$BATS_TEST_TMPDIR/boot"
	mkdir "$root/boot"
	run "$BUILD/src/vfio-bootcfg" revert --root "$root"
	[ "$status" -eq 3 ]
	[[ $output = *"$root/boot/loader/entries/arch.conf: error: it is gone with its folder"*out-of-reach* ]]
	rmdir "$root/boot"
	mv "$BATS_TEST_TMPDIR/boot" "$root/boot"
	"$BUILD/src/vfio-bootcfg" revert -q --root "$root"
	cmp "$entry" "$BATS_TEST_TMPDIR/before"
}
