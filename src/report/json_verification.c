/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/json.h"
#include "report/report.h"

#include <math.h>

static json_t *line_value(unsigned line)
{
	return line ? json_integer(line) : json_null();
}

static json_t *evidence_value(const struct check_evidence *evidence)
{
	json_t *object = json_object();

	json_put(object, "source", json_text(evidence->source));
	json_put(object, "line", line_value(evidence->line));
	json_put(object, "text", json_text(evidence->text));
	return object;
}

static json_t *check_value(const struct check_result *check, bool has_kernel)
{
	json_t *object = json_object();
	json_t *evidence = json_array();

	for (size_t i = 0; i < check->n_evidence; i++)
		json_append(evidence, evidence_value(&check->evidence[i]));
	json_put(object, "code", json_text(check->code));
	json_put(object, "status", json_text(check_status_name(check->status)));
	if (has_kernel)
		json_put(object, "kernel", json_text(check->kernel));
	json_put(object, "address", json_text(check->address));
	json_put(object, "message", json_text(check->message));
	json_put(object, "evidence", evidence);
	json_put(object, "remedy", json_text(check->remedy));
	return object;
}

static json_t *event_value(const struct timeline_event *event)
{
	json_t *object = json_object();

	json_put(object, "time",
		 isfinite(event->time) ? json_real(event->time) : json_null());
	json_put(object, "driver", json_text(event->driver));
	json_put(object, "text", json_text(event->text));
	json_put(object, "line", line_value(event->line));
	return object;
}

static json_t *story_value(const struct target_story *story)
{
	json_t *object = json_object();
	json_t *timeline = json_array();

	for (size_t i = 0; i < story->n_timeline; i++)
		json_append(timeline, event_value(&story->timeline[i]));
	json_put(object, "address", json_text(story->address));
	json_put(object, "driver", json_text(story->driver));
	json_put(object, "first_driver", json_text(story->first_driver));
	json_put(object, "timeline", timeline);
	return object;
}

static void write_key(FILE *out, const char *key, json_t *value)
{
	fprintf(out, "\"%s\":", key);
	json_write(out, value);
	fputc(',', out);
}

void json_write_checks(FILE *out, const struct verification *verification)
{
	write_key(out, "schema", json_text(verification->schema));
	write_key(out, "verdict", json_text(verdict_name(verification->verdict)));
	write_key(out, "kernel", json_text(verification->kernel));
	json_open_array(out, "checks");
	for (size_t i = 0; i < verification->n_checks; i++)
		json_write_element(
			out, i,
			check_value(&verification->checks[i],
				    verification->question == QUESTION_NEXT_BOOT));
	json_close_array(out);
	fputc(',', out);
}

void report_verification_json(FILE *out, const struct verification *verification)
{
	fputc('{', out);
	json_write_checks(out, verification);
	json_open_array(out, "targets");
	for (size_t i = 0; i < verification->n_targets; i++)
		json_write_element(out, i, story_value(&verification->targets[i]));
	json_close_array(out);
	fputs("}\n", out);
}
