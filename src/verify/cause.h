/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a target is not bound: the one sentence that people come for. */
#pragma once

#include "verify/result.h"

/* Adds the failed result of target-bound, with evidence and remedy. */
void cause_add(struct boot *boot, const struct suspect *suspect);
