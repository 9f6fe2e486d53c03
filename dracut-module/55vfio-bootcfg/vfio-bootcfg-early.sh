#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Before udev: what it finds at coldplug gets its own driver at once. dracut sources this
# file, so it must not exit.
if [ -x /usr/lib/vfio-bootcfg/vfio-bootcfg-early ]; then
	/usr/lib/vfio-bootcfg/vfio-bootcfg-early || :
fi
