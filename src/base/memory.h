/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ownership: allocation that cannot fail, and locals that free themselves.
 * Running out of memory aborts: nothing is visible outside before a transaction
 * commits, and sizes from outside are capped before they are allocated.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

void *xcalloc(size_t n, size_t size) __attribute__((malloc, returns_nonnull));
void *xreallocarray(void *p, size_t n, size_t size) __attribute__((returns_nonnull));
char *xstrdup(const char *text) __attribute__((malloc, returns_nonnull));
char *xstrndup(const char *text, size_t n) __attribute__((malloc, returns_nonnull));
char *xasprintf(const char *format, ...)
	__attribute__((format(printf, 1, 2), malloc, returns_nonnull));
char *xvasprintf(const char *format, va_list arguments)
	__attribute__((format(printf, 1, 0), malloc, returns_nonnull));

/* A stream that writes into *ret; fclose() it before reading *ret. Never NULL. */
FILE *xopen_memstream(char **ret, size_t *ret_size) __attribute__((returns_nonnull));

/*
 * Appends to `T *v; size_t n;`: makes room for one more, counts it, and gives the
 * new, zeroed element. Room doubles, so n elements cost O(n).
 *
 *	struct target *target = array_add(plan->targets.v, plan->targets.n);
 */
#define array_add(v, n) ((v) = array_room((v), (n), sizeof *(v)), &(v)[(n)++])

void *array_room(void *v, size_t n, size_t size) __attribute__((returns_nonnull));

/* Hands a pointer over: *p becomes NULL, so that its cleanup frees nothing. */
#define steal_ptr(p)                         \
	({                                   \
		__typeof__(p) stolen_ = (p); \
		(p) = NULL;                  \
		stolen_;                     \
	})

/* The same for a descriptor, which becomes -1. */
int steal_fd(int *fd);

void cleanup_free_ptr(void *p);
void cleanup_close_fd(int *fd);
void cleanup_close_file(FILE **file);

#define cleanup(function) __attribute__((cleanup(function)))
#define cleanup_free	  cleanup(cleanup_free_ptr)
#define cleanup_fd	  cleanup(cleanup_close_fd)
#define cleanup_file	  cleanup(cleanup_close_file)
