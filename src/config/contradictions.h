/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What cannot be meant: a device that is described twice, a function that two ask for. */
#pragma once

#include "config/config.h"
#include "config/faults.h"

void contradictions_find(const struct config *config, struct faults *faults);
