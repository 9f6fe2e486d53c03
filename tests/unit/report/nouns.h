/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Nouns built by hand, and reports caught as strings. */
#pragma once

#include "facts/machine.h"
#include "facts/system.h"
#include "report/report.h"
#include "unit/check.h"

#include <stdlib.h>
#include <string.h>

/* CATCH(text, report_findings(out, &findings, COLOUR_NO, 0)); declares `char *text`. */
#define CATCH(text, call)                                         \
	size_t text##_size;                                       \
	cleanup_free char *text = NULL;                           \
	{                                                         \
		FILE *out = xopen_memstream(&text, &text##_size); \
		call;                                             \
		fclose(out);                                      \
	}

struct sketch {
	const char *address, *id; /* '29:00.0', 'VVVV:DDDD:SVVV:SDDD' */
	uint32_t class;
	const char *driver, *description;
	int group;
};

static inline struct function *add_function(struct machine *machine,
					    const struct sketch *sketch)
{
	struct function *function = array_add(machine->functions.v, machine->functions.n);
	struct identity_pattern pattern;

	assert_true(bdf_parse(sketch->address, &function->bdf));
	assert_true(identity_pattern_parse(sketch->id, &pattern));
	function->id = pattern.id;
	function->class = sketch->class;
	function->header_type = sketch->class >> 8 == 0x0604 ? 1 : 0;
	function->description = xstrdup(sketch->description);
	function->driver = sketch->driver ? xstrdup(sketch->driver) : NULL;
	function->iommu_group = sketch->group;
	return function;
}

/* A machine with a boot display, two true twins, a root disk and a bridge. */
static inline void make_machine(struct machine *ret)
{
	static const struct sketch sketches[] = {
		{ "00:01.0", "8086:29c0:1af4:1100", 0x060400, "pcieport", "Root port",
		  1 },
		{ "29:00.0", "1002:68c8:174b:3000", 0x030000, "radeon",
		  "Cedar [FirePro 2270]", 14 },
		{ "29:00.1", "1002:aa68:174b:aa68", 0x040300, "snd_hda_intel",
		  "Cedar HDMI Audio", 14 },
		{ "2a:00.0", "8086:10d3:8086:a01f", 0x020000, "e1000e", "82574L", 15 },
		{ "2b:00.0", "8086:10d3:8086:a01f", 0x020000, "vfio-pci", "82574L", 16 },
		{ "2c:00.0", "1b36:0010:1af4:1100", 0x010802, "nvme", "NVMe", 17 },
		{ "2d:00.0", "1022:1419:0000:0000", 0x080600, NULL, "IOMMU", NO_GROUP },
	};
	struct function *v;

	*ret = (struct machine){ .has_functions = true, .has_sysfs = true };
	ret->name = xstrdup("this machine");
	for (size_t i = 0; i < sizeof sketches / sizeof *sketches; i++)
		add_function(ret, &sketches[i]);
	v = ret->functions.v;
	v[1].is_boot_display = YES;
	v[1].path = xstrdup("0000:00:01.0/00.0");
	strings_add(&v[3].uses, "default route");
	strings_add(&v[5].uses, "/");
	strings_add(&v[5].uses, "swap");
	functions_index(&ret->functions);
}

/* A kernel in which `modules` (each '+NAME' if built in) match one function. */
static inline void add_kernel(struct system *system, const char *release,
			      const struct function *function, const char *modules)
{
	struct kernel *kernel = array_add(system->kernels, system->n_kernels);
	struct alias_match *match = array_add(kernel->matches, kernel->n_matches);
	cleanup_strings struct strings names = { 0 };

	kernel->release = xstrdup(release);
	match->modalias = function_modalias(function);
	strings_split(&names, modules, " ");
	for (size_t i = 0; i < names.n; i++) {
		bool is_builtin = names.v[i][0] == '+';

		*array_add(match->modules.v, match->modules.n) = (struct module){
			.name = xstrdup(names.v[i] + is_builtin),
			.state = is_builtin ? MODULE_BUILTIN : MODULE_LOADABLE,
		};
	}
}
