/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Plan against evidence: did this boot bind as planned, and if not, why? Each check is
 * one row of a table. sysfs decides, the log explains; what cannot be seen is unknown,
 * and unknown is never a pass.
 */
#pragma once

#include "base/bdf.h"
#include "base/memory.h"
#include "evidence/kernel_log.h"
#include "facts/machine.h"
#include "plan/plan.h"

enum check_status { CHECK_PASS, CHECK_WARN, CHECK_FAIL, CHECK_UNKNOWN };
enum verdict { VERDICT_PASS, VERDICT_FAIL, VERDICT_UNKNOWN };

const char *check_status_name(enum check_status status);
const char *verdict_name(enum verdict verdict);

struct check_evidence {
	char *source;  /* 'kernel.log', 'sys/bus/pci/devices/0000:29:00.0/driver' */
	unsigned line; /* or 0 */
	char *text;
};

struct check_result {
	const char *code; /* static: 'target-bound' */
	enum check_status status;
	char *address; /* or NULL */
	char *kernel; /* the release of the one that it is about, or NULL: see next_boot.h
		       */
	char *message;
	struct check_evidence *evidence;
	size_t n_evidence;
	char *remedy; /* or NULL */
};

struct timeline_event {
	double time;  /* seconds since boot, or NAN */
	char *driver; /* or NULL */
	char *text;
	unsigned line; /* of the log, or 0 */
};

struct target_story {
	char *address;
	char *driver;	    /* that holds it now, or NULL */
	char *first_driver; /* that held it first in this boot, or NULL where unknown */
	struct timeline_event *timeline;
	size_t n_timeline;
	bool is_seen; /* sysfs shows who holds it; a log tells only who spoke last */
};

/* What a verification answers. */
enum question {
	QUESTION_BOOT,	    /* did this boot go as planned? */
	QUESTION_NEXT_BOOT, /* will the next one? Each check may be of another kernel. */
	QUESTION_START,	    /* will a machine with the targets start? */
};

struct verification {
	const char *schema; /* 'vfio-bootcfg.verify/1' or 'vfio-bootcfg.check/1' */
	enum verdict verdict;
	char *kernel;		     /* release, or NULL */
	struct check_result *checks; /* in the order of the table, then by address */
	size_t n_checks;
	struct target_story *targets;
	size_t n_targets;
	enum question question;
};

struct next_boot;

/*
 * `plan` is what the configuration asks for, resolved on this machine; targets whose
 * `function` is NULL are absent. `machine` may have no sysfs (a bare log): then the log
 * is judged alone, and the result says so; so is one that was named and is of another
 * boot than the machine shows. `log` may be absent (is_present false).
 * `next` is the boot chain of the root that booted, as it stands now; NULL where nobody
 * looked, and then causes that lie there stay unnamed.
 */
void verify_boot(const struct plan *plan, const struct machine *machine,
		 const struct kernel_log *log, const struct next_boot *next,
		 struct verification *ret);
/* Whether any check did not pass. */
bool verification_needs_attention(const struct verification *verification);
void verification_free(struct verification *verification);

/* The checks, for the manual page: one row a check. */
struct check_description {
	const char *code;
	const char *help; /* what it looks at and how it decides */
};
extern const struct check_description verify_checks[];
extern const size_t verify_n_checks;

#define cleanup_verification cleanup(verification_free)
