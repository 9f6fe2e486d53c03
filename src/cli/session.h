/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the verbs share: everything that is read before anything is decided. */
#pragma once

#include "artifact/artifact.h"
#include "cli/hardware.h"
#include "cli/options.h"
#include "facts/record.h"
#include "facts/usage.h"
#include "plan/plan.h"
#include "sys/root.h"
#include "verify/verify.h"

struct session {
	const struct options *options;
	struct root root;
	int lock; /* on the root, or -1 */
	struct hardware hardware;
	struct config config;
	struct machine machine;
	struct record record;
	struct system system;
	struct usage usage; /* of a command that acts now */
	struct plan plan;
	struct findings findings; /* printed when the session closes */
	struct findings
		refusals; /* of the plan: what generate acts on and verify does not */
	struct strings sources; /* names of the configuration files that were read */
};

/* Each step returns a status; the next one is taken only after STATUS_DONE. */
enum status session_open(const struct options *options, struct session *ret);
enum config_need { CONFIG_NEEDED, CONFIG_OPTIONAL };
enum status session_read_config(struct session *session, enum config_need need);
/* Whether a configuration is in the root, be it right or wrong. */
bool session_has_config(const struct session *session);
enum status session_read_machine(struct session *session, enum probe_names names);
enum status session_read_system(struct session *session);
enum status session_read_record(struct session *session);

/* All of the above, and the plan. */
enum status session_plan(struct session *session, enum probe_names names);

/*
 * All of the above but the plan, for a command that acts on what runs now: the
 * configuration is what `operands` leave of it, and session->usage is there. Addresses
 * need no configuration.
 */
enum status session_read_now(struct session *session, const struct strings *operands);

/* The exit status of a command that judges. */
enum status status_of(enum verdict verdict);

/* Prints the findings to standard error, quietly errors and warnings alone, and frees
 * them. */
void session_report(struct session *session);
void session_close(struct session *session);

#define cleanup_session cleanup(session_close)
