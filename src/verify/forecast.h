/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The next boot on trial, and what its checks share. Everything is borrowed but the
 * indexes. Private to the checks of next_boot.c. */
#pragma once

#include "base/cmdline.h"
#include "verify/next_boot.h"

struct forecast {
	const struct plan *plan;
	const struct next_boot *next;
	const char *running_cmdline; /* or NULL */
	struct cmdline wanted;	     /* the tokens of the plan */
	struct verification *verification;
	const char *code; /* of the check that judges now */
};

/* One kernel and what it is given. */
struct subject {
	const struct boot_kernel *boot;
	const struct plan_kernel *plan;
	const struct boot_image *image;
	const struct boot_entry *entry; /* that boots it, or NULL */
	const char *release;
};

/* The new result of the check that judges now; valid until the next. `subject` is NULL
 * for what concerns no single kernel. */
struct check_result *forecast_add(struct forecast *forecast,
				  const struct subject *subject, enum check_status status,
				  const char *message, ...)
	__attribute__((format(printf, 4, 5)));

/* What is wrong with a file that should be a unified image, as 'is empty'; NULL where it
 * is none, or cannot be read for another reason. */
const char *unified_fault(const char *path, int error);

/* Whether there is an image that can be looked into. */
bool subject_has_image(const struct subject *subject);

/* What it means that something is not in the image: nothing is known of the rest of one
 * that could not be read to its end. */
enum check_status subject_lack(const struct subject *subject);

/* 'IMAGE LACK', with the command that makes it anew. */
struct check_result *forecast_add_lack(struct forecast *forecast,
				       const struct subject *subject, const char *lack);

/* "run 'COMMAND'", in the root that is looked at. The caller frees it. */
char *forecast_run(const struct forecast *forecast, const char *command);

/* The command that makes the image anew. The caller frees it. */
char *subject_rebuild(const struct forecast *forecast, const struct subject *subject);

/*
 * What helps where ostree deploys the root, which only a new deployment changes, and what
 * it has in /boot with it: `by_rpm_ostree`, or the build of the image. Else NULL.
 */
const char *forecast_deployed(const struct forecast *forecast, const char *by_rpm_ostree);

/* The plan's file at that path, or NULL. */
const struct planned_file *forecast_file(const struct forecast *forecast,
					 const char *path);

/* Whether the softdeps of the image load the driver before that module; the file that
 * has the line which counts, or NULL, in *ret_where. */
bool softdep_holds(const struct forecast *forecast, const struct subject *subject,
		   const char *module, const char **ret_where);

/* The modules of this kernel that would take a target and are in its image. */
void list_rivals(const struct forecast *forecast, const struct subject *subject,
		 struct strings *ret);

/* The value of NAME="VALUE" in what init of mkinitcpio reads. The caller frees it. */
char *mkinitcpio_value(const struct image *image, const char *name);

/* Why a script of init-top does not run before udev, 'lacks …', or NULL. The caller frees
 * it. */
char *init_top_fault(const struct subject *subject, const char *script);

/* Checks of everything, and of one kernel. */
void forecast_files(struct forecast *forecast);
void forecast_entry(struct forecast *forecast);
void forecast_default(struct forecast *forecast);
void forecast_kernel_driver(struct forecast *forecast, const struct subject *subject);
void forecast_image(struct forecast *forecast, const struct subject *subject);
void forecast_image_age(struct forecast *forecast, const struct subject *subject);
void forecast_image_driver(struct forecast *forecast, const struct subject *subject);
void forecast_load_order(struct forecast *forecast, const struct subject *subject);
void forecast_softdeps(struct forecast *forecast, const struct subject *subject);
void forecast_options(struct forecast *forecast, const struct subject *subject);
void forecast_early(struct forecast *forecast, const struct subject *subject);
void forecast_kernel_entry(struct forecast *forecast, const struct subject *subject);
void forecast_builtin(struct forecast *forecast, const struct subject *subject);
