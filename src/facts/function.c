/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/function.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static int compare_functions(const void *a, const void *b)
{
	const struct function *x = a, *y = b;

	return bdf_compare(&x->bdf, &y->bdf);
}

static uint64_t identity_key(struct identity id)
{
	return (uint64_t)id.vendor << 48 | (uint64_t)id.device << 32 |
	       (uint64_t)id.subsystem_vendor << 16 | id.subsystem_device;
}

static int compare_positions(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

/* The positions follow the addresses, so they decide where the keys do not. */
static int compare_by_identity(const void *a, const void *b, void *v)
{
	size_t i = *(const size_t *)a, j = *(const size_t *)b;
	const struct function *x = v;
	uint64_t p = identity_key(x[i].id), q = identity_key(x[j].id);

	return p != q ? (p > q) - (p < q) : compare_positions(i, j);
}

static int compare_by_group(const void *a, const void *b, void *v)
{
	size_t i = *(const size_t *)a, j = *(const size_t *)b;
	const struct function *x = v;
	int p = x[i].iommu_group, q = x[j].iommu_group;

	return p != q ? (p > q) - (p < q) : compare_positions(i, j);
}

/* Functions whose path is unknown come first, as ''. */
static const char *path_key(const struct function *function)
{
	return function->path ? function->path : "";
}

static int compare_by_path(const void *a, const void *b, void *v)
{
	size_t i = *(const size_t *)a, j = *(const size_t *)b;
	const struct function *x = v;
	int order = strcmp(path_key(&x[i]), path_key(&x[j]));

	return order ? order : compare_positions(i, j);
}

static size_t *sorted_positions(const struct functions *functions,
				int (*compare)(const void *, const void *, void *))
{
	size_t *positions = xreallocarray(NULL, functions->n, sizeof *positions);

	for (size_t i = 0; i < functions->n; i++)
		positions[i] = i;
	qsort_r(positions, functions->n, sizeof *positions, compare, functions->v);
	return positions;
}

static void free_orders(struct functions *functions)
{
	free(functions->by_identity);
	free(functions->by_group);
	free(functions->by_path);
	functions->by_identity = functions->by_group = functions->by_path = NULL;
}

void functions_index(struct functions *functions)
{
	free_orders(functions);
	if (!functions->n)
		return;
	qsort(functions->v, functions->n, sizeof *functions->v, compare_functions);
	functions->by_identity = sorted_positions(functions, compare_by_identity);
	functions->by_group = sorted_positions(functions, compare_by_group);
	functions->by_path = sorted_positions(functions, compare_by_path);
}

void functions_free(struct functions *functions)
{
	for (size_t i = 0; i < functions->n; i++)
		function_free(&functions->v[i]);
	free(functions->v);
	free_orders(functions);
	*functions = (struct functions){ 0 };
}

void function_free(struct function *function)
{
	free(function->path);
	free(function->description);
	free(function->driver);
	free(function->driver_module);
	free(function->builtin_module);
	free(function->driver_override);
	free(function->reset_method);
	free(function->framebuffer);
	strings_free(&function->uses);
	*function = (struct function){ 0 };
}

const struct function *functions_at(const struct functions *functions, struct bdf bdf)
{
	const struct function wanted = { .bdf = bdf };

	if (!functions->n)
		return NULL;
	return bsearch(&wanted, functions->v, functions->n, sizeof wanted,
		       compare_functions);
}

/* What the run of an order is searched by: less than, equal to or greater than 0 as
 * the function comes before, in or after the run. */
typedef int place_fn(const struct function *function, const void *wanted);

static int place_of_device(const struct function *function, const void *wanted)
{
	const struct identity *id = wanted;
	uint32_t p = (uint32_t)(identity_key(function->id) >> 32);
	uint32_t q = (uint32_t)(identity_key(*id) >> 32);

	return (p > q) - (p < q);
}

static int place_of_group(const struct function *function, const void *wanted)
{
	const int *group = wanted;

	return (function->iommu_group > *group) - (function->iommu_group < *group);
}

static int place_of_path(const struct function *function, const void *wanted)
{
	return strcmp(path_key(function), wanted);
}

/* The first position of `order` whose place is at least `least`. */
static size_t first_place(const struct functions *functions, const size_t *order,
			  place_fn *place, const void *wanted, int least)
{
	size_t low = 0, high = functions->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (place(&functions->v[order[middle]], wanted) < least)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct function_run find_run(const struct functions *functions,
				    const size_t *order, place_fn *place,
				    const void *wanted)
{
	size_t first, end;

	if (!functions->n)
		return (struct function_run){ 0 };
	first = first_place(functions, order, place, wanted, 0);
	end = first_place(functions, order, place, wanted, 1);
	return (struct function_run){ order + first, end - first };
}

const struct function *functions_at_path(const struct functions *functions,
					 const char *path)
{
	struct function_run run;

	if (!*path)
		return NULL;
	run = find_run(functions, functions->by_path, place_of_path, path);
	return run.n ? &functions->v[run.v[0]] : NULL;
}

struct function_run functions_with_device(const struct functions *functions,
					  struct identity id)
{
	return find_run(functions, functions->by_identity, place_of_device, &id);
}

struct function_run functions_in_group(const struct functions *functions, int group)
{
	if (group == NO_GROUP)
		return (struct function_run){ 0 };
	return find_run(functions, functions->by_group, place_of_group, &group);
}

/* 0x0001 is a VGA adapter from before there were classes; the kernel counts it too
 * (include/linux/pci.h, pci_is_vga). */
bool function_is_display(const struct function *function)
{
	return function->class >> 16 == 0x03 || function->class >> 8 == 0x0001;
}

bool function_is_bridge(const struct function *function)
{
	return function->header_type != 0;
}

char *function_modalias(const struct function *function)
{
	const struct identity *id = &function->id;

	return xasprintf("pci:v%08Xd%08Xsv%08Xsd%08Xbc%02Xsc%02Xi%02X", id->vendor,
			 id->device, id->subsystem_vendor, id->subsystem_device,
			 function->class >> 16 & 0xff, function->class >> 8 & 0xff,
			 function->class & 0xff);
}
