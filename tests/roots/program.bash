# SPDX-License-Identifier: GPL-2.0-or-later
# The program on a root of the maker's, for the tests of what becomes of one.
# shellcheck shell=bash
# shellcheck disable=SC2034 # tests use them

bats_require_minimum_version 1.5.0

setup() {
	here=$(dirname "$(readlink -f "$BATS_TEST_FILENAME")")
	program=${BUILD:-$here/../../build/dev}/src/vfio-bootcfg
	machine=$here/../machines/base-intel-61-d059.snapshot
	root=$BATS_TEST_TMPDIR/root
	config=$BATS_TEST_TMPDIR/config
	PATH=$PATH:/usr/sbin:/sbin
	prepare
}
