# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Sourced by the others, which set $here to the folder tests/boot.
# shellcheck disable=SC2034 # for them

LC_ALL=C
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL PATH

# shellcheck disable=SC2154 # $here
checkout=$(readlink -f "${VFIO_BOOTCFG_BOOT_SOURCE:-$here/../..}")
cache=${VFIO_BOOTCFG_BOOT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vfio-bootcfg-boot}

fail() {
	printf 'tests/boot: %s\n' "$*" >&2
	exit 1
}

# What is missing here is no fault of the program: nothing fails for it.
skip() {
	printf '%s\n' "$*"
	exit 77
}

# need PROGRAM PACKAGE
need() {
	command -v "$1" >/dev/null ||
		skip "'$1' is not installed: on Debian, 'apt-get install $2' brings it"
}

# The rows of a table: without comments, and one blank on either side of each '|'.
rows() {
	sed -e 's/[ 	]*#.*//' -e '/^$/d' -e 's/[ 	]*|[ 	]*/ | /g' -e 's/  */ /g' "$1"
}

# field TABLE NAME NUMBER: of the row whose first field is NAME.
field() {
	rows "$1" | awk -F ' [|] ' -v name="$2" -v n="$3" \
		'$1 == name { print $n; found = 1 } END { exit !found }' ||
		fail "'$2' has no row in $1"
}

# The suite whose libraries a tree has.
suite_of() {
	suites=$(field "$here/trees" "$1" 2) && echo "${suites%% *}"
}

# in_tree FOLDER COMMAND…: as root of that folder, with /proc and /dev but without /sys,
# where dracut would see this machine. All that is mounted goes away with the command.
in_tree() {
	# shellcheck disable=SC2016 # the inner shell expands
	unshare --mount --propagation private -- sh -euc '
		tree=$1
		shift
		mount -t proc proc "$tree/proc"
		mount --bind /dev "$tree/dev"
		exec chroot "$tree" env -i LC_ALL=C TMPDIR=/tmp \
			PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
	' sh "$@"
}

# program_of SUITE: where the program of this checkout, built on that suite, is kept.
program_of() {
	echo "$cache/program/$1-$(printf %s "$checkout" | cksum | cut -d ' ' -f 1)"
}

# mount_overlay TREE FOLDER: the tree and the program at FOLDER/root, to be written to.
mount_overlay() {
	suite=$(suite_of "$1")
	mkdir -p "$2/root" "$2/upper" "$2/work"
	mount -t overlay overlay -o \
		"lowerdir=$(program_of "$suite")/root:$cache/trees/$1,upperdir=$2/upper,workdir=$2/work" \
		"$2/root" || fail "cannot mount an overlay on $2: is it on a file system that can hold one?"
}
