/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One source on its way into the configuration. */
#pragma once

#include "config/config.h"
#include "config/faults.h"

#define SECTION_GENERAL "vfio-bootcfg"
#define SECTION_DEVICE	"device"

void source_read(const struct config_source *source, struct config *config,
		 struct faults *faults);
void device_rule_free(struct device_rule *device);
