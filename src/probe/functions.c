/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/functions.h"

#include "probe/names.h"
#include "probe/topology.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* How many functions are complained about one by one. */
enum { COMPLAINTS_MAX = 20 };

struct reading {
	const struct tree *tree;
	struct machine *machine;
	struct findings *findings;
	size_t n_complaints;
};

static bool may_complain(struct reading *reading)
{
	return ++reading->n_complaints <= COMPLAINTS_MAX;
}

static void complain_bad(struct reading *reading, struct bdf bdf, const char *attribute,
			 int error)
{
	struct finding *finding;

	if (!may_complain(reading))
		return;
	finding = error == -EBADMSG
			  ? findings_add(reading->findings, SEVERITY_WARNING,
					 "bad-attribute", NULL,
					 "'%s' of %s is no number as the kernel writes "
					 "it; the function is left out",
					 attribute, bdf_text(bdf).s)
			  : findings_add(reading->findings, SEVERITY_WARNING,
					 "unreadable", NULL,
					 "'%s' of %s cannot be read (%s); the function "
					 "is left out",
					 attribute, bdf_text(bdf).s, strerror(-error));
	finding_at(finding, bdf);
}

static void complain_vanished(struct reading *reading, struct bdf bdf)
{
	if (may_complain(reading))
		finding_at(findings_add(reading->findings, SEVERITY_NOTE, "vanished",
					NULL, "%s vanished while it was read",
					bdf_text(bdf).s),
			   bdf);
}

/* The last component of the link, or NULL where there is none. */
static char *link_base(const struct tree *tree, const char *name, const char *link)
{
	cleanup_free char *target = NULL;

	if (tree_readlink(tree, &target, SYSFS_PCI_DEVICES "/%s/%s", name, link) < 0)
		return NULL;
	return xstrdup(path_base(target));
}

static char *read_path(const struct tree *tree, const char *name)
{
	cleanup_free char *target = NULL;

	if (tree_readlink(tree, &target, SYSFS_PCI_DEVICES "/%s", name) < 0 ||
	    strcmp(path_base(target), name) != 0)
		return NULL;
	return topology_path(target);
}

static char *read_override(const struct tree *tree, const char *name)
{
	char *text = NULL;

	if (tree_attribute(tree, &text, SYSFS_PCI_DEVICES "/%s/driver_override", name) <
	    0)
		return NULL;
	/* What an unset one reads like (drivers/pci/pci-sysfs.c: '%s' of a null pointer)
	 */
	if (*text && strcmp(text, "(null)") != 0)
		return text;
	free(text);
	return NULL;
}

static int read_group(struct reading *reading, const char *name, struct bdf bdf)
{
	cleanup_free char *base = link_base(reading->tree, name, "iommu_group");
	long group;

	if (!base)
		return NO_GROUP;
	if (strspn(base, "0123456789") == strlen(base) && *base && strlen(base) <= 10 &&
	    (group = strtol(base, NULL, 10)) <= INT_MAX)
		return (int)group;
	if (may_complain(reading))
		finding_at(findings_add(reading->findings, SEVERITY_WARNING,
					"bad-attribute", NULL,
					"'iommu_group' of %s leads to '%s'; expected a "
					"number",
					bdf_text(bdf).s, base),
			   bdf);
	return NO_GROUP;
}

/* Only VGA functions have the file; others are none, unless their card says so
 * (functions_outputs.c). */
static enum tristate read_boot_display(const struct tree *tree,
				       const struct function *function, const char *name)
{
	cleanup_free char *text = NULL;

	if (function->class >> 8 != 0x0300 && function->class >> 8 != 0x0001)
		return NO;
	if (tree_attribute(tree, &text, SYSFS_PCI_DEVICES "/%s/boot_vga", name) < 0)
		return UNKNOWN;
	return strcmp(text, "1") == 0 ? YES : strcmp(text, "0") == 0 ? NO : UNKNOWN;
}

/* Since 5.14; no file where it cannot be told (drivers/pci/probe.c, pci_set_removable).
 */
static bool read_removable(const struct tree *tree, const char *name)
{
	cleanup_free char *text = NULL;

	return tree_attribute(tree, &text, SYSFS_PCI_DEVICES "/%s/removable", name) ==
		       0 &&
	       strcmp(text, "removable") == 0;
}

/*
 * By class, because `config` is no text and not in a snapshot. The kernel takes no other
 * header for 0604 (drivers/pci/probe.c, pci_setup_device); the rare bridge with another
 * class shows itself by its secondary bus.
 */
