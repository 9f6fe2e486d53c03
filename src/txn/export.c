/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/write.h"
#include "txn/transaction.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static int export_one(const struct root *root, const struct artifact *artifact)
{
	cleanup_free char *parent = xstrdup(artifact->path);
	int r;

	*strrchr(parent, '/') = '\0';
	r = write_mkdirs(root, parent);
	if (r == 0)
		r = write_unlink(root, artifact->path);
	if (r == 0)
		r = write_new(root, artifact->path, artifact->bytes, artifact->size,
			      artifact->mode, NULL);
	return r;
}

int transaction_export(const char *directory, const struct artifacts *artifacts,
		       struct findings *findings)
{
	cleanup_root struct root root = { .fd = -1 };
	const char *path = "";
	int r = mkdir(directory, 0755) < 0 && errno != EEXIST ? -errno : 0;

	if (r == 0)
		r = root_open(directory, &root);
	for (size_t i = 0; i < artifacts->n && r == 0; i++) {
		path = artifacts->v[i].path;
		r = export_one(&root, &artifacts->v[i]);
	}
	if (r < 0)
		findings_add(findings, SEVERITY_ERROR, "write-failed", directory,
			     "cannot write '%s%s': %s", directory, path, strerror(-r));
	return r;
}
