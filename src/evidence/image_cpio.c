/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/image_cpio.h"

#include <string.h>

/* The fields of a header behind its magic, eight digits each (init/initramfs.c,
 * parse_header). */
enum field {
	INODE,
	MODE,
	UID,
	GID,
	LINKS,
	TIME,
	SIZE,
	MAJOR,
	MINOR,
	DEVICE_MAJOR,
	DEVICE_MINOR,
	NAME_SIZE,
	CHECKSUM,
	FIELDS,
};

static bool take_field(const char *digits, uint32_t *ret)
{
	static const char hex[] = "0123456789abcdef0123456789ABCDEF";
	uint32_t value = 0;

	for (int i = 0; i < 8; i++) {
		const char *digit = memchr(hex, digits[i], sizeof hex - 1);

		if (!digit)
			return false;
		value = value << 4 | (uint32_t)((digit - hex) & 15);
	}
	*ret = value;
	return true;
}

static uint64_t padding_of(uint64_t n)
{
	return -n & 3;
}

static void gather(struct cpio *cpio, enum cpio_state state, uint64_t n)
{
	cpio->state = state;
	cpio->left = n;
	cpio->n_gathered = 0;
}

static void fail(struct cpio *cpio, const char *problem)
{
	cpio->is_broken = true;
	image_fail(cpio->builder->image, IMAGE_BROKEN, "%s", problem);
}

static void begin_header(struct cpio *cpio)
{
	gather(cpio, CPIO_HEADER, CPIO_HEADER_SIZE);
}

/* Leaves out what is left of an entry, its name included. */
static void skip(struct cpio *cpio, uint64_t n)
{
	cpio->state = CPIO_SKIP;
	cpio->left = n;
}

static void end_header(struct cpio *cpio)
{
	uint32_t fields[FIELDS];
	uint64_t name;

	if (memcmp(cpio->gathered, "070701", 6) != 0 &&
	    memcmp(cpio->gathered, "070702", 6) != 0) {
		fail(cpio, "a header in it has no magic '070701'");
		return;
	}
	for (int i = 0; i < FIELDS; i++)
		if (!take_field(cpio->gathered + 6 + 8 * i, &fields[i])) {
			fail(cpio, "a header in it has no hexadecimal numbers");
			return;
		}
	cpio->entry = (struct cpio_entry){
		.inode = fields[INODE],
		.mode = fields[MODE],
		.links = fields[LINKS],
		.major = fields[MAJOR],
		.minor = fields[MINOR],
		.size = fields[SIZE],
	};
	name = fields[NAME_SIZE];
	cpio->body = cpio->entry.size + padding_of(cpio->entry.size);
	/* The kernel passes over such an entry, too. */
	if (name == 0 || name > PATH_MAX)
		skip(cpio, name + padding_of(CPIO_HEADER_SIZE + name) + cpio->body);
	else
		gather(cpio, CPIO_NAME, name + padding_of(CPIO_HEADER_SIZE + name));
}

static void end_name(struct cpio *cpio)
{
	cpio->gathered[cpio->n_gathered - 1] = '\0';
	if (strcmp(cpio->gathered, "TRAILER!!!") == 0) {
		cpio->is_over = true;
		skip(cpio, cpio->body);
		return;
	}
	if (image_begin_entry(cpio->builder, cpio->gathered, &cpio->entry)) {
		cpio->state = CPIO_BODY;
		cpio->left = cpio->entry.size;
	} else {
		skip(cpio, cpio->body);
	}
}

/* What the state was for is complete. */
static void end_state(struct cpio *cpio)
{
	switch (cpio->state) {
	case CPIO_REST:
		break;
	case CPIO_HEADER:
		end_header(cpio);
		break;
	case CPIO_NAME:
		end_name(cpio);
		break;
	case CPIO_BODY:
		image_end_entry(cpio->builder);
		skip(cpio, padding_of(cpio->entry.size));
		break;
	case CPIO_SKIP:
		if (cpio->is_over)
			cpio->state = CPIO_REST;
		else
			begin_header(cpio);
		break;
	}
}

/* Between archives: zeros, or the header of the next. */
static size_t rest(struct cpio *cpio, const char *bytes, size_t n)
{
	size_t zeros = 0;

	while (zeros < n && !bytes[zeros])
		zeros++;
	if (zeros < n && bytes[zeros] == '0') {
		cpio->is_over = false;
		begin_header(cpio);
	}
	return zeros;
}

static void take(struct cpio *cpio, const char *bytes, size_t n)
{
	if (cpio->state == CPIO_BODY) {
		image_add_body(cpio->builder, bytes, n);
	} else if (cpio->state != CPIO_SKIP) {
		memcpy(cpio->gathered + cpio->n_gathered, bytes, n);
		cpio->n_gathered += n;
	}
	cpio->left -= n;
}

size_t cpio_feed(struct cpio *cpio, const char *bytes, size_t n)
{
	size_t taken = 0;

	while (!cpio->is_broken) {
		size_t part = n - taken;

		if (cpio->state == CPIO_REST) {
			taken += rest(cpio, bytes + taken, part);
			if (cpio->state == CPIO_REST)
				break;
			continue;
		}
		if (part > cpio->left)
			part = cpio->left;
		take(cpio, bytes + taken, part);
		taken += part;
		if (cpio->left)
			break;
		end_state(cpio);
	}
	return taken;
}
