/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What happened to one target in this boot, in its order. */
#pragma once

#include "verify/boot.h"

void story_tell(const struct boot *boot, const struct suspect *suspect,
		struct target_story *ret);
