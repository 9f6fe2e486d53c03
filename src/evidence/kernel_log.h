/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a kernel log says about devices, IOMMUs and drivers, read from a stream in one
 * pass with flat memory: only records that the message catalogue knows are kept.
 */
#pragma once

#include "base/bdf.h"
#include "base/finding.h"
#include "base/memory.h"
#include "base/tristate.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* What a kept record means. The catalogue (evidence/messages.h) has a row for each
 * wording. */
enum message_kind {
	MESSAGE_BOOT,		  /* 'Linux version …': the first line of a boot */
	MESSAGE_CMDLINE,	  /* 'Kernel command line: …' */
	MESSAGE_IOMMU_ACTIVE,	  /* DMA remapping is on */
	MESSAGE_IOMMU_OFF,	  /* it was switched off, or could not be started */
	MESSAGE_IOMMU_HARMLESS,	  /* 'AMD-Vi: Unknown option - 'on'': looks bad, is not */
	MESSAGE_REMAPPING_ACTIVE, /* interrupt remapping is on */
	MESSAGE_REMAPPING_OFF,
	MESSAGE_GROUP,	      /* a function joined an IOMMU group */
	MESSAGE_ID_ADDED,     /* 'vfio_pci: add […]': proof of parsing, nothing else */
	MESSAGE_ID_INVALID,   /* malformed or too many ids */
	MESSAGE_CLAIMED,      /* the driver had the function at this time */
	MESSAGE_PROBE_FAILED, /* the driver's probe of the function failed */
	MESSAGE_EARLY,	      /* a line of vfio-bootcfg-early */
	MESSAGE_DMA_FAULT,
	MESSAGE_BAR_CONFLICT,
	MESSAGE_DEVICE_TROUBLE, /* reset or power-state failure */
	MESSAGE_KINDS,
};

struct log_record {
	enum message_kind kind;
	unsigned line; /* in the file, from 1 */
	double time;   /* seconds since boot; NAN where the format does not tell */
	bool has_bdf;
	struct bdf bdf;
	char *driver; /* that MESSAGE_CLAIMED or MESSAGE_PROBE_FAILED names, or NULL */
	int error;    /* of MESSAGE_PROBE_FAILED: 22; else 0 */
	char *text;   /* the message without its prefix of time and facility */
};

struct kernel_log {
	char *name; /* 'kernel.log', '/dev/kmsg' */
	bool is_present;
	enum tristate
		has_start; /* the first line of the boot is there: nothing was lost */
	size_t n_lines;
	char *cmdline;	      /* that the kernel printed, or NULL */
	char *release;	      /* from 'Linux version', or NULL */
	struct log_record *v; /* of the last boot in the stream, in its order */
	size_t n;
	size_t n_dropped; /* records past the limit that is kept of one kind */
};

/* Reads to the end of the stream. 0, or a negative errno of a failed read. */
int kernel_log_read(FILE *stream, const char *name, struct kernel_log *ret);
void kernel_log_free(struct kernel_log *log);

/* The first record of that kind, or NULL. */
const struct log_record *kernel_log_first(const struct kernel_log *log,
					  enum message_kind kind);

#define cleanup_kernel_log cleanup(kernel_log_free)
