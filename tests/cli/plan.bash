# SPDX-License-Identifier: GPL-2.0-or-later
# Plans of the program as it is installed, for the tests of what it refuses and decides.
# shellcheck shell=bash
# shellcheck disable=SC2154 # bats sets them, and tests

setup() {
	machines=$SOURCE/tests/machines
	machine=$machines/workstation-refusals.snapshot
	config=$BATS_TEST_TMPDIR/config
	use_root debian13-two-kernels
}

use_root() {
	root=$BATS_TEST_TMPDIR/$1
	cp -a "$BATS_FILE_TMPDIR/$1" "$root"
}

# put FILE LINE…: a file of the root
put() {
	mkdir -p "$root/$(dirname "$1")"
	file=$root/$1
	shift
	printf '%s\n' "$@" >"$file"
}

# device [LINE…]: one section, of which the first line is 'address = $1'
device() {
	printf '[device it]\naddress = %s\n' "$1" >"$config"
	shift
	[ $# -eq 0 ] || printf '%s\n' "$@" >>"$config"
}

# plan STATUS: what generate finds, as 'severity code where address', and why it claims
plan() {
	wanted=$1 status=0
	json=$("$BUILD/src/vfio-bootcfg" generate --dry-run --json --root "$root" \
		--snapshot "$machine" -c "$config" 2>"$BATS_TEST_TMPDIR/err") || status=$?
	cat "$BATS_TEST_TMPDIR/err"
	[ "$status" -eq "$wanted" ]
}

findings() {
	jq -r '.findings[] | "\(.severity) \(.code) \(.where // "-") \(.address // "-")"' \
		<<<"$json" | sed "s#$config#config#"
}

# claims: 'address claim', one a line
claims() {
	jq -r '.targets[] | "\(.address) \(.claim)"' <<<"$json"
}

cmdline() {
	jq -r '.cmdline | join(" ")' <<<"$json"
}

# Dumps of machines of strangers, where the folder that holds them is there.
use_dump() {
	folder=${VFIO_BOOTCFG_CORPUS:-$SOURCE/../shared/corpus}/topology
	[ -d "$folder" ] || skip "there is no '$folder' (VFIO_BOOTCFG_CORPUS)"
	machine=$folder/$1
}