static uint8_t read_header_type(const struct tree *tree, const struct function *function,
				const char *name)
{
	uint32_t class = function->class >> 8;

	if (class == 0x0604)
		return 1;
	if (class == 0x0607)
		return 2;
	if (class >> 8 != 0x06 || class == 0x0600 || class == 0x0601)
		return 0;
	return tree_exists(tree, SYSFS_PCI_DEVICES "/%s/secondary_bus_number", name);
}

static void read_attributes(struct reading *reading, const char *name,
			    struct function *function)
{
	const struct tree *tree = reading->tree;

	function->header_type = read_header_type(tree, function, name);
	function->path = read_path(tree, name);
	function->driver = link_base(tree, name, "driver");
	function->driver_override = read_override(tree, name);
	function->iommu_group = read_group(reading, name, function->bdf);
	function->is_boot_display = read_boot_display(tree, function, name);
	function->is_virtual_function =
		tree_exists(tree, SYSFS_PCI_DEVICES "/%s/physfn", name);
	function->is_removable = read_removable(tree, name);
	tree_attribute(tree, &function->reset_method,
		       SYSFS_PCI_DEVICES "/%s/reset_method", name);
	/* Only PCI Express has links (drivers/pci/pci-sysfs.c,
	 * pcie_dev_attrs_are_visible).
	 */
	function->is_express =
		tree_exists(tree, SYSFS_PCI_DEVICES "/%s/max_link_speed", name) ? YES
										: NO;
}

static void read_function(struct reading *reading, const char *name)
{
	struct functions *functions = &reading->machine->functions;
	struct function function = { 0 };
	const char *attribute = NULL;
	int r;

	if (!bdf_parse(name, &function.bdf) ||
	    strcmp(bdf_text(function.bdf).s, name) != 0) {
		if (may_complain(reading))
			findings_add(reading->findings, SEVERITY_WARNING, "bad-address",
				     NULL, "'%s' in '%s' is no address of a function",
				     name, SYSFS_PCI_DEVICES);
		return;
	}
	r = functions_read_identity(reading->tree, name, &function, &attribute);
	if (r == 0) {
		read_attributes(reading, name, &function);
		*array_add(functions->v, functions->n) = function;
	} else if (!tree_exists(reading->tree, SYSFS_PCI_DEVICES "/%s/.", name)) {
		complain_vanished(reading, function.bdf);
	} else {
		complain_bad(reading, function.bdf, attribute, r);
	}
}

static void read_all(struct reading *reading, const struct strings *names)
{
	size_t n = names->n < FUNCTIONS_MAX ? names->n : FUNCTIONS_MAX;

	for (size_t i = 0; i < n; i++)
		read_function(reading, names->v[i]);
	if (n < names->n)
		findings_add(reading->findings, SEVERITY_ERROR, "too-many-functions",
			     NULL, "%zu functions are more than the %d that are read",
			     names->n, FUNCTIONS_MAX);
	if (reading->n_complaints > COMPLAINTS_MAX)
		findings_add(reading->findings, SEVERITY_WARNING, "bad-attribute", NULL,
			     "%zu more functions are not as expected",
			     reading->n_complaints - COMPLAINTS_MAX);
}

/* Older snapshots do not have that file of any function. */
static void forget_unseen_links(struct functions *functions)
{
	for (size_t i = 0; i < functions->n; i++)
		if (functions->v[i].is_express == YES)
			return;
	for (size_t i = 0; i < functions->n; i++)
		functions->v[i].is_express = UNKNOWN;
}

void functions_read(const struct tree *tree, enum probe_names names,
		    struct machine *machine, struct findings *findings)
{
	struct reading reading = { tree, machine, findings, 0 };
	cleanup_strings struct strings entries = { 0 };
	int r = tree_list(tree, &entries, SYSFS_PCI_DEVICES);

	machine->has_functions = r == 0;
	if (r < 0 && r != -ENOENT && r != -ENOTDIR)
		findings_add(findings, SEVERITY_WARNING, "unreadable", NULL,
			     "'%s' cannot be read: %s", SYSFS_PCI_DEVICES, strerror(-r));
	read_all(&reading, &entries);
	forget_unseen_links(&machine->functions);
	functions_index(&machine->functions);
	functions_read_modules(tree, machine);
	functions_read_outputs(tree, &machine->functions);
	functions_describe(&machine->functions, names, findings);
}
