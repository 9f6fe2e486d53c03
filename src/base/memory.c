/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

void *xcalloc(size_t n, size_t size)
{
	return must(calloc(n, size));
}

void *xreallocarray(void *p, size_t n, size_t size)
{
	return must(reallocarray(p, n, size));
}

char *xstrdup(const char *text)
{
	return must(strdup(text));
}

char *xstrndup(const char *text, size_t n)
{
	return must(strndup(text, n));
}

char *xvasprintf(const char *format, va_list arguments)
{
	char *text;

	if (vasprintf(&text, format, arguments) < 0)
		abort();
	return text;
}

char *xasprintf(const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = xvasprintf(format, arguments);
	va_end(arguments);
	return text;
}

FILE *xopen_memstream(char **ret, size_t *ret_size)
{
	return must(open_memstream(ret, ret_size));
}

void *array_room(void *v, size_t n, size_t size)
{
	/* Full exactly when n is 0 or a power of two: no capacity has to be kept. */
	if ((n & (n - 1)) == 0)
		v = xreallocarray(v, n ? 2 * n : 1, size);
	assert(v);
	memset((char *)v + n * size, 0, size);
	return v;
}

int steal_fd(int *fd)
{
	int stolen = *fd;

	*fd = -1;
	return stolen;
}

void cleanup_free_ptr(void *p)
{
	free(*(void **)p);
}

void cleanup_close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

void cleanup_close_file(FILE **file)
{
	if (*file)
		fclose(*file);
}
