/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/names.h"

#include "base/memory.h"
#include "probe/libpci.h"

static void describe_all(struct functions *functions, struct findings *findings)
{
	cleanup_libpci struct pci_access *access = libpci_new();
	const char *error = NULL;
	bool is_usable = true;

	for (size_t i = 0; i < functions->n; i++) {
		struct function *function = &functions->v[i];
		char name[1024];

		is_usable = is_usable &&
			    libpci_lookup(access, name, sizeof name, function->id.vendor,
					  function->id.device, &error);
		function->description =
			is_usable ? xstrdup(name)
				  : xasprintf("Device %s",
					      identity_device_text(function->id).s);
	}
	if (!is_usable)
		findings_add(findings, SEVERITY_NOTE, "no-names", NULL,
			     "the names of devices cannot be read: %s", error);
}

void functions_describe(struct functions *functions, enum probe_names names,
			struct findings *findings)
{
	if (names == PROBE_NAMES && functions->n) {
		describe_all(functions, findings);
		return;
	}
	for (size_t i = 0; i < functions->n; i++)
		functions->v[i].description = xstrdup("");
}
