/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/machine.h"

#include <stdlib.h>

void machine_free(struct machine *machine)
{
	functions_free(&machine->functions);
	free(machine->name);
	free(machine->root_guess);
	free(machine->iommu.evidence);
	free(machine->release);
	free(machine->cmdline);
	strings_free(&machine->modules.names);
	strings_free(&machine->device_nodes);
	*machine = (struct machine){ 0 };
}
