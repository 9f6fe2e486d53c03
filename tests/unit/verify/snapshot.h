/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A captured machine, read from its snapshot with a few lines of string work: on purpose
 * not by the rooms that do it in the program, so that verify is tested against the files
 * themselves.
 */
#pragma once

#include "unit/verify/scene.h"

struct snapshot {
	struct scene *scene;
	char *log;
	size_t n_log;
	FILE *log_out;
	struct strings modules;	       /* newest first */
	struct strings driver_modules; /* 'driver=module' */
	bool is_in_log, is_in_modules, is_in_interrupts;
};

/* The last component of a path, and the one before it. */
static inline const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static inline struct function *function_of(struct snapshot *snapshot, const char *name)
{
	struct functions *functions = &snapshot->scene->machine.functions;
	struct bdf bdf;

	if (!bdf_parse(name, &bdf) || strchr(name, ':') == strrchr(name, ':'))
		return NULL;
	for (size_t i = 0; i < functions->n; i++)
		if (bdf_equal(functions->v[i].bdf, bdf))
			return &functions->v[i];
	return scene_function(snapshot->scene, name, "0000:0000:0000:0000", 0, NULL,
			      NO_GROUP);
}

static inline void take_attribute(struct snapshot *snapshot, char *path,
				  const char *value)
{
	const char *attribute = base_of(path);
	unsigned long number = strtoul(value, NULL, 16);
	struct function *f;

	((char *)attribute)[-1] = '\0';
	f = function_of(snapshot, base_of(path));
	if (!f)
		return;
	if (strcmp(attribute, "vendor") == 0)
		f->id.vendor = (uint16_t)number;
	else if (strcmp(attribute, "device") == 0)
		f->id.device = (uint16_t)number;
	else if (strcmp(attribute, "subsystem_vendor") == 0)
		f->id.subsystem_vendor = (uint16_t)number;
	else if (strcmp(attribute, "subsystem_device") == 0)
		f->id.subsystem_device = (uint16_t)number;
	else if (strcmp(attribute, "class") == 0)
		f->class = (uint32_t)number;
	else if (strcmp(attribute, "boot_vga") == 0)
		f->is_boot_display = *value == '1' ? YES : NO;
	else if (strcmp(attribute, "driver_override") == 0 &&
		 strcmp(value, "(null)") != 0)
		f->driver_override = xstrdup(value);
	/* Header type, near enough: PCI bridges. */
	if (f->class >> 8 == 0x0604)
		f->header_type = 1;
}

static inline void take_function_link(struct snapshot *snapshot, char *path,
				      const char *target)
{
	const char *attribute = base_of(path);
	struct function *f;

	((char *)attribute)[-1] = '\0';
	f = function_of(snapshot, base_of(path));
	if (f && strcmp(attribute, "driver") == 0)
		f->driver = xstrdup(base_of(target));
	else if (f && strcmp(attribute, "iommu_group") == 0)
		f->iommu_group = atoi(base_of(target));
}

static inline void take_file(struct snapshot *snapshot, char *path, const char *value)
{
	struct machine *machine = &snapshot->scene->machine;

	if (strcmp(path, "proc/cmdline") == 0) {
		machine->cmdline = xstrdup(value);
	} else if (strcmp(path, "proc/version") == 0) {
		machine->release = xstrndup(value + 14, strcspn(value + 14, " "));
	} else if (strncmp(path, "dev/vfio/", 9) == 0) {
		strings_take(&machine->device_nodes, xasprintf("/%s", path));
		machine->has_device_nodes = YES;
	} else if (strstr(path, "parameters/allow_unsafe_interrupts")) {
		machine->unsafe_interrupts = *value == 'Y' ? YES : NO;
	} else if (strstr(path, "acpi/tables/DMAR") || strstr(path, "acpi/tables/IVRS")) {
		machine->iommu.in_firmware = YES;
		machine->iommu.kind = strstr(path, "DMAR") ? IOMMU_INTEL : IOMMU_AMD;
	} else if (strncmp(path, "sys/devices/pci", 15) == 0) {
		take_attribute(snapshot, path, value);
	}
}

