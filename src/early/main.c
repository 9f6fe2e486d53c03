/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vfio-bootcfg-early [ROOT]: runs in the initramfs, without an argument; tests give it
 * the folder that holds their proc/, sys/, dev/ and sbin/. */
#include "early/early.h"

/* Never a failure: whatever went wrong is in the kernel log, and the boot goes on. */
int main(int argc, char **argv)
{
	early_run(argc > 1 ? argv[1] : "");
	return 0;
}
