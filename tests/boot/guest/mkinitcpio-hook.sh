#!/usr/bin/ash
# SPDX-License-Identifier: GPL-2.0-or-later
# After the hook 'udev', which settles.

run_hook() {
	exec /usr/lib/boot-test/collect
}
