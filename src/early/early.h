/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The early binder: what `vfio_bootcfg.devices=` on the kernel command line names is
 * given to the reserving driver, before udev loads any other.
 */
#pragma once

/*
 * Does it all, with a line in the kernel log for each function. `root` is "", or what
 * stands before proc/, sys/, dev/ and sbin/. It ends within 30 seconds, and 20 ms more
 * for each write that hangs after that.
 */
void early_run(const char *root);
