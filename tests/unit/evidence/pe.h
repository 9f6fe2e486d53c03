/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs for EFI in memory, with sections of text. */
#pragma once

#include "unit/evidence/packed.h"

struct pe_section {
	const char *name, *text;
};

static inline void pe_number(struct packed *packed, size_t at, uint32_t value, int n)
{
	for (int i = 0; i < n; i++)
		packed->bytes[at + (size_t)i] = (char)(value >> 8 * i);
}

/* The file is filled up behind every section, as linkers do. */
static inline struct packed pe_make(const struct pe_section *sections, size_t n)
{
	enum { COFF = 0x80, TABLE = COFF + 24 + 112, SECTION = 40 };
	struct packed packed = { 0 };

	packed_zeros(&packed, TABLE + n * SECTION);
	memcpy(packed.bytes, "MZ", 2);
	pe_number(&packed, 0x3c, COFF, 4);
	memcpy(packed.bytes + COFF, "PE\0", 4);
	pe_number(&packed, COFF + 6, (uint32_t)n, 2);
	pe_number(&packed, COFF + 20, 112, 2);
	for (size_t i = 0; i < n; i++) {
		size_t at = TABLE + i * SECTION, size = strlen(sections[i].text);

		packed_zeros(&packed, -packed.n & 511);
		strncpy(packed.bytes + at, sections[i].name, 8);
		pe_number(&packed, at + 8, (uint32_t)size, 4);
		pe_number(&packed, at + 16, (uint32_t)(size + 512) & ~511u, 4);
		pe_number(&packed, at + 20, (uint32_t)packed.n, 4);
		packed_add(&packed, sections[i].text, size);
	}
	return packed;
}
