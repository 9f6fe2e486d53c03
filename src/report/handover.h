/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What bind and release made of each function. */
#pragma once

#include "base/bdf.h"
#include "base/finding.h"
#include "report/report.h"

#include <stdio.h>

enum handover_result {
	HANDOVER_DONE,
	HANDOVER_UNCHANGED, /* it was so before */
	HANDOVER_PLANNED,   /* a dry run: it would be done */
	HANDOVER_RETURNED,  /* another one failed, and it is as it was */
	HANDOVER_FAILED,    /* and it is as it was */
	HANDOVER_STRANDED,  /* and it could not be returned */
};

struct handover {
	const char *name; /* of the device section. Borrowed. */
	struct bdf bdf;
	char *before, *now; /* drivers, or NULL */
	enum handover_result result;
};

struct handovers {
	const char *schema; /* 'vfio-bootcfg.bind/1' */
	struct handover *v;
	size_t n;
};

struct handover *handover_add(struct handovers *handovers, const char *name,
			      struct bdf bdf);
void handovers_free(struct handovers *handovers);

/* 'gpu  0000:29:00.0  radeon -> vfio-pci', one line a function. */
void report_handovers(FILE *out, const struct handovers *handovers, enum colour colour);
void report_handovers_json(FILE *out, const struct handovers *handovers,
			   const struct findings *findings);

#define cleanup_handovers cleanup(handovers_free)
