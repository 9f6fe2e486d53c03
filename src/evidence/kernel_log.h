/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a kernel log says about devices, IOMMUs and drivers, read from a stream in one
 * pass with flat memory: only records that the message catalogue knows are kept.
 */
#pragma once

#include "base/bdf.h"
#include "base/finding.h"
#include "base/identity.h"
#include "base/memory.h"
#include "base/tristate.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Bytes of a log; what is longer is refused. */
enum { KERNEL_LOG_MAX = 1024 * 1024 * 1024 };

/* What a kept record means. The catalogue (evidence/messages.h) has a row for each
 * wording. */
enum message_kind {
	MESSAGE_BOOT,		/* 'Linux version …': the first line of a boot */
	MESSAGE_BOOT_BORDER,	/* '-- Boot …': the journal, between two boots */
	MESSAGE_CMDLINE,	/* 'Kernel command line: …' */
	MESSAGE_TABLES,		/* what the firmware describes follows */
	MESSAGE_INITIALIZED,	/* what is built in has started */
	MESSAGE_FIRMWARE_TABLE, /* the firmware describes an IOMMU; it may yet be off */
	MESSAGE_IOMMU_ACTIVE,	/* DMA remapping is on */
	MESSAGE_IOMMU_OFF,	/* it was switched off, or could not be started */
	MESSAGE_IOMMU_ECHO,	/* 'DMAR: IOMMU enabled': looks good, proves nothing */
	MESSAGE_IOMMU_HARMLESS, /* 'AMD-Vi: Unknown option - 'on'': looks bad, is not */
	MESSAGE_XEN,		/* the hypervisor has the IOMMU; Linux does not see it */
	MESSAGE_REMAPPING_ACTIVE, /* interrupt remapping is on */
	MESSAGE_REMAPPING_OFF,
	MESSAGE_FUNCTION,      /* the PCI core found a function */
	MESSAGE_GROUP,	       /* a function joined an IOMMU group */
	MESSAGE_GROUP_REFUSED, /* it could not, or its group cannot be used */
	MESSAGE_NOIOMMU,       /* bound without any protection (vfio-noiommu) */
	MESSAGE_LIMITATION,    /* an option or a quirk that takes something away */
	MESSAGE_LOADED,	       /* a module of the vfio family came */
	MESSAGE_ID_ADDED,      /* 'vfio_pci: add […]': proof of parsing, nothing else */
	MESSAGE_ID_INVALID,    /* malformed or too many ids */
	MESSAGE_PROBING,       /* a driver's probe began, or ended without naming it */
	MESSAGE_CLAIMED,       /* the driver had the function at this time */
	MESSAGE_PROBE_FAILED,  /* the driver's probe of the function failed */
	MESSAGE_EARLY,	       /* a line of vfio-bootcfg-early that claims nothing */
	MESSAGE_DMA_FAULT,
	MESSAGE_FRAMEBUFFER, /* the firmware's picture lies in the memory of a function */
	MESSAGE_BAR_CONFLICT,
	MESSAGE_DEVICE_TROUBLE, /* reset or power-state failure */
	MESSAGE_KINDS,
};

struct message;

/* The kernel's log line holds 1 KiB, so that a longer command line is cut, before 7.0. */
enum { LOGGED_CMDLINE_MAX = 960 };

struct log_record {
	enum message_kind kind;
	const struct message
		*message; /* its row of the catalogue; NULL where the
			     claim shows only in the prefix 'driver address:' */
	unsigned line;	  /* in the file, from 1 */
	double time;	  /* seconds since boot; NAN where the format does not tell */
	bool has_bdf;
	struct bdf bdf;
	bool has_id;
	struct identity id; /* of MESSAGE_FUNCTION and MESSAGE_ID_ADDED: no subsystem */
	char *driver;	    /* that a claim, a probe or the early binder names, or NULL */
	long number;	    /* the group of MESSAGE_GROUP; or -1 */
	int error;	    /* of MESSAGE_PROBE_FAILED: 22; else 0 */
	char *text;	    /* the message without its prefix of time and facility */
};

struct kernel_log {
	char *name; /* 'kernel.log', '/dev/kmsg' */
	bool is_present;
	bool is_named; /* set by whoever reads one that the user chose, which may be of
			  any boot */
	enum tristate
		has_start; /* the first line of the boot is there: nothing was lost */
	size_t n_lines;
	char *cmdline;	      /* that the kernel printed, or NULL */
	char *release;	      /* from 'Linux version', or NULL */
	struct log_record *v; /* of the last boot in the stream, in its order */
	size_t n;
	size_t n_dropped; /* records past the limit that is kept of one kind */
};

/*
 * Reads to the end of the stream. 0, or a negative errno of a failed read: -EFBIG past
 * KERNEL_LOG_MAX. *ret is to be freed in either case.
 */
int kernel_log_read(FILE *stream, const char *name, struct kernel_log *ret);
void kernel_log_free(struct kernel_log *log);

/* The first record of that kind, or NULL. */
const struct log_record *kernel_log_first(const struct kernel_log *log,
					  enum message_kind kind);

#define cleanup_kernel_log cleanup(kernel_log_free)
