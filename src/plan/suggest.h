/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the administrator may have meant. */
#pragma once

#include "facts/function.h"

/* ' (did you mean …?)', or NULL where nothing is near. The caller frees it. */
char *suggest_id(const struct functions *functions,
		 const struct identity_pattern *wanted);
char *suggest_place(const struct functions *functions, const char *wanted);
