#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by dracut, when udev has seen all devices.
udevadm settle
/usr/lib/boot-test/collect
