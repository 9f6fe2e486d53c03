/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What could leave the machine without a screen, a disk or a network, or the guest
 * without its device: refused unless the section allows it by code, or warned of. */
#pragma once

#include "facts/usage.h"
#include "plan/plan.h"

/* Once the rest of the plan is there; `record` may be NULL. */
void refuse_unsafe(const struct machine *machine, const struct record *record,
		   const struct plan *plan, struct findings *findings);

/* The same for the running system, and what is in use there at this moment. */
void refuse_now(const struct machine *machine, const struct record *record,
		const struct plan *plan, const struct usage *usage,
		struct findings *findings);

/* The driver would wait for the machine to end (drivers/vfio/vfio_main.c,
 * vfio_unregister_group_dev), and nothing else could be asked of the device till then. */
void refuse_running_machines(const struct plan *plan, const struct usage *usage,
			     struct findings *findings);
