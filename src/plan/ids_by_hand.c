/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ids that someone gave to the reserving driver before us. The driver gets modprobe.d's
 * `options` and then the kernel command line as one string, whose last `ids=` replaces
 * all others: ours may silently release what theirs reserved, and theirs may reserve what
 * nobody configured.
 */
#include "plan/dynamic_id.h"
#include "plan/modules.h"
#include "plan/tokens.h"
#include "plan/view.h"

#include <stdlib.h>
#include <string.h>

/* One place that gives ids. */
struct by_hand {
	const struct view *view;
	char *text; /* as it was written: 'vfio-pci.ids=10de:1b80' */
	char *where;
	char *value;
	bool is_setting; /* of modprobe.d */
	bool is_replaced;
	struct strings foreign; /* ids that take no target, in quotes */
	size_t n_covered, n_shared;
	struct findings *findings;
};

/* What one id takes. */
struct taken {
	size_t n_targets;
	const struct function *outsider; /* the first function that is no target */
};

static struct taken taken_by(const struct view *view, const struct dynamic_id *id)
{
	const struct functions *functions = &view->machine->functions;
	struct taken taken = { 0 };

	for (size_t i = 0; i < view->plan->n_targets; i++) {
		const struct target *target = &view->plan->targets[i];

		taken.n_targets += target->function
					   ? dynamic_id_takes(id, target->function)
					   : dynamic_id_covers(id, &target->id);
	}
	/* The functions of a stand-in are of another machine. */
	for (size_t i = 0;
	     !view->machine->is_stand_in && !taken.outsider && i < functions->n; i++)
		if (!view->is_target[i] && dynamic_id_takes(id, &functions->v[i]))
			taken.outsider = &functions->v[i];
	return taken;
}

static bool record_has(const struct record *record, const char *id)
{
	struct identity_pattern pattern;

	if (!identity_pattern_parse(id, &pattern))
		return false;
	for (size_t i = 0; record && i < record->n; i++)
		if (identity_matches(record->v[i].id, &pattern))
			return true;
	return false;
}

static void report_foreign(struct by_hand *by_hand)
{
	bool is_one = by_hand->foreign.n == 1;
	cleanup_free char *list = strings_join(&by_hand->foreign, ", ");
	struct finding *finding = findings_add(
		by_hand->findings, SEVERITY_ERROR, "foreign-ids", by_hand->where,
		"%s %s reserved by '%s', which %s", list, is_one ? "is" : "are",
		by_hand->text,
		!by_hand->is_replaced ? "the configuration does not name"
		: by_hand->is_setting ? "the kernel command line would replace"
				      : "ours would replace");

	if (strcmp(by_hand->where, "/proc/cmdline") == 0)
		finding_remedy(
			finding,
			"name %s in a [device] section; or remove %s from the boot loader's configuration, where that is not done yet, and reboot",
			is_one ? "it" : "each", is_one ? "it" : "them");
	else
		finding_remedy(
			finding, "name %s in a [device] section, or remove %s from %s",
			is_one ? "it" : "each", is_one ? "it" : "them", by_hand->where);
}

/* An id takes a function that nobody configured beside one that somebody did. */
static void report_outsider(struct by_hand *by_hand, const char *id,
			    const struct function *outsider)
{
	struct finding *finding;

	if (by_hand->is_replaced) {
		finding = findings_add(by_hand->findings, SEVERITY_WARNING,
				       "foreign-configuration", by_hand->where,
				       "%s is reserved by '%s' and will not be any more",
				       bdf_text(outsider->bdf).s, by_hand->text);
		finding_remedy(finding, "name it in a [device] section if that is meant");
	} else {
		finding = findings_add(
			by_hand->findings, SEVERITY_ERROR, "twin-taken", by_hand->where,
			"'%s' of '%s' takes %s too, which the configuration does not name",
			id, by_hand->text, bdf_text(outsider->bdf).s);
		finding_remedy(finding, "remove it from %s: the configuration does it",
			       by_hand->where);
	}
	finding_at(finding, outsider->bdf);
}

