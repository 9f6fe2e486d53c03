/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which part of a configuration the operands of a command mean. */
#pragma once

#include "facts/record.h"
#include "plan/plan.h"

/*
 * Leaves in *config what the operands name: device sections by NAME (whose case does not
 * matter), functions by ADDRESS. An address that a section reserves is taken with what
 * that section says; any other becomes the section 'command-line'. Without operands
 * nothing changes. An operand that is neither is an error.
 */
void select_devices(struct config *config, const struct strings *operands,
		    const struct machine *machine, const struct record *record,
		    struct findings *findings);

/* Whether it is that section 'command-line', which stands in no configuration. */
bool rule_is_of_operands(const struct device_rule *rule);
