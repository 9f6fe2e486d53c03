/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/libpci.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static _Thread_local jmp_buf escape;
static _Thread_local bool has_escape; /* while one of the functions below runs */
static _Thread_local char reason[256];

__attribute__((noreturn, format(printf, 1, 2))) static void on_error(char *message, ...)
{
	va_list arguments;

	va_start(arguments, message);
	vsnprintf(reason, sizeof reason, message, arguments);
	va_end(arguments);
	/* Elsewhere only memory can have run out, which aborts here as everywhere. */
	if (!has_escape)
		abort();
	has_escape = false;
	longjmp(escape, 1);
}

__attribute__((format(printf, 1, 2))) static void be_quiet(char *message, ...)
{
	(void)message;
}

struct pci_access *libpci_new(void)
{
	struct pci_access *access = pci_alloc();

	access->error = on_error;
	access->warning = be_quiet;
	access->debug = be_quiet;
	/* Not what somebody once looked up in the network and keeps in ~/.pciids-cache */
	access->id_lookup_mode = 0;
	return access;
}

void libpci_free(struct pci_access **access)
{
	if (*access)
		pci_cleanup(*access);
}

bool libpci_open_dump(struct pci_access *access, const char *path, const char **ret_error)
{
	/* Neither is changed, whatever their types say. */
	static char parameter[] = "dump.name";

	*ret_error = reason;
	if (setjmp(escape))
		return false;
	has_escape = true;
	access->method = PCI_ACCESS_DUMP;
	pci_set_param(access, parameter, (char *)(uintptr_t)path);
	pci_init(access);
	has_escape = false;
	return true;
}

bool libpci_lookup(struct pci_access *access, char *ret, size_t size, uint16_t vendor,
		   uint16_t device, const char **ret_error)
{
	/* No udev database: the same names on every machine that has the same pci.ids. */
	const int flags = PCI_LOOKUP_VENDOR | PCI_LOOKUP_DEVICE | PCI_LOOKUP_NO_HWDB;

	*ret_error = reason;
	if (setjmp(escape))
		return false;
	has_escape = true;
	pci_lookup_name(access, ret, (int)size, flags, vendor, device);
	has_escape = false;
	return true;
}