static void check_id(struct by_hand *by_hand, const char *text)
{
	struct dynamic_id id;
	struct taken taken;

	/* What the last generate wrote is not by hand. */
	if (!dynamic_id_parse(text, &id) ||
	    (!by_hand->is_setting && record_has(by_hand->view->record, text)))
		return;
	taken = taken_by(by_hand->view, &id);
	by_hand->n_covered += taken.n_targets && !taken.outsider;
	by_hand->n_shared += taken.n_targets && taken.outsider;
	if (!taken.n_targets)
		strings_take(&by_hand->foreign, xasprintf("'%s'", text));
	else if (taken.outsider)
		report_outsider(by_hand, text, taken.outsider);
}

/* Whether the line of modprobe.d has more than 'options MODULE ids=…'. */
static bool sets_more(const struct by_hand *by_hand)
{
	cleanup_cmdline struct cmdline words = { 0 };

	cmdline_parse(by_hand->text, &words);
	return words.n > 3;
}

/* A line that says again what the configuration says goes stale in silence. */
static void report_redundant(const struct by_hand *by_hand)
{
	struct finding *finding;

	if (!by_hand->is_setting || by_hand->foreign.n || by_hand->n_shared ||
	    !by_hand->n_covered)
		return;
	finding =
		findings_add(by_hand->findings, SEVERITY_WARNING, "foreign-configuration",
			     by_hand->where,
			     "'%s' reserves by hand what the configuration reserves now",
			     by_hand->text);
	finding_remedy(finding,
		       sets_more(by_hand)
			       ? "take 'ids=' out of it: the configuration does that"
			       : "remove it: the configuration does it");
}

static void check(struct by_hand *by_hand)
{
	cleanup_strings struct strings ids = { 0 };

	/* The driver does not load at all (kernel/params.c, param_set_copystring). */
	if (strlen(by_hand->value) >= IDS_SIZE) {
		finding_remedy(
			findings_add(
				by_hand->findings, SEVERITY_ERROR, "ids-too-long",
				by_hand->where,
				"the ids take %zu characters, and '%s.ids=' holds %d",
				strlen(by_hand->value), by_hand->view->plan->driver,
				IDS_SIZE - 1),
			"remove them: the configuration does it");
		return;
	}
	strings_split(&ids, by_hand->value, ",");
	for (size_t i = 0; i < ids.n; i++)
		check_id(by_hand, ids.v[i]);
	if (by_hand->foreign.n)
		report_foreign(by_hand);
	report_redundant(by_hand);
}

static void by_hand_free(struct by_hand *by_hand)
{
	free(by_hand->text);
	free(by_hand->where);
	free(by_hand->value);
	strings_free(&by_hand->foreign);
}

/* Returns whether the present command line gives ids at all. */
static bool check_cmdline(const struct view *view, bool has_ours,
			  struct findings *findings)
{
	cleanup_free char *name = xasprintf("%s.ids", view->plan->driver);
	const struct cmdline_token *token = cmdline_find(&view->present, name);
	cleanup(by_hand_free) struct by_hand by_hand = { .view = view,
							 .is_replaced = has_ours,
							 .findings = findings };

	if (!token)
		return false;
	by_hand.text = xstrdup(token->text);
	by_hand.where = token_origin(view->plan->system, token->text);
	by_hand.value = xstrdup(token->value ? token->value : "");
	check(&by_hand);
	return true;
}

static void check_settings(const struct view *view, bool is_replaced,
			   struct findings *findings)
{
	const struct settings *settings = &view->plan->system->settings;
	cleanup_free char *module = driver_module(view->plan);
	const struct setting *line = NULL;
	cleanup(by_hand_free) struct by_hand by_hand = { .view = view,
							 .is_setting = true,
							 .is_replaced = is_replaced,
							 .findings = findings };

	/* A driver that is built in everywhere does not get them. */
	if (!is_loadable_somewhere(view->plan, module))
		return;
	by_hand.value = settings_option(settings, module, "ids", &line);
	if (!by_hand.value)
		return;
	by_hand.text = xasprintf("options %s %s", line->module, line->text);
	by_hand.where = xstrdup(line->where);
	check(&by_hand);
}

static bool has_ids(const struct plan *plan)
{
	cleanup_free char *name = xasprintf("%s.ids=", plan->driver);

	for (size_t i = 0; i < plan->cmdline.n; i++)
		if (strncmp(plan->cmdline.v[i], name, strlen(name)) == 0)
			return true;
	return false;
}

void check_ids_by_hand(const struct view *view, struct findings *findings)
{
	bool has_ours = has_ids(view->plan);
	bool has_theirs = check_cmdline(view, has_ours, findings);

	check_settings(view, has_ours || has_theirs, findings);
}
