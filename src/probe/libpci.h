/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libpci without its habit of ending the program: its error handler must not return, so
 * ours jumps out of it, in this file alone, and the functions below fail instead.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pci/pci.h>

/* A library that reads nothing until it is asked. Never NULL. */
struct pci_access *libpci_new(void);
void libpci_free(struct pci_access **access);

/* Reads the dump at `path` into access->devices; on failure *ret_error says why, until
 * the next call. */
bool libpci_open_dump(struct pci_access *access, const char *path,
		      const char **ret_error);

/* 'NVIDIA Corporation GA104 [GeForce RTX 3070]'; false where pci.ids is damaged. */
bool libpci_lookup(struct pci_access *access, char *ret, size_t size, uint16_t vendor,
		   uint16_t device, const char **ret_error);

#define cleanup_libpci cleanup(libpci_free)
