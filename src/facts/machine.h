/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hardware and the boot that runs on it, as read from sysfs and procfs. */
#pragma once

#include "base/memory.h"
#include "base/tristate.h"
#include "facts/function.h"

enum iommu_kind { IOMMU_NONE, IOMMU_INTEL, IOMMU_AMD, IOMMU_OTHER };

struct iommu {
	enum tristate active;	   /* DMA remapping: /sys/class/iommu has an entry */
	enum tristate in_firmware; /* an ACPI table DMAR, IVRS, IORT or VIOT */
	enum iommu_kind kind;	   /* by those two */
	char *evidence;		   /* 'sys/class/iommu/dmar0', or NULL */
};

enum cpu_vendor { CPU_UNKNOWN, CPU_INTEL, CPU_AMD, CPU_OTHER };

/* Loaded modules, in the order in which they were loaded. */
struct loaded_modules {
	enum tristate known;
	struct strings names; /* with underscores */
};

struct machine {
	char *name; /* 'this machine', or the snapshot's */
	/* Whether PCI functions could be read at all: a bare log and an image build have
	 * none. */
	bool has_functions;
	/* Whether sysfs was there: an lspci dump has functions but no drivers, groups or
	 * uses. */
	bool has_sysfs;
	/* Whether it only stands in for the machine that will boot, which nobody could
	 * look at: the machine that builds an image. */
	bool is_stand_in;
	struct functions functions;
	/* The command that names the disks of '/', where nobody could tell and '/' is
	 * among the uses of every disk; else NULL. */
	char *root_guess;
	struct iommu iommu;
	enum cpu_vendor cpu;
	enum tristate interrupt_remapping;
	enum tristate unsafe_interrupts; /* vfio_iommu_type1 allow_unsafe_interrupts */
	char *release;			 /* of the kernel that runs, or NULL */
	char *cmdline;			 /* of this boot without the newline, or NULL */
	struct loaded_modules modules;
	enum tristate has_device_nodes; /* whether /dev/vfio could be listed */
	struct strings device_nodes;	/* '/dev/vfio/16' */
};

void machine_free(struct machine *machine);

#define cleanup_machine cleanup(machine_free)
