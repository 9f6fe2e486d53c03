/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/machine_boot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The first line that begins with `key`, blanks and a colon: what follows; or NULL. */
static char *value_of(const char *text, const char *key)
{
	size_t n = strlen(key);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		const char *at = line += *line == '\n';

		if (strncmp(at, key, n) != 0)
			continue;
		at += n + strspn(at + n, " \t");
		if (*at == ':')
			return xstrndup(at + 1, strcspn(at + 1, "\n"));
	}
	return NULL;
}

/* Hygon's processors have AMD's IOMMU (arch/x86/kernel/cpu/hygon.c). */
static const struct {
	const char *id;
	enum cpu_vendor vendor;
} cpu_vendors[] = {
	{ " GenuineIntel", CPU_INTEL },
	{ " AuthenticAMD", CPU_AMD },
	{ " HygonGenuine", CPU_AMD },
};

static enum cpu_vendor read_cpu(const struct tree *tree)
{
	char first[TREE_ATTRIBUTE_MAX];
	cleanup_free char *id = NULL;
	cleanup_file FILE *file = NULL;
	size_t n;

	/* One block a processor, all alike: the first is enough, and there may be
	 * thousands. */
	if (tree_stream(tree, &file, "proc/cpuinfo") < 0)
		return CPU_UNKNOWN;
	n = fread(first, 1, sizeof first - 1, file);
	first[n] = '\0';
	id = value_of(first, "vendor_id");
	if (!id)
		return *first ? CPU_OTHER : CPU_UNKNOWN;
	for (size_t i = 0; i < sizeof cpu_vendors / sizeof *cpu_vendors; i++)
		if (strcmp(id, cpu_vendors[i].id) == 0)
			return cpu_vendors[i].vendor;
	return CPU_OTHER;
}

static bool has_word(const char *line, const char *prefix)
{
	size_t n = strlen(prefix);

	for (; *line; line += strcspn(line, " \t\n")) {
		line += strspn(line, " \t\n");
		if (strncmp(line, prefix, n) == 0)
			return true;
	}
	return false;
}

/*
 * The names of the interrupt chips: with remapping they begin with IR-
 * (drivers/iommu/{intel/irq_remapping,amd/iommu}.c). Some stay as they are even then, the
 * IOMMU's own; but an IO-APIC that is not remapped shows that nothing is.
 */
static enum tristate read_interrupt_remapping(const struct tree *tree)
{
	enum tristate remaps = UNKNOWN;
	cleanup_free char *line = NULL;
	cleanup_file FILE *file = NULL;
	size_t room = 0;

	if (tree_stream(tree, &file, "proc/interrupts") < 0)
		return UNKNOWN;
	while (getline(&line, &room, file) > 0) {
		if (has_word(line, "IR-IO-APIC") || has_word(line, "IR-PCI-MSI"))
			return YES;
		if (has_word(line, "IO-APIC"))
			remaps = NO;
	}
	return remaps;
}

static enum tristate read_flag(const struct tree *tree, const char *path)
{
	cleanup_free char *text = NULL;

	if (tree_attribute(tree, &text, "%s", path) < 0)
		return UNKNOWN;
	return strcmp(text, "Y") == 0 ? YES : strcmp(text, "N") == 0 ? NO : UNKNOWN;
}

static char *read_release(const struct tree *tree)
{
	static const char prefix[] = "Linux version ";
	cleanup_free char *version = NULL;
	char *release = NULL;

	if (tree_attribute(tree, &release, "proc/sys/kernel/osrelease") == 0)
		return release;
	if (tree_attribute(tree, &version, "proc/version") < 0 ||
	    strncmp(version, prefix, strlen(prefix)) != 0)
		return NULL;
	release = version + strlen(prefix);
	return xstrndup(release, strcspn(release, " \n"));
}

static char *read_cmdline(const struct tree *tree)
{
	char *text = NULL;

	if (tree_attribute(tree, &text, "proc/cmdline") < 0)
		return NULL;
	return text;
}

/* The kernel lists them newest first (kernel/module/main.c: list_add_rcu at the head). */
static void read_modules(const struct tree *tree, struct loaded_modules *modules)
{
	struct strings *names = &modules->names;
	cleanup_free char *text = NULL;
	size_t n;

	if (tree_read(tree, &text, &n, "proc/modules") < 0)
		return;
	modules->known = YES;
	for (const char *line = text; *line; line += line[0] == '\n') {
		size_t length = strcspn(line, " \n");

		if (length)
			strings_take(names, xstrndup(line, length));
		line += strcspn(line, "\n");
	}
	for (size_t i = 0; i < names->n / 2; i++) {
		char *name = names->v[i];

		names->v[i] = names->v[names->n - 1 - i];
		names->v[names->n - 1 - i] = name;
	}
}

static void add_nodes(struct strings *nodes, const char *folder,
		      const struct strings *names)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->v[i], "devices") != 0)
			strings_take(nodes, xasprintf("/%s/%s", folder, names->v[i]));
}

/* dev/vfio/devices holds those of VFIO_DEVICE_CDEV, one a function. */
static void read_nodes(const struct tree *tree, struct machine *machine)
{
	cleanup_strings struct strings groups = { 0 }, devices = { 0 };
	int r = tree_list(tree, &groups, "dev/vfio");

	if (r == -ENOENT && tree_exists(tree, "dev"))
		machine->has_device_nodes = NO;
	if (r < 0)
		return;
	machine->has_device_nodes = YES;
	if (tree_list(tree, &devices, "dev/vfio/devices") == 0)
		add_nodes(&machine->device_nodes, "dev/vfio/devices", &devices);
	add_nodes(&machine->device_nodes, "dev/vfio", &groups);
	strings_sort(&machine->device_nodes);
}

void machine_read_boot(const struct tree *tree, struct machine *machine)
{
	machine->cpu = read_cpu(tree);
	machine->interrupt_remapping = read_interrupt_remapping(tree);
	machine->unsafe_interrupts = read_flag(
		tree, "sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts");
	machine->release = read_release(tree);
	machine->cmdline = read_cmdline(tree);
	read_modules(tree, &machine->modules);
	read_nodes(tree, machine);
}
