/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/kernels_survey.h"

#include "base/memory.h"

#include <string.h>

/* What a variant driver of vfio is known by: 'vfio_pci:v…' for the same function. */
static void match_variants(const struct kernel_index *index, const char *modalias,
			   struct strings *modules)
{
	static const char prefix[] = "pci:";
	cleanup_free char *variant = NULL;

	if (strncmp(modalias, prefix, sizeof prefix - 1) != 0)
		return;
	variant = xasprintf("vfio_%s", modalias);
	kernel_index_match(index, variant, modules);
}

static enum module_evidence evidence_of(const struct kernel_index *index,
					const char *modalias, const struct module *module)
{
	cleanup_strings struct strings builtin = { 0 };

	if (module->state != MODULE_BUILTIN)
		return EVIDENCE_ALIAS;
	aliases_match(&index->builtin_aliases, modalias, &builtin);
	return strings_has(&builtin, module->name) ? EVIDENCE_BUILTIN_ALIAS
						   : EVIDENCE_ALIAS;
}

/* The modules that a modalias loads and that do not reserve. */
static void survey_modalias(const struct surveys *surveys, struct survey *survey,
			    const char *modalias)
{
	const struct kernel_index *index = &survey->index;
	cleanup_strings struct strings modules = { 0 }, variants = { 0 };
	size_t n_indexed;

	kernel_index_match(index, modalias, &modules);
	n_indexed = modules.n;
	aliases_match(&surveys->modprobe.aliases, modalias, &modules);
	if (modules.n)
		match_variants(index, modalias, &variants);
	for (size_t i = 0; i < modules.n; i++) {
		struct module module = {
			.name = modules.v[i],
			.state = kernel_index_state(index, modules.v[i]),
			.evidence = EVIDENCE_SETTING,
		};

		if (module.state == MODULE_MISSING ||
		    strings_has(&surveys->reserving, module.name) ||
		    strings_has(&variants, module.name))
			continue;
		if (i < n_indexed)
			module.evidence = evidence_of(index, modalias, &module);
		sightings_add(&survey->sightings, modalias, &module);
	}
}

void survey_aliases(const struct surveys *surveys, struct survey *survey)
{
	for (size_t i = 0; i < surveys->modaliases.n; i++)
		survey_modalias(surveys, survey, surveys->modaliases.v[i]);
	sightings_sort(&survey->sightings);
}
