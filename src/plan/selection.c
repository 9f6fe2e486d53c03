/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/selection.h"

#include "plan/resolve.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char command_line[] = "command line";

struct selection {
	struct config *config;
	struct plan owners;	   /* what all sections together reserve */
	bool *is_named;		   /* each section, by its name */
	struct device_rule *parts; /* each section, cut down to addresses; the last one is
				      of none */
};

static size_t section_named(const struct config *config, const char *name)
{
	size_t i = 0;

	while (i < config->n_devices && strcasecmp(config->devices[i].name, name) != 0)
		i++;
	return i;
}

/* Of all sections, or NULL. */
static const struct target *target_at(const struct selection *selection, struct bdf bdf)
{
	const struct plan *owners = &selection->owners;

	for (size_t i = 0; i < owners->n_targets; i++)
		if (owners->targets[i].has_bdf && bdf_equal(owners->targets[i].bdf, bdf))
			return &owners->targets[i];
	return NULL;
}

/*
 * To the part of the section that reserves the function, or to the last. A section's ids
 * vouch for the whole card; on its own, the audio of a graphics card would not agree with
 * them, so that its id is added where the section is right about the card.
 */
static void take_address(struct selection *selection, struct bdf bdf)
{
	const struct config *config = selection->config;
	const struct target *target = target_at(selection, bdf);
	size_t section =
		target ? (size_t)(target->rule - config->devices) : config->n_devices;
	struct device_rule *part = &selection->parts[section];

	*array_add(part->addresses, part->n_addresses) = bdf;
	if (target && target->rule->n_ids && target->function &&
	    identity_matches(target->function->id, &target->id))
		*array_add(part->ids, part->n_ids) =
			(struct identity_pattern){ target->function->id,
						   .has_subsystem = true };
}

static void take_operand(struct selection *selection, const char *operand,
			 struct findings *findings)
{
	size_t section = section_named(selection->config, operand);
	struct bdf bdf;

	if (section < selection->config->n_devices) {
		selection->is_named[section] = true;
		return;
	}
	if (!bdf_parse(operand, &bdf)) {
		finding_remedy(
			findings_add(
				findings, SEVERITY_ERROR, "no-such-device", NULL,
				"no device section is called '%s', and it is no address such as '29:00.0'",
				operand),
			"'vfio-bootcfg list' shows the addresses");
		return;
	}
	take_address(selection, bdf);
}

/* The section with those addresses alone; its ids still vouch for them. */
static void cut_down(struct device_rule *rule, struct device_rule *part)
{
	strings_free(&rule->paths);
	free(rule->addresses);
	rule->addresses = steal_ptr(part->addresses);
	rule->n_addresses = part->n_addresses;
	for (size_t i = 0; i < part->n_ids; i++)
		*array_add(rule->ids, rule->n_ids) = part->ids[i];
	if (!rule->where_address)
		rule->where_address = xstrdup(rule->where);
}

bool rule_is_of_operands(const struct device_rule *rule)
{
	return rule->where && strcmp(rule->where, command_line) == 0;
}

static struct device_rule make_rule(struct device_rule *part)
{
	struct device_rule rule = { .name = xstrdup("command-line"),
				    .where = xstrdup(command_line),
				    .where_address = xstrdup(command_line) };

	cut_down(&rule, part);
	return rule;
}

static void free_rule(struct device_rule *rule)
{
	struct config holder = { .devices = xcalloc(1, sizeof *rule), .n_devices = 1 };

	*holder.devices = *rule;
	config_free(&holder);
}

static void keep_selected(struct selection *selection)
{
	struct config *config = selection->config;
	struct device_rule *rest = &selection->parts[config->n_devices];
	size_t kept = 0;

	for (size_t i = 0; i < config->n_devices; i++) {
		struct device_rule *part = &selection->parts[i];

		if (!selection->is_named[i] && part->n_addresses)
			cut_down(&config->devices[i], part);
		else
			free(part->addresses);
		free(part->ids);
		if (selection->is_named[i] || part->n_addresses)
			config->devices[kept++] = config->devices[i];
		else
			free_rule(&config->devices[i]);
	}
	config->n_devices = kept;
	config->devices =
		xreallocarray(config->devices, kept + 1, sizeof *config->devices);
	if (rest->n_addresses)
		config->devices[config->n_devices++] = make_rule(rest);
}

void select_devices(struct config *config, const struct strings *operands,
		    const struct machine *machine, const struct record *record,
		    struct findings *findings)
{
	cleanup_findings struct findings ignored = { 0 };
	struct selection selection = {
		.config = config,
		.is_named = xcalloc(config->n_devices + 1, sizeof(bool)),
		.parts = xcalloc(config->n_devices + 1, sizeof(struct device_rule)),
	};

	if (operands->n)
		resolve_targets(config, machine, record, &selection.owners, &ignored);
	for (size_t i = 0; i < operands->n; i++)
		take_operand(&selection, operands->v[i], findings);
	if (operands->n)
		keep_selected(&selection);
	plan_free(&selection.owners);
	free(selection.is_named);
	free(selection.parts);
}
