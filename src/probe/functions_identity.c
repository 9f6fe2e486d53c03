/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/functions.h"

#include <errno.h>
#include <string.h>

static bool parse_hex(const char *text, size_t digits, uint32_t *ret)
{
	static const char alphabet[] = "0123456789abcdef0123456789ABCDEF";
	uint32_t value = 0;

	if (strlen(text) != digits)
		return false;
	for (; *text; text++) {
		const char *digit = strchr(alphabet, *text);

		if (!digit)
			return false;
		value = value << 4 | (uint32_t)((digit - alphabet) & 15);
	}
	*ret = value;
	return true;
}

int functions_read_hex(const struct tree *tree, const char *name, const char *attribute,
		       size_t digits, uint32_t *ret)
{
	cleanup_free char *text = NULL;
	int r = tree_attribute(tree, &text, SYSFS_PCI_DEVICES "/%s/%s", name, attribute);

	if (r < 0)
		return r;
	if (strncmp(text, "0x", 2) != 0 || !parse_hex(text + 2, digits, ret))
		return -EBADMSG;
	return 0;
}

/* 'VVVV:DDDD' with nothing after it. */
static bool parse_pair(const char *text, uint16_t *first, uint16_t *second)
{
	struct identity_pattern pattern;

	if (!identity_pattern_parse(text, &pattern) || pattern.has_subsystem)
		return false;
	*first = pattern.id.vendor;
	*second = pattern.id.device;
	return true;
}

/* The kernel writes the class without leading zeros, as '%04X'. */
static bool parse_class(const char *text, uint32_t *ret)
{
	size_t n = strlen(text);

	return n >= 4 && n <= 6 && parse_hex(text, n, ret);
}

/*
 * One file instead of five. Every kernel since 2.6 writes it (drivers/pci/pci-driver.c,
 * pci_uevent); where a line lacks or is odd, the attributes themselves are read.
 */
static bool identity_from_uevent(const struct tree *tree, const char *name,
				 struct function *function)
{
	cleanup_free char *text = NULL;
	struct identity *id = &function->id;
	unsigned found = 0;
	char *save = NULL;

	if (tree_attribute(tree, &text, SYSFS_PCI_DEVICES "/%s/uevent", name) < 0)
		return false;
	for (char *line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (strncmp(line, "PCI_CLASS=", 10) == 0)
			found |= parse_class(line + 10, &function->class);
		else if (strncmp(line, "PCI_ID=", 7) == 0)
			found |= 2u * parse_pair(line + 7, &id->vendor, &id->device);
		else if (strncmp(line, "PCI_SUBSYS_ID=", 14) == 0)
			found |= 4u * parse_pair(line + 14, &id->subsystem_vendor,
						 &id->subsystem_device);
	}
	return found == 7;
}

static int identity_from_attributes(const struct tree *tree, const char *name,
				    struct function *function, const char **ret_attribute)
{
	static const struct {
		const char *name;
		size_t digits;
	} attributes[] = {
		{ "vendor", 4 },	   { "device", 4 }, { "subsystem_vendor", 4 },
		{ "subsystem_device", 4 }, { "class", 6 },
	};
	enum { N = sizeof attributes / sizeof *attributes };
	uint32_t values[N] = { 0 };

	for (size_t i = 0; i < N; i++) {
		int r = functions_read_hex(tree, name, attributes[i].name,
					   attributes[i].digits, &values[i]);

		*ret_attribute = attributes[i].name;
		if (r < 0)
			return r;
	}
	function->id = (struct identity){ (uint16_t)values[0], (uint16_t)values[1],
					  (uint16_t)values[2], (uint16_t)values[3] };
	function->class = values[4];
	return 0;
}

int functions_read_identity(const struct tree *tree, const char *name,
			    struct function *function, const char **ret_attribute)
{
	if (identity_from_uevent(tree, name, function))
		return 0;
	return identity_from_attributes(tree, name, function, ret_attribute);
}
