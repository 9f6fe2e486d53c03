/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/dump_config.h"
#include "probe/dump_path.h"
#include "probe/dump_text.h"
#include "probe/names.h"
#include "probe/probe.h"
#include "sys/sealed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct dump {
	struct dumped *v;
	size_t n;
	size_t n_empty; /* functions without bytes */
};

static int read_file(const char *path, char **ret, size_t *ret_size)
{
	cleanup_fd int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode))
		return -EINVAL;
	return read_all(fd, DUMP_SIZE_MAX, ret, ret_size);
}

/* libpci gives them in the reverse of the order of the text. */
static void take_devices(const struct pci_access *access, struct dump *dump)
{
	for (struct pci_dev *device = access->devices; device; device = device->next) {
		struct dumped dumped;

		if (dump_read_config(device, &dumped))
			*array_add(dump->v, dump->n) = dumped;
		else
			dump->n_empty++;
	}
}

static int compare(const void *a, const void *b)
{
	const struct dumped *x = a, *y = b;

	return bdf_compare(&x->function.bdf, &y->function.bdf);
}

static bool same_content(const struct dumped *a, const struct dumped *b)
{
	return identity_equal(a->function.id, b->function.id) &&
	       a->function.class == b->function.class &&
	       a->function.header_type == b->function.header_type &&
	       a->buses.secondary == b->buses.secondary &&
	       a->buses.subordinate == b->buses.subordinate;
}

/* Sorts; of a function that stands in the text twice, one is kept. */
static void sort(struct dump *dump, const char *name, struct findings *findings)
{
	size_t kept = 0;

	if (dump->n)
		qsort(dump->v, dump->n, sizeof *dump->v, compare);
	for (size_t i = 0; i < dump->n; i++) {
		struct dumped *before = kept ? &dump->v[kept - 1] : NULL;

		if (!before || compare(before, &dump->v[i]) != 0)
			dump->v[kept++] = dump->v[i];
		else if (!same_content(before, &dump->v[i]))
			finding_at(findings_add(findings, SEVERITY_WARNING, "bad-dump",
						name, "%s is dumped twice, differently",
						bdf_text(before->function.bdf).s),
				   before->function.bdf);
	}
	dump->n = kept;
}

static int read_dump(const char *picked, size_t size, const char *name, struct dump *dump,
		     struct findings *findings)
{
	cleanup_libpci struct pci_access *access = libpci_new();
	cleanup_free char *path = NULL;
	cleanup_fd int fd = -1;
	const char *error;
	int r = sealed_copy(picked, size, &fd);

	if (r < 0)
		return r;
	path = xasprintf("/proc/self/fd/%d", fd);
	if (!libpci_open_dump(access, path, &error)) {
		findings_add(findings, SEVERITY_ERROR, "bad-dump", name, "libpci: %s",
			     error);
		return -EINVAL;
	}
	take_devices(access, dump);
	return 0;
}

static void fill_machine(const struct dump *dump, const char *name,
			 enum probe_names names, struct machine *ret,
			 struct findings *findings)
{
	struct machine machine = { .name = xstrdup(name), .has_functions = true };
	size_t n = dump->n;

	if (n > FUNCTIONS_MAX) {
		findings_add(findings, SEVERITY_ERROR, "too-many-functions", name,
			     "%zu functions are more than the %d that are read", n,
			     FUNCTIONS_MAX);
		n = FUNCTIONS_MAX;
	}
	if (dump->n_empty)
		findings_add(findings, SEVERITY_WARNING, "bad-dump", name,
			     "%zu functions are left out: their bytes are missing, or "
			     "all ff as of a device that does not answer",
			     dump->n_empty);
	dump_set_paths(dump->v, n);
	for (size_t i = 0; i < n; i++)
		*array_add(machine.functions.v, machine.functions.n) =
			dump->v[i].function;
	functions_index(&machine.functions);
	functions_describe(&machine.functions, names, findings);
	*ret = machine;
}

int probe_dump(const char *path, const char *name, enum probe_names names,
	       struct machine *ret, struct findings *findings)
{
	cleanup_free char *text = NULL, *picked = NULL;
	struct dump dump = { 0 };
	size_t n = 0, size;
	int r = read_file(path, &text, &n);

	if (r < 0) {
		findings_add(findings, SEVERITY_ERROR, "unreadable", name,
			     "cannot be read: %s", strerror(-r));
		return r;
	}
	picked = dump_text(text, n, name, findings, &size);
	if (!picked)
		return -EINVAL;
	r = read_dump(picked, size, name, &dump, findings);
	if (r == 0) {
		sort(&dump, name, findings);
		fill_machine(&dump, name, names, ret, findings);
	}
	free(dump.v);
	return r;
}
