/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/dynamic_id.h"

#include <limits.h>
#include <stdio.h>

/* drivers/vfio/pci/vfio_pci.c, vfio_pci_fill_ids(), which reads with sscanf() too */
bool dynamic_id_parse(const char *text, struct dynamic_id *ret)
{
	struct dynamic_id id = { .subvendor = UINT_MAX, .subdevice = UINT_MAX };

	if (sscanf(text, "%x:%x:%x:%x:%x:%x", &id.vendor, &id.device, &id.subvendor,
		   &id.subdevice, &id.class, &id.class_mask) < 2)
		return false;
	*ret = id;
	return true;
}

static bool fits(unsigned wanted, unsigned value)
{
	return wanted == UINT_MAX || wanted == value;
}

/* drivers/pci/pci.h, pci_match_one_device() */
bool dynamic_id_takes(const struct dynamic_id *id, const struct function *function)
{
	return fits(id->vendor, function->id.vendor) &&
	       fits(id->device, function->id.device) &&
	       fits(id->subvendor, function->id.subsystem_vendor) &&
	       fits(id->subdevice, function->id.subsystem_device) &&
	       !((id->class ^ function->class) & id->class_mask);
}

bool dynamic_id_covers(const struct dynamic_id *id,
		       const struct identity_pattern *pattern)
{
	if (id->class_mask || !fits(id->vendor, pattern->id.vendor) ||
	    !fits(id->device, pattern->id.device))
		return false;
	if (!pattern->has_subsystem)
		return id->subvendor == UINT_MAX && id->subdevice == UINT_MAX;
	return fits(id->subvendor, pattern->id.subsystem_vendor) &&
	       fits(id->subdevice, pattern->id.subsystem_device);
}
