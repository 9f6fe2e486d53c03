/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a command line does to the tokens of the plan. */
#pragma once

#include "verify/forecast.h"

struct loss {
	struct strings missing;	   /* 'a' */
	struct strings overridden; /* 'a' by 'b' */
	bool is_off;		   /* it says that nothing is to be reserved */
	bool is_harmless;	   /* what is missing means nothing to the kernel */
};

/* `subject` is whose image may have what the line lacks, or NULL. */
void loss_judge(const struct forecast *forecast, const struct subject *subject,
		const char *cmdline, struct loss *ret);
bool loss_is_any(const struct loss *loss);
enum check_status loss_status(const struct loss *loss);

/* 'lacks 'a', 'b'', as the end of a sentence. The caller frees it. */
char *loss_text(const struct loss *loss);
void loss_free(struct loss *loss);

#define cleanup_loss cleanup(loss_free)
