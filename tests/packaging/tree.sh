# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by debian-trees and booted-service: a fresh Debian tree, what is done in it, and
# what is expected of that. 'here' is this folder, and 'folder' that of the packages.
# shellcheck disable=SC2154,SC2034 # they set and use the rest
LC_ALL=C DEBIAN_FRONTEND=noninteractive
export LC_ALL DEBIAN_FRONTEND

skip() {
	echo "skipped: $*"
	exit 77
}

[ "$(id -u)" -eq 0 ] || skip "root is needed"
command -v mmdebstrap >/dev/null || skip "mmdebstrap is not installed"
work=$(mktemp -d "${TMPDIR:-/tmp}/vfio-bootcfg-debian.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
failures=0

# in_tree COMMAND…: within the tree, with /proc and /dev of its own namespace, and with the
# machine's /sys. What it says is in $said, and its status in $status.
in_tree() {
	status=0
	# shellcheck disable=SC2016 # for the inner shell
	said=$(env -u TMPDIR unshare -m --propagation private sh -c '
		mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" &&
			mount --bind "$1/sys" "$0/sys" && shift && exec chroot "$0" "$@"
	' "$tree" "$work/machine" "$@" 2>&1 </dev/null) || status=$?
	{
		echo "== $*"
		printf '%s\n' "$said"
		echo "== status $status"
	} >>"$log"
}

apt() {
	# What came with a package goes with it, also where another one suggests it.
	in_tree apt-get -q -y --no-install-recommends -o Dpkg::Use-Pty=0 \
		-o APT::AutoRemove::SuggestsImportant=false "$@"
}

# expect WHAT COMMAND…: the command succeeds.
expect() {
	what=$1
	shift
	if "$@"; then
		echo "ok: $suite: $what"
	else
		echo "FAILED: $suite: $what"
		echo "== FAILED: $what" >>"$log"
		failures=$((failures + 1))
	fi
}
succeeded() { [ "$status" -eq 0 ]; }
failed() { [ "$status" -ne 0 ]; }
says() { printf '%s\n' "$said" | grep -q -e "$1"; }
silent_on() { ! says "$1"; }
absent() { ! [ -e "$tree$1" ] && ! [ -L "$tree$1" ]; }

# A system with one kernel, as it is kept for the next run.
make_tree() {
	kept=$folder/$suite.tree.tar
	if [ -e "$kept" ]; then
		mkdir "$tree"
		tar -xf "$kept" -C "$tree"
		return
	fi
	mmdebstrap --quiet --variant=minbase --mode=root --aptopt='Apt::Install-Recommends "false"' \
		--include=linux-image-amd64,initramfs-tools,systemd,kmod \
		"$suite" "$tree" 2>>"$log" || skip "there is no tree of $suite: is the network there?"
	echo 'grub-pc grub-pc/install_devices_empty boolean true' >"$tree/root/answers"
	in_tree debconf-set-selections /root/answers
	apt update
	apt install grub-pc
	in_tree update-grub
	expect "the tree has a boot menu" succeeded
	tar -cf "$kept" --one-file-system -C "$tree" .
}

# make_machine NAME: the hardware that the tree sees.
make_machine() {
	rm -rf "$work/machine"
	mkdir "$work/machine"
	awk -v folder="$work/machine" -f "$here/unpack.awk" "$here/../machines/$1.snapshot"
}
