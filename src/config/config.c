/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/config.h"

#include "config/contradictions.h"
#include "config/faults.h"
#include "config/keys.h"
#include "config/reading.h"

#include <stdlib.h>

const char *claim_name(enum claim claim)
{
	static const char *const names[] = {
		[CLAIM_AUTO] = "auto",
		[CLAIM_ID] = "id",
		[CLAIM_SUBSYSTEM] = "subsystem",
		[CLAIM_ADDRESS] = "address",
	};

	return names[claim];
}

static void report_empty(const struct config_source *sources, size_t n,
			 struct faults *faults)
{
	const char *where = n ? sources[0].name : NULL;

	if (n > 1)
		fault_add(faults, "config-empty", where,
			  "no '[device NAME]' section in any of the %zu files", n);
	else
		fault_add(faults, "config-empty", where, "no '[device NAME]' section");
}

void config_parse(const struct config_source *sources, size_t n_sources,
		  struct config *ret, struct findings *findings)
{
	struct faults faults = { .findings = findings };
	struct config config = { 0 };

	setting_apply_defaults(SECTION_GENERAL, &config, NULL, &faults);
	for (size_t i = 0; i < n_sources; i++)
		source_read(&sources[i], &config, &faults);
	contradictions_find(&config, &faults);
	/* What is missing may be in a line that was refused. */
	if (!config.n_devices && !faults.n)
		report_empty(sources, n_sources, &faults);
	*ret = config;
}

void device_rule_free(struct device_rule *device)
{
	free(device->name);
	free(device->where);
	free(device->addresses);
	strings_free(&device->paths);
	free(device->ids);
	free(device->where_address);
	free(device->where_path);
	free(device->where_id);
	free(device->where_claim);
	strings_free(&device->allow);
	*device = (struct device_rule){ 0 };
}

void config_free(struct config *config)
{
	free(config->driver);
	free(config->where_driver);
	strings_free(&config->initramfs);
	strings_free(&config->bootloader);
	for (size_t i = 0; i < config->n_devices; i++)
		device_rule_free(&config->devices[i]);
	free(config->devices);
	*config = (struct config){ 0 };
}
