/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Configuration files that stand in the test: text in, findings out. */
#pragma once

#include "config/config.h"
#include "unit/check.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { FILES_MAX = 4 };

struct test_file {
	const char *name;
	const char *text;
	size_t n; /* 0: as long as the string */
};

struct test_config {
	struct config config;
	struct findings findings;
};

static inline int sealed_copy(const char *bytes, size_t n, char **ret_path)
{
	int fd = memfd_create("config", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, n), n);
	*ret_path = xasprintf("/proc/self/fd/%d", fd);
	return fd;
}

/* Reads up to FILES_MAX files; one without a name ends the list. */
static inline void parse_files(const struct test_file *files, struct test_config *ret)
{
	struct config_source sources[FILES_MAX] = { 0 };
	char *paths[FILES_MAX] = { 0 };
	int fds[FILES_MAX];
	size_t n = 0;

	*ret = (struct test_config){ 0 };
	for (; n < FILES_MAX && files[n].name; n++) {
		size_t size = files[n].n ? files[n].n : strlen(files[n].text);

		fds[n] = sealed_copy(files[n].text, size, &paths[n]);
		sources[n] = (struct config_source){ files[n].name, files[n].text, size,
						     paths[n] };
	}
	config_parse(sources, n, &ret->config, &ret->findings);
	for (size_t i = 0; i < n; i++) {
		close(fds[i]);
		free(paths[i]);
	}
}

static inline void parse_text(const char *text, struct test_config *ret)
{
	const struct test_file files[FILES_MAX] = { { "a.conf", text, 0 } };

	parse_files(files, ret);
}

static inline void test_config_free(struct test_config *parsed)
{
	config_free(&parsed->config);
	findings_free(&parsed->findings);
}

/* All findings, one a line: 'WHERE: CODE: MESSAGE'. The caller frees it. */
static inline char *findings_text(const struct findings *findings)
{
	char *text;
	size_t size;
	FILE *out = xopen_memstream(&text, &size);

	for (size_t i = 0; i < findings->n; i++)
		fprintf(out, "%s: %s: %s\n",
			findings->v[i].where ? findings->v[i].where : "-",
			findings->v[i].code, findings->v[i].message);
	fclose(out);
	return text;
}
