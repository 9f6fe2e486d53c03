/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A function named by the way to it, which stays when bus numbers move. */
#pragma once

/*
 * Reads all of `text` as the kernel's pci= options do (drivers/pci/pci.c,
 * pci_dev_str_match_path()): [DOMAIN:]BUS:DEVICE.FUNCTION[/DEVICE.FUNCTION]...
 * Returns its canonical form, '0000:00:03.1/00.0', which the caller frees; NULL where it
 * is anything else.
 */
char *path_canonical(const char *text);
