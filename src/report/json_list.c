/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/json.h"
#include "report/report.h"
#include "report/rivals.h"
#include "report/twins.h"

enum { TWINS_LISTED_MAX = 64 };

/* null where no kernel could be asked: that is not the same as none. */
static json_t *competitors(const struct system *system, const struct function *function)
{
	cleanup_rivals struct rivals rivals = rivals_of(system, function);
	json_t *array;

	if (!system || !system->n_kernels)
		return json_null();
	array = json_array();
	for (size_t i = 0; i < rivals.n; i++)
		json_append(array,
			    json_module(rivals.v[i].module, rivals.v[i].is_builtin));
	return array;
}

/* Of thousands of virtual functions each is the twin of all: the list ends early. */
static json_t *twins_of(const struct functions *functions, const struct twins *twins,
			size_t position)
{
	struct function_run run = twins->of[position];
	json_t *array = json_array();

	for (size_t i = 0; i < run.n && json_array_size(array) < TWINS_LISTED_MAX; i++)
		if (run.v[i] != position)
			json_append(array, json_address(functions->v[run.v[i]].bdf));
	return array;
}

static json_t *function_value(const struct machine *machine, const struct system *system,
			      const struct twins *twins, size_t position)
{
	const struct function *function = &machine->functions.v[position];
	json_t *object = json_object();

	json_put(object, "address", json_address(function->bdf));
	json_put(object, "path", json_text(function->path));
	json_put(object, "vendor", json_hex(function->id.vendor, 4));
	json_put(object, "device", json_hex(function->id.device, 4));
	json_put(object, "subsystem_vendor", json_hex(function->id.subsystem_vendor, 4));
	json_put(object, "subsystem_device", json_hex(function->id.subsystem_device, 4));
	json_put(object, "class", json_hex(function->class, 6));
	json_put(object, "description", json_text(function->description));
	json_put(object, "iommu_group", json_group(function->iommu_group));
	json_put(object, "driver", json_text(function->driver));
	json_put(object, "competitors", competitors(system, function));
	json_put(object, "boot_display", json_tristate(function->is_boot_display));
	/* A dump of config space does not tell: that is not the same as none. */
	json_put(object, "uses",
		 machine->has_sysfs ? json_strings(&function->uses) : json_null());
	json_put(object, "twins", twins_of(&machine->functions, twins, position));
	return object;
}

void report_list_json(FILE *out, const struct machine *machine,
		      const struct system *system)
{
	cleanup_twins struct twins twins = twins_find(&machine->functions);

	fputs("{\"schema\":\"vfio-bootcfg.list/1\",", out);
	json_open_array(out, "functions");
	for (size_t i = 0; i < machine->functions.n; i++)
		json_write_element(out, i, function_value(machine, system, &twins, i));
	json_close_array(out);
	fputs("}\n", out);
}
