/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/json.h"

#include "base/memory.h"
#include "base/utf8.h"
#include "facts/function.h"

#include <stdlib.h>
#include <string.h>

static json_t *must(json_t *value)
{
	if (!value)
		abort();
	return value;
}

/* A copy in which each byte that belongs to no character is U+FFFD. */
static char *mend(const char *text, size_t n, size_t *ret_n)
{
	char *mended;
	FILE *out = xopen_memstream(&mended, ret_n);

	while (n) {
		uint32_t c;
		size_t length = utf8_decode(text, n, &c);

		if (length)
			fwrite(text, 1, length, out);
		else
			fputs("\xef\xbf\xbd", out);
		text += length ? length : 1;
		n -= length ? length : 1;
	}
	fclose(out);
	return mended;
}

json_t *json_bytes(const char *text, size_t n)
{
	json_t *value = json_stringn(text, n); /* NULL where it is no UTF-8 */
	cleanup_free char *mended = NULL;
	size_t mended_n;

	if (value)
		return value;
	mended = mend(text, n, &mended_n);
	return must(json_stringn(mended, mended_n));
}

json_t *json_text(const char *text)
{
	return text ? json_bytes(text, strlen(text)) : json_null();
}

json_t *json_address(struct bdf bdf)
{
	return must(json_string(bdf_text(bdf).s));
}

json_t *json_hex(uint32_t value, int digits)
{
	return must(json_sprintf("%0*x", digits, value));
}

json_t *json_group(int group)
{
	return group == NO_GROUP ? json_null() : must(json_integer(group));
}

json_t *json_tristate(enum tristate value)
{
	switch (value) {
	case UNKNOWN:
		return json_null();
	case NO:
		return json_false();
	case YES:
		return json_true();
	}
	return json_null();
}

json_t *json_strings(const struct strings *strings)
{
	json_t *array = must(json_array());

	for (size_t i = 0; i < strings->n; i++)
		json_append(array, json_text(strings->v[i]));
	return array;
}

json_t *json_finding(const struct finding *finding)
{
	json_t *object = must(json_object());

	json_put(object, "code", json_text(finding->code));
	json_put(object, "severity", json_text(severity_name(finding->severity)));
	json_put(object, "address", json_text(finding->address));
	json_put(object, "where", json_text(finding->where));
	json_put(object, "message", json_text(finding->message));
	json_put(object, "remedy", json_text(finding->remedy));
	return object;
}

json_t *json_module(const char *module, bool is_builtin)
{
	json_t *object = must(json_object());

	json_put(object, "module", json_text(module));
	json_put(object, "builtin", json_boolean(is_builtin));
	return object;
}

void json_put(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value) < 0)
		abort();
}

void json_append(json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) < 0)
		abort();
}

void json_write(FILE *out, json_t *value)
{
	/* ASCII alone: what a device calls itself must not move a terminal's cursor. A
	 * failed write shows on the stream. */
	json_dumpf(must(value), out,
		   JSON_COMPACT | JSON_ENCODE_ANY | JSON_ENSURE_ASCII |
			   JSON_REAL_PRECISION(15));
	json_decref(value);
}

void json_open_array(FILE *out, const char *key)
{
	fprintf(out, "\"%s\":[", key);
}

void json_write_element(FILE *out, size_t position, json_t *value)
{
	fputs(position ? ",\n" : "\n", out);
	json_write(out, value);
}

void json_close_array(FILE *out)
{
	fputs("\n]", out);
}

void json_write_findings(FILE *out, const struct findings *findings)
{
	json_open_array(out, "findings");
	for (size_t i = 0; i < findings->n; i++)
		json_write_element(out, i, json_finding(&findings->v[i]));
	json_close_array(out);
}
