/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What people call the functions, from pci.ids. */
#pragma once

#include "base/finding.h"
#include "facts/function.h"
#include "probe/probe.h"

/* Gives every function its description; an empty one with PROBE_NO_NAMES. */
void functions_describe(struct functions *functions, enum probe_names names,
			struct findings *findings);
