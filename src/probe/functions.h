/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The PCI functions that sysfs names, each with what its own files say. libpci is not
 * asked: its sysfs back end reads this process's file system, follows links out of a
 * captured tree, and takes one missing file for the end of the program.
 */
#pragma once

#include "base/finding.h"
#include "facts/machine.h"
#include "probe/probe.h"
#include "sys/tree.h"

#define SYSFS_PCI_DEVICES "sys/bus/pci/devices"

/* Fills machine->functions, sorted and indexed, and has_functions; machine->modules must
 * be there already. */
void functions_read(const struct tree *tree, enum probe_names names,
		    struct machine *machine, struct findings *findings);

/* driver_module or builtin_module of each, by the link of its driver. */
void functions_read_modules(const struct tree *tree, struct machine *machine);

/* has_connected_output of the displays, by the connectors of DRM. */
void functions_read_outputs(const struct tree *tree, struct functions *functions);

/*
 * A sysfs number, '0x' and exactly `digits` hexadecimal digits as the kernel prints it.
 * 0; -EBADMSG where the file holds anything else; or why it could not be read.
 */
int functions_read_hex(const struct tree *tree, const char *name, const char *attribute,
		       size_t digits, uint32_t *ret);

/* vendor:device, subsystem and class of the function of that name in sysfs. On failure
 * *ret_attribute is the file that is to blame. */
int functions_read_identity(const struct tree *tree, const char *name,
			    struct function *function, const char **ret_attribute);
