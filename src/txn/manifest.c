/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "txn/manifest.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define HEADER "vfio-bootcfg manifest 1\n"

enum { MANIFEST_MAX = 1024 * 1024 };

uint64_t digest_of(const char *bytes, size_t n)
{
	uint64_t digest = 0xcbf29ce484222325;

	for (size_t i = 0; i < n; i++)
		digest = (digest ^ (unsigned char)bytes[i]) * 0x100000001b3;
	return digest;
}

/* One name a path: '/' and '%' are written as '%2f' and '%25'. */
char *manifest_original_path(const char *path)
{
	size_t size;
	char *name;
	FILE *out = xopen_memstream(&name, &size);

	fputs(MANIFEST_ORIGINALS "/", out);
	for (; *path; path++) {
		if (*path == '/' || *path == '%')
			fprintf(out, "%%%02x", (unsigned)*path);
		else
			putc(*path, out);
	}
	fclose(out);
	return name;
}

static int compare_files(const void *a, const void *b)
{
	const struct manifest_file *x = a, *y = b;

	return strcmp(x->path, y->path);
}

struct manifest_file *manifest_find(const struct manifest *manifest, const char *path)
{
	struct manifest_file key = { .path = (char *)path };

	if (!manifest->n)
		return NULL;
	return bsearch(&key, manifest->v, manifest->n, sizeof key, compare_files);
}

void manifest_set(struct manifest *manifest, const char *path, uint64_t digest,
		  bool existed)
{
	struct manifest_file *file = manifest_find(manifest, path);

	if (!file) {
		file = array_add(manifest->v, manifest->n);
		file->path = xstrdup(path);
		file->existed = existed;
		file->digest = digest;
		qsort(manifest->v, manifest->n, sizeof *file, compare_files);
		return;
	}
	file->digest = digest;
	file->existed = existed;
}

void manifest_drop(struct manifest *manifest, const char *path)
{
	struct manifest_file *file = manifest_find(manifest, path);
	size_t after;

	if (!file)
		return;
	free(file->path);
	after = manifest->n - (size_t)(file - manifest->v) - 1;
	memmove(file, file + 1, after * sizeof *file);
	manifest->n--;
	/* array_add() finds the room from n alone: see base/strings.c, strings_sort(). */
	manifest->v = xreallocarray(manifest->v, 2 * manifest->n + 1, sizeof *file);
}

static bool parse_line(const char *line, struct manifest *manifest)
{
	char existed[8];
	uint64_t digest;
	int path = 0;

	if (strncmp(line, "directory /", 11) == 0) {
		strings_add(&manifest->directories, line + 10);
		return true;
	}
	if (sscanf(line, "file %16" SCNx64 " %7s %n", &digest, existed, &path) < 2 ||
	    !path || line[path] != '/' ||
	    (strcmp(existed, "existed") != 0 && strcmp(existed, "absent") != 0))
		return false;
	manifest_set(manifest, line + path, digest, strcmp(existed, "existed") == 0);
	return true;
}

static int parse(const char *text, struct manifest *ret, struct findings *findings)
{
	cleanup_strings struct strings lines = { 0 };

	if (strncmp(text, HEADER, strlen(HEADER)) != 0) {
		findings_add(findings, SEVERITY_ERROR, "state-damaged",
			     MANIFEST_PATH ":1", "expected 'vfio-bootcfg manifest 1'");
		return -EINVAL;
	}
	strings_split(&lines, text + strlen(HEADER), "\n");
	for (size_t i = 0; i < lines.n; i++) {
		cleanup_free char *where = xasprintf(MANIFEST_PATH ":%zu", i + 2);

		if (parse_line(lines.v[i], ret))
			continue;
		findings_add(
			findings, SEVERITY_ERROR, "state-damaged", where,
			"expected 'file DIGEST existed|absent PATH' or 'directory PATH'");
		return -EINVAL;
	}
	return 0;
}

int manifest_read(const struct root *root, struct manifest *ret,
		  struct findings *findings)
{
	cleanup_free char *text = NULL;
	size_t n;
	int r = root_read(root, MANIFEST_PATH, MANIFEST_MAX, &text, &n);

	if (r == -ENOENT || r == -ENOTDIR)
		return 0;
	if (r < 0) {
		cleanup_free char *where = root_where(root, MANIFEST_PATH);

		struct finding *finding = findings_add(
			findings, SEVERITY_ERROR, "unreadable", where,
			"cannot read what was written last: %s", strerror(-r));

		if (r == -EACCES)
			finding_remedy(finding, "run it as root");
		return r;
	}
	return parse(text, ret, findings);
}

char *manifest_format(const struct manifest *manifest)
{
	size_t size;
	char *text;
	FILE *out = xopen_memstream(&text, &size);

	fputs(HEADER, out);
	for (size_t i = 0; i < manifest->directories.n; i++)
		fprintf(out, "directory %s\n", manifest->directories.v[i]);
	for (size_t i = 0; i < manifest->n; i++)
		fprintf(out, "file %016" PRIx64 " %s %s\n", manifest->v[i].digest,
			manifest->v[i].existed ? "existed" : "absent",
			manifest->v[i].path);
	fclose(out);
	return text;
}

void manifest_free(struct manifest *manifest)
{
	for (size_t i = 0; i < manifest->n; i++)
		free(manifest->v[i].path);
	free(manifest->v);
	strings_free(&manifest->directories);
	*manifest = (struct manifest){ 0 };
}
