/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What has the id of a target and is none, or is one of another section. */
#pragma once

#include "plan/plan.h"

void find_twins(const struct machine *machine, struct plan *plan);
