/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One boot on trial: the plan, the machine and the log, and what follows from them for
 * more than one check. Everything is borrowed from the three but the indexes. */
#pragma once

#include "base/cmdline.h"
#include "verify/verify.h"

/* A target as this boot has it. */
struct suspect {
	const struct target *target;
	const struct function *function; /* NULL: absent, or not to be seen */
	bool has_bdf;
	struct bdf bdf;
	char *address;		/* or what the configuration says instead of one */
	enum tristate is_bound; /* to the reserving driver */
	const char *driver;	/* that holds it now, or NULL */
	const struct log_record *claim;	    /* that shows `driver`, where the log does */
	const struct log_record *foreign;   /* the first claim of another driver */
	const struct log_record *failure;   /* the reserving driver's last failed probe */
	const struct log_record *groupless; /* QEMU's word that it has no IOMMU group */
	const char *first_driver; /* that held it first, or NULL: set by first-claim */
};

/* Something that has an address: a record of the log, or a suspect. */
struct place {
	struct bdf bdf;
	size_t i; /* its position among its like */
};
struct places {
	const struct place *v;
	size_t n;
};

/* A function that joined a group, as the log tells it. */
struct logged_member {
	long group;
	size_t record;
};

struct module_place {
	const char *name;
	size_t i; /* its position in the order of loading */
};

enum { GROUP_HOLDERS_NAMED = 5 };

/* Who stands in the way in one IOMMU group that has a target. */
struct group_holders {
	int group;
	size_t n;					   /* how many */
	const struct function *first[GROUP_HOLDERS_NAMED]; /* some of them, by address */
	size_t n_devices;				   /* that are no bridges */
};

struct boot {
	const struct plan *plan;
	const struct machine *machine;
	const struct kernel_log *log;
	const struct next_boot *next; /* set after boot_open(), or NULL */
	const char *other_boot; /* the same: why the machine was left out, or NULL */
	struct verification *verification;
	const char *code;	  /* of the check that judges now */
	const char *release;	  /* of the kernel, or NULL */
	const char *cmdline_text; /* or NULL */
	struct cmdline cmdline;
	const struct log_record *cmdline_record; /* the last that prints it, or NULL */
	bool is_log_whole;	  /* what it does not say of the boot was not printed */
	bool is_cmdline_cut;	  /* only as the log printed it, which may be less */
	struct suspect *suspects; /* as plan->targets */
	size_t n_suspects;
	const struct log_record *first[MESSAGE_KINDS]; /* of each kind, or NULL */
	struct place *suspects_by_bdf;		       /* those that have an address */
	size_t n_suspects_by_bdf;
	struct place *records_by_bdf; /* the same of the log, in its order */
	size_t n_records_by_bdf;
	const struct log_record **common; /* of no single function: ids, modules */
	size_t n_common;
	struct module_place *modules; /* sorted by name */
	size_t n_modules;
	struct group_holders *groups; /* sorted by group */
	size_t n_groups;
	struct logged_member *members; /* where there is no sysfs; by group, address */
	size_t n_members;
	struct strings nodes;	  /* machine->device_nodes, sorted */
	enum tristate has_driver; /* the reserving one came, as a module or built in */
	enum tristate iommu;
	const struct log_record *iommu_record; /* that decided, or NULL */
};

void boot_open(const struct plan *plan, const struct machine *machine,
	       const struct kernel_log *log, struct verification *verification,
	       struct boot *ret);
void boot_close(struct boot *boot);

/* The records of one function, in the order of the log: positions in log->v. */
struct places boot_records(const struct boot *boot, struct bdf bdf);

/* The suspect at an address, or NULL. */
const struct suspect *boot_suspect(const struct boot *boot, struct bdf bdf);

/* Whether all targets are bound, and the IOMMU is on: what is odd then does no harm. */
bool boot_is_as_planned(const struct boot *boot);

/* Whether the kernel is of that version or later; UNKNOWN where there is no release. */
enum tristate boot_kernel_is(const struct boot *boot, unsigned major, unsigned minor);

/* Position in the order of loading, or SIZE_MAX: never loaded, or built in. */
size_t boot_module_position(const struct boot *boot, const char *module);

/* Whether /dev/vfio has the node. */
bool boot_has_node(const struct boot *boot, const char *node);

/* One driver, however its name is spelt: 'vfio-pci' is the driver of 'vfio_pci'. */
bool is_same_driver(const char *a, const char *b);

/* The driver of the plan; where that is vfio-pci, also its variants (mlx5_vfio_pci). */
bool is_reserving(const struct boot *boot, const char *driver);
