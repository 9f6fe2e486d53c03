/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/handover.h"

#include "report/json.h"
#include "report/text.h"

#include <stdlib.h>

static const struct {
	const char *name; /* in JSON */
	const char *remark;
	enum style style;
} results[] = {
	[HANDOVER_DONE] = { "done", "", STYLE_GOOD },
	[HANDOVER_UNCHANGED] = { "unchanged", " (as before)", STYLE_DIM },
	[HANDOVER_PLANNED] = { "planned", " (not done: a dry run)", STYLE_NEW },
	[HANDOVER_RETURNED] = { "returned", " (put back)", STYLE_WARN },
	[HANDOVER_FAILED] = { "failed", " (not changed)", STYLE_WARN },
	[HANDOVER_STRANDED] = { "stranded", " (could not be put back)", STYLE_BAD },
};

struct handover *handover_add(struct handovers *handovers, const char *name,
			      struct bdf bdf)
{
	struct handover *handover = array_add(handovers->v, handovers->n);

	handover->name = name;
	handover->bdf = bdf;
	return handover;
}

void handovers_free(struct handovers *handovers)
{
	for (size_t i = 0; i < handovers->n; i++) {
		free(handovers->v[i].before);
		free(handovers->v[i].now);
	}
	free(handovers->v);
	*handovers = (struct handovers){ 0 };
}

static const char *driver_or_none(const char *driver)
{
	return driver ? driver : "no driver";
}

void report_handovers(FILE *out, const struct handovers *handovers, enum colour colour)
{
	for (size_t i = 0; i < handovers->n; i++) {
		const struct handover *handover = &handovers->v[i];

		text_put(out, handover->name);
		fprintf(out, "  %s  ", bdf_text(handover->bdf).s);
		text_put(out, driver_or_none(handover->before));
		fputs(" -> ", out);
		text_put(out, driver_or_none(handover->now));
		style_put(out, colour, results[handover->result].style, "%s",
			  results[handover->result].remark);
		fputc('\n', out);
	}
}

static json_t *handover_value(const struct handover *handover)
{
	json_t *object = json_object();

	json_put(object, "name", json_text(handover->name));
	json_put(object, "address", json_address(handover->bdf));
	json_put(object, "before", json_text(handover->before));
	json_put(object, "driver", json_text(handover->now));
	json_put(object, "result", json_text(results[handover->result].name));
	return object;
}

void report_handovers_json(FILE *out, const struct handovers *handovers,
			   const struct findings *findings)
{
	fprintf(out, "{\"schema\":\"%s\",", handovers->schema);
	json_open_array(out, "functions");
	for (size_t i = 0; i < handovers->n; i++)
		json_write_element(out, i, handover_value(&handovers->v[i]));
	json_close_array(out);
	fputc(',', out);
	json_write_findings(out, findings);
	fputs("}\n", out);
}
