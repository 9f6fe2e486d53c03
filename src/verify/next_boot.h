/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Plan against what the next boot will meet: will every installed kernel reserve as
 * planned, and if not, which link of the chain is broken? Each check is one row of a
 * table; what cannot be seen is unknown, and unknown is never a pass.
 */
#pragma once

#include "evidence/next_boot.h"
#include "verify/verify.h"

/* Whose menu boots this plan, MENU_NONE where the plan does not tell. */
enum menu_kind next_boot_loader(const struct plan *plan);

/*
 * The kernels that are judged are those of *next. `running_cmdline` is the command line
 * of the boot that runs on this root, or NULL: without a file that says otherwise it
 * becomes that of the kernels to come.
 */
void verify_next_boot(const struct plan *plan, const struct next_boot *next,
		      const char *running_cmdline, struct verification *ret);

/* The checks, for the manual page. */
extern const struct check_description next_boot_checks[];
extern const size_t next_boot_n_checks;
