/* SPDX-License-Identifier: GPL-2.0-or-later */
/* print_messages: the catalogue of kernel messages as scdoc, by what they mean. */
#include "evidence/catalogue.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const headings[] = {
	[MESSAGE_BOOT] = "Where a boot begins",
	[MESSAGE_BOOT_BORDER] = "Where another boot begins",
	[MESSAGE_CMDLINE] = "What the kernel was booted with",
	[MESSAGE_TABLES] = "What the firmware describes follows",
	[MESSAGE_INITIALIZED] = "The kernel has started",
	[MESSAGE_FIRMWARE_TABLE] =
		"The firmware describes an IOMMU, which may yet be off",
	[MESSAGE_IOMMU_ACTIVE] = "DMA is translated",
	[MESSAGE_IOMMU_OFF] = "DMA is not translated",
	[MESSAGE_IOMMU_ECHO] = "Looks good, and proves nothing",
	[MESSAGE_IOMMU_HARMLESS] = "Looks bad, and is harmless",
	[MESSAGE_XEN] = "The hypervisor has the IOMMU",
	[MESSAGE_REMAPPING_ACTIVE] = "Interrupts are remapped",
	[MESSAGE_REMAPPING_OFF] = "Interrupts are not remapped",
	[MESSAGE_FUNCTION] = "A function is there",
	[MESSAGE_GROUP] = "A function is in an IOMMU group",
	[MESSAGE_GROUP_REFUSED] = "A group cannot be used",
	[MESSAGE_NOIOMMU] = "Bound without protection",
	[MESSAGE_LIMITATION] = "An option or a quirk takes something away",
	[MESSAGE_LOADED] = "A driver came",
	[MESSAGE_ID_ADDED] = "An id was registered, which binds nothing",
	[MESSAGE_ID_INVALID] = "An id was refused",
	[MESSAGE_PROBING] = "A driver looks at a function",
	[MESSAGE_CLAIMED] = "A driver has a function",
	[MESSAGE_PROBE_FAILED] = "A driver refused a function",
	[MESSAGE_EARLY] = "Words of the early binder",
	[MESSAGE_DMA_FAULT] = "A device reached for memory in vain",
	[MESSAGE_FRAMEBUFFER] = "A framebuffer has the memory of a card",
	[MESSAGE_BAR_CONFLICT] = "The memory of a card is taken",
	[MESSAGE_DEVICE_TROUBLE] = "A device is in trouble",
};
_Static_assert(sizeof headings / sizeof *headings == MESSAGE_KINDS,
	       "each kind has a heading");

/* What scdoc would take for markup is escaped. */
static void print_plain(char c)
{
	if (strchr("\\*_`[]|#<.-", c))
		putchar('\\');
	putchar(c);
}

static const char *word_for(char field)
{
	switch (field) {
	case 'b':
		return "ADDRESS";
	case 'D':
		return "DRIVER";
	case 'i':
		return "ID";
	case 'w':
		return "WORD";
	case '*':
		return "…";
	default:
		return "N";
	}
}

static void print_pattern(const char *pattern)
{
	for (; *pattern; pattern++)
		if (*pattern == '%' && pattern[1] == '{')
			pattern++;
		else if (*pattern == '%')
			fputs(word_for(*++pattern), stdout);
		else if (*pattern != '}')
			print_plain(*pattern);
}

/* A word of a command line, or the name of a driver: copied with a capital it is wrong.
 */
static bool begins_with_name(const char *meaning)
{
	size_t n = strcspn(meaning, " :");
	size_t letters = strspn(meaning, "abcdefghijklmnopqrstuvwxyz");

	return letters < n || strncmp(meaning, "iommufd", n) == 0;
}

static void print_row(const struct message *row)
{
	const char *meaning = row->meaning;

	print_pattern(row->pattern);
	fputs("\n\t", stdout);
	print_plain(begins_with_name(meaning) ? *meaning : (char)toupper(*meaning));
	for (const char *c = meaning + 1; *c; c++)
		print_plain(*c);
	fputs(" (", stdout);
	for (const char *c = row->since; *c; c++)
		print_plain(*c);
	fputs(").\n\n", stdout);
}

int main(void)
{
	static struct catalogue catalogue;

	catalogue_build(&catalogue);
	for (enum message_kind kind = 0; kind < MESSAGE_KINDS; kind++) {
		printf("## %s\n\n", headings[kind]);
		for (size_t i = 0; i < catalogue.n; i++)
			if (catalogue.rows[i]->kind == kind)
				print_row(catalogue.rows[i]);
	}
	return EXIT_SUCCESS;
}
