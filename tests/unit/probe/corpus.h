/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Strangers' data, which is not ours to copy: read from the folder that
 * VFIO_BOOTCFG_CORPUS names, and skipped, loudly, where there is none.
 */
#pragma once

#include "base/memory.h"
#include "base/strings.h"
#include "unit/check.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline char *corpus_path(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
static inline char *corpus_path(const char *format, ...)
{
	const char *folder = getenv("VFIO_BOOTCFG_CORPUS");
	cleanup_free char *name = NULL;
	va_list arguments;

	va_start(arguments, format);
	name = xvasprintf(format, arguments);
	va_end(arguments);
	return xasprintf("%s/%s", folder ? folder : TEST_DATA "/../../shared/corpus",
			 name);
}

/* The names of the files in a folder that begin and end so, without that end; says what
 * is skipped where there are none. */
static inline struct strings corpus_list(const char *folder, const char *begin,
					 const char *end)
{
	cleanup_free char *path = corpus_path("%s", folder);
	struct strings names = { 0 };
	DIR *directory = opendir(path);
	const struct dirent *entry;

	while (directory && (entry = readdir(directory))) {
		size_t n = strlen(entry->d_name), length = strlen(end);

		if (n > length && strcmp(entry->d_name + n - length, end) == 0 &&
		    strncmp(entry->d_name, begin, strlen(begin)) == 0)
			strings_take(&names, xstrndup(entry->d_name, n - length));
	}
	if (directory)
		closedir(directory);
	strings_sort(&names);
	if (!names.n)
		fprintf(stderr, "skipped: there is no '%s/%s*%s' (VFIO_BOOTCFG_CORPUS)\n",
			path, begin, end);
	return names;
}

/* A whole file, NUL-terminated. The caller frees it. */
static inline char *read_whole(const char *path, size_t *ret_size)
{
	FILE *file = fopen(path, "re");
	char *text;

	if (!file)
		fail_msg("'%s' cannot be opened", path);
	text = xcalloc(64 << 20, 1);
	*ret_size = fread(text, 1, (64 << 20) - 1, file);
	fclose(file);
	return text;
}
