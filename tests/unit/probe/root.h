/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A root that tests/roots/make built, what is added to it, and what probe_system() says
 * of it. */
#pragma once

#include "probe/probe.h"
#include "unit/check.h"
#include "unit/sys/folder.h"

/* The machine and the root of one test. */
struct site {
	struct root root;
	struct machine machine;
	struct system system;
	struct findings findings;
};

/* Runs a program of the test's machine; a test that needs it fails where it is missing.
 */
static inline void site_run(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
static inline void site_run(const char *format, ...)
{
	cleanup_free char *command = NULL;
	va_list arguments;

	va_start(arguments, format);
	command = xvasprintf(format, arguments);
	va_end(arguments);
	assert_int_equal(system(command), 0);
}

/* Where the kinds are kept that were made already: a copy takes milliseconds. */
static char site_kinds[4096];

static inline int site_begin_group(void **state)
{
	strcpy(site_kinds, folder_make());
	return 0;
}

static inline int site_end_group(void **state)
{
	strcpy(folder_root, site_kinds);
	folder_remove();
	return 0;
}

static inline void site_copy(const char *kind)
{
	cleanup_free char *made = xasprintf("%s/%s", site_kinds, kind);

	if (access(made, F_OK) != 0)
		site_run("sh '%s/roots/make' %s '%s'", TEST_DATA, kind, made);
	site_run("cp -a '%s/.' '%s'", made, folder_root);
}

/* A root of that kind (tests/roots/make), or an empty folder where it is NULL. */
static inline void site_begin(struct site *site, const char *kind)
{
	*site = (struct site){ 0 };
	folder_make();
	if (kind)
		site_copy(kind);
	assert_int_equal(root_open(folder_root, &site->root), 0);
	site->machine.has_functions = site->machine.has_sysfs = true;
}

static inline void site_end(struct site *site)
{
	root_close(&site->root);
	machine_free(&site->machine);
	system_free(&site->system);
	findings_free(&site->findings);
	folder_remove();
}

/* It sits at an address of its own. */
static inline struct function *site_function(struct site *site, const char *identity,
					     uint32_t class)
{
	struct functions *functions = &site->machine.functions;
	struct function *function = array_add(functions->v, functions->n);
	struct identity_pattern pattern;

	assert_true(identity_pattern_parse(identity, &pattern));
	function->id = pattern.id;
	function->class = class;
	function->bdf.domain = (uint32_t)functions->n;
	function->description = xstrdup("");
	function->iommu_group = NO_GROUP;
	return function;
}

static inline void site_probe_files(struct site *site, const char *const *paths, size_t n)
{
	system_free(&site->system);
	findings_free(&site->findings);
	assert_int_equal(probe_system(&site->root, &site->machine, "vfio-pci", paths, n,
				      &site->system, &site->findings),
			 0);
}

static inline void site_probe(struct site *site)
{
	site_probe_files(site, NULL, 0);
}

/* 'radeon amdgpu+ …': the matches of a function in a kernel, '+' behind what is built in.
 * The caller frees it. */
static inline char *site_matches(const struct site *site, size_t kernel,
				 const struct function *function)
{
	cleanup_free char *modalias = function_modalias(function);
	struct modules modules = kernel_matches(&site->system.kernels[kernel], modalias);
	cleanup_strings struct strings words = { 0 };

	for (size_t i = 0; i < modules.n; i++)
		strings_take(&words,
			     xasprintf("%s%s", modules.v[i].name,
				       modules.v[i].state == MODULE_BUILTIN ? "+" : ""));
	return strings_join(&words, " ");
}

/* The one finding of that code. Borrowed from the site. */
static inline struct finding site_finding(const struct site *site, const char *code)
{
	struct finding found = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < site->findings.n; i++)
		if (strcmp(site->findings.v[i].code, code) == 0) {
			found = site->findings.v[i];
			n++;
		}
	assert_int_equal(n, 1);
	return found;
}
