/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What bind and release share: they change the running system, and nothing else. */
#pragma once

#include "bind/loans.h"
#include "cli/session.h"
#include "report/handover.h"

/* Whether it may be changed at all: only the machine that runs, and only by who may write
 * to sysfs. */
enum status live_begin(struct session *session);

/* The loans, for this process alone; a dry run only looks at them. */
enum status live_open_loans(struct session *session, struct loans *ret);

void live_print(const struct session *session, const struct handovers *handovers);
