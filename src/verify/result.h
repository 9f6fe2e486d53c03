/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a check found: the sentence, what shows it, and what to do. */
#pragma once

#include "verify/boot.h"

/* The new result of the check that judges now; valid until the next. */
struct check_result *result_add(struct boot *boot, enum check_status status,
				const char *address, const char *message, ...)
	__attribute__((format(printf, 4, 5)));

void result_remedy(struct check_result *result, const char *remedy, ...)
	__attribute__((format(printf, 2, 3)));

/* '--rebuild' makes images and menus of the running system alone: for a plan of another
 * root no remedy names it. */
void verification_fit_root(struct verification *verification, const struct plan *plan);

/* Of a loader or a generator that nothing is written for, by its name. */
#define BY_HAND_REMEDY \
	"'%s' is not written for: do by hand what 'vfio-bootcfg generate' says of it, and reboot"

/* A file of the machine, and what stands there. */
void result_shows(struct check_result *result, const char *source, const char *text, ...)
	__attribute__((format(printf, 3, 4)));

/* A line of the log; NULL adds nothing. */
void result_shows_record(struct check_result *result, const struct boot *boot,
			 const struct log_record *record);

/* The same with a remark behind it, in brackets. */
void result_shows_remarked(struct check_result *result, const struct boot *boot,
			   const struct log_record *record, const char *remark);

/* Any failure fails; then what is unknown and decides is unknown; warnings pass. Those
 * from `first` on are weighed. */
void verification_weigh(struct verification *verification, size_t first, bool decides);