static inline void take_link(struct snapshot *snapshot, char *path, const char *target)
{
	struct machine *machine = &snapshot->scene->machine;
	const char *driver;

	if (strncmp(path, "sys/class/iommu/", 16) == 0) {
		machine->iommu.active = YES;
		free(machine->iommu.evidence);
		machine->iommu.evidence = xstrdup(path);
	} else if (strncmp(path, "sys/bus/pci/drivers/", 20) == 0 &&
		   strcmp(base_of(path), "module") == 0) {
		driver = path + 20;
		strings_take(&snapshot->driver_modules,
			     xasprintf("%.*s=%s", (int)strcspn(driver, "/"), driver,
				       base_of(target)));
	} else if (strncmp(path, "sys/devices/pci", 15) == 0) {
		take_function_link(snapshot, path, target);
	}
}

static inline void take_text(struct snapshot *snapshot, const char *line)
{
	struct machine *machine = &snapshot->scene->machine;

	if (snapshot->is_in_log)
		fprintf(snapshot->log_out, "%s\n", line);
	if (snapshot->is_in_modules)
		strings_take(&snapshot->modules, xstrndup(line, strcspn(line, " ")));
	if (snapshot->is_in_interrupts && strstr(line, "IR-"))
		machine->interrupt_remapping = YES;
	else if (snapshot->is_in_interrupts && strstr(line, "IO-APIC") &&
		 machine->interrupt_remapping == UNKNOWN)
		machine->interrupt_remapping = NO;
}

static inline void take_line(struct snapshot *snapshot, char *line)
{
	char *path = line + 2, *value;

	if (line[0] == '|') {
		take_text(snapshot, line + 1);
		return;
	}
	if (strlen(line) < 3)
		return;
	value = path + strcspn(path, " ");
	if (*value)
		*value++ = '\0';
	if (line[0] == 'f')
		take_file(snapshot, path, value);
	else if (line[0] == 'l')
		take_link(snapshot, path, value);
	else if (line[0] == 'd' && strcmp(path, "sys/class/iommu") == 0 &&
		 snapshot->scene->machine.iommu.active == UNKNOWN)
		snapshot->scene->machine.iommu.active = NO;
	else if (line[0] == 'd' && strcmp(path, "sys/firmware/acpi/tables") == 0 &&
		 snapshot->scene->machine.iommu.in_firmware == UNKNOWN)
		snapshot->scene->machine.iommu.in_firmware = NO;
	snapshot->is_in_log = line[0] == 't' && strcmp(path, "kernel.log") == 0;
	snapshot->is_in_modules = line[0] == 't' && strcmp(path, "proc/modules") == 0;
	snapshot->is_in_interrupts =
		line[0] == 't' && strcmp(path, "proc/interrupts") == 0;
}

/* The modules of drivers; one that was never loaded is built in. */
static inline void find_driver_modules(struct snapshot *snapshot)
{
	struct machine *machine = &snapshot->scene->machine;

	for (size_t i = 0; i < machine->functions.n; i++) {
		struct function *f = &machine->functions.v[i];

		for (size_t k = 0; f->driver && k < snapshot->driver_modules.n; k++) {
			const char *pair = snapshot->driver_modules.v[k];
			const char *equals = strchr(pair, '=');

			if ((size_t)(equals - pair) == strlen(f->driver) &&
			    strncmp(pair, f->driver, strlen(f->driver)) == 0 &&
			    strings_has(&snapshot->modules, equals + 1))
				f->driver_module = xstrdup(equals + 1);
		}
	}
}

/* Reads tests/machines/NAME.snapshot into an empty scene. */
static inline void scene_capture(struct scene *scene, const char *name)
{
	struct snapshot snapshot = { .scene = scene };
	char *path cleanup_free = xasprintf(TEST_DATA "/machines/%s.snapshot", name);
	FILE *file = fopen(path, "re");
	char *line cleanup_free = NULL;
	size_t room = 0;
	ssize_t n;

	if (!file)
		fail_msg("'%s' cannot be opened", path);
	*scene = (struct scene){ .machine = { .name = xstrdup(name),
					      .has_functions = true,
					      .has_sysfs = true },
				 .plan = { .driver = "vfio-pci" },
				 .rule = { .name = (char *)"device" } };
	scene->machine.modules.known = YES;
	snapshot.log_out = xopen_memstream(&snapshot.log, &snapshot.n_log);
	while ((n = getline(&line, &room, file)) > 0) {
		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		take_line(&snapshot, line);
	}
	fclose(file);
	fclose(snapshot.log_out);
	scene_log(scene, snapshot.log);
	for (size_t i = snapshot.modules.n; i > 0; i--)
		strings_add(&scene->machine.modules.names, snapshot.modules.v[i - 1]);
	find_driver_modules(&snapshot);
	strings_free(&snapshot.modules);
	strings_free(&snapshot.driver_modules);
	free(snapshot.log);
}
