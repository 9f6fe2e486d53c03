/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a target is not bound: the one sentence that people come for. */
#pragma once

#include "verify/boot.h"
#include "verify/result.h"

/* Adds the failed result of target-bound, with its cause, evidence and remedy. */
void cause_add(struct boot *boot, const struct suspect *suspect);

/* ''nvme' holds it: CAUSE', with what shows who holds it. */
struct check_result *cause_result(struct boot *boot, const struct suspect *suspect,
				  const char *cause);

/* Whether the cause lies in who was loaded when; then it is added. */
bool cause_in_loading(struct boot *boot, const struct suspect *suspect);
