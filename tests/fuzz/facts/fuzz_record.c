/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/record.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char *text cleanup_free = xstrndup((const char *)bytes, n);
	struct findings findings cleanup_findings = { 0 }, none cleanup_findings = { 0 };
	struct record record cleanup_record = { 0 }, again cleanup_record = { 0 };
	char *written cleanup_free = NULL;

	record_parse(text, "record", &record, &findings);
	written = record_format(&record);
	record_parse(written, "record", &again, &none);
	/* What was understood is written so that it is understood again. */
	assert(none.n == 0 && again.n == record.n);
	for (size_t i = 0; i < record.n; i++) {
		assert(strcmp(again.v[i].name, record.v[i].name) == 0);
		assert(bdf_equal(again.v[i].bdf, record.v[i].bdf));
		assert(identity_equal(again.v[i].id, record.v[i].id));
	}
	return 0;
}
