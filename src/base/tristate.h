/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was seen, what was seen not to be, and what could not be looked at. */
#pragma once

enum tristate { UNKNOWN, NO, YES };
