/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/memory.h"

#include "base/memory.h"
#include "probe/functions.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/*
 * What the drivers of the firmware's framebuffer call the memory that they hold, and
 * BOOTFB the device that the kernel makes for them (drivers/firmware/sysfb_simplefb.c).
 */
static const char *const framebuffer_names[] = {
	"BOOTFB", "efidrm", "efifb", "simpledrm", "simplefb", "vesadrm", "vesafb",
};

struct range {
	uint64_t start, end; /* both 0 where they are hidden */
};

struct framebuffer {
	const char *name; /* static */
	struct range range;
	bool has_owner; /* the function whose BAR it is listed in */
	struct bdf owner;
};
struct framebuffers {
	struct framebuffer *v;
	size_t n;
};

/* A machine has one or two; more are compared with every display in vain. */
enum { FRAMEBUFFERS_MAX = 64 };

static const char *framebuffer_name(const char *text)
{
	for (size_t i = 0; i < sizeof framebuffer_names / sizeof *framebuffer_names; i++)
		if (strcmp(text, framebuffer_names[i]) == 0)
			return framebuffer_names[i];
	return NULL;
}

/* A line of proc/iomem: '    fd000000-fd7fffff : vesafb', two blanks a level. */
static bool parse_line(char *line, size_t *ret_level, struct range *ret,
		       const char **ret_name)
{
	static const char separator[] = " : ";
	char *name = strstr(line, separator);

	if (!name || sscanf(line, " %" SCNx64 "-%" SCNx64, &ret->start, &ret->end) != 2)
		return false;
	*ret_level = strspn(line, " ");
	name += sizeof separator - 1;
	name[strcspn(name, "\n")] = '\0';
	*ret_name = name;
	return true;
}

/* Users other than root see all addresses as 0 (kernel/resource.c, r_show), but what
 * lies in what all the same. */
static struct framebuffers list_framebuffers(FILE *iomem)
{
	struct framebuffers framebuffers = { 0 };
	struct bdf owner = { 0 };
	size_t owner_level = SIZE_MAX, level, room = 0;
	cleanup_free char *line = NULL;
	struct range range;
	const char *name;

	while (framebuffers.n < FRAMEBUFFERS_MAX && getline(&line, &room, iomem) > 0) {
		if (!parse_line(line, &level, &range, &name))
			continue;
		if (level <= owner_level)
			owner_level = SIZE_MAX;
		if (bdf_parse(name, &owner))
			owner_level = level;
		name = framebuffer_name(name);
		if (name)
			*array_add(framebuffers.v, framebuffers.n) =
				(struct framebuffer){ name, range,
						      owner_level != SIZE_MAX, owner };
	}
	return framebuffers;
}

/* The six BARs: '0x00000000fb000000 0x00000000fbffffff 0x0000000000042208' each. Those
 * that are none, or I/O ports, stay empty. */
enum { BARS = 6, RESOURCE_MEMORY = 0x200 /* include/linux/ioport.h, IORESOURCE_MEM */ };

static void read_bars(const struct tree *tree, const struct function *function,
		      struct range *ret)
{
	cleanup_free char *text = NULL;
	const char *line;

	if (tree_attribute(tree, &text, SYSFS_PCI_DEVICES "/%s/resource",
			   bdf_text(function->bdf).s) < 0)
		return;
	line = text;
	for (size_t i = 0; i < BARS && *line; i++) {
		struct range range;
		uint64_t flags;

		if (sscanf(line, "%" SCNx64 " %" SCNx64 " %" SCNx64, &range.start,
			   &range.end, &flags) == 3 &&
		    flags & RESOURCE_MEMORY)
			ret[i] = range;
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
}

static bool lies_in(const struct framebuffer *framebuffer,
		    const struct function *function, const struct range *bars)
{
	const struct range *range = &framebuffer->range;

	if (!range->end)
		return framebuffer->has_owner &&
		       bdf_equal(framebuffer->owner, function->bdf);
	for (size_t i = 0; i < BARS; i++)
		if (bars[i].end && range->start <= bars[i].end &&
		    bars[i].start <= range->end)
			return true;
	return false;
}

static void mark_framebuffers(const struct tree *tree, struct function *function,
			      const struct framebuffers *framebuffers)
{
	struct range bars[BARS] = { 0 };
	const char *name = NULL;

	read_bars(tree, function, bars);
	/* The last one is the innermost: the driver's rather than the device's. */
	for (size_t i = 0; i < framebuffers->n; i++)
		if (lies_in(&framebuffers->v[i], function, bars))
			name = framebuffers->v[i].name;
	if (name)
		function->framebuffer = xstrdup(name);
}

void functions_read_framebuffers(const struct tree *tree, struct functions *functions)
{
	struct framebuffers framebuffers;
	cleanup_file FILE *iomem = NULL;

	if (tree_stream(tree, &iomem, "proc/iomem") < 0)
		return;
	framebuffers = list_framebuffers(iomem);
	for (size_t i = 0; framebuffers.n && i < functions->n; i++)
		if (function_is_display(&functions->v[i]))
			mark_framebuffers(tree, &functions->v[i], &framebuffers);
	free(framebuffers.v);
}

/* '0x00000000fee00000 0x00000000feefffff msi': 'direct' is what the device must reach
 * where the physical memory is, and 'direct-relaxable' what it only had to at boot. */
static bool has_direct_region(const struct tree *tree, int group)
{
	static const char type[] = " direct";
	cleanup_free char *text = NULL;
	const char *at;

	if (tree_attribute(tree, &text, "sys/kernel/iommu_groups/%d/reserved_regions",
			   group) < 0)
		return false;
	for (at = text; (at = strstr(at, type)); at++)
		if (!at[sizeof type - 1] || at[sizeof type - 1] == '\n')
			return true;
	return false;
}

void functions_read_direct_regions(const struct tree *tree, struct functions *functions)
{
	int group = NO_GROUP;
	bool is_direct = false;

	for (size_t i = 0; i < functions->n; i++) {
		struct function *function = &functions->v[functions->by_group[i]];

		if (function->iommu_group == NO_GROUP)
			continue;
		if (function->iommu_group != group)
			is_direct = has_direct_region(tree, function->iommu_group);
		group = function->iommu_group;
		function->has_direct_region = is_direct;
	}
}
