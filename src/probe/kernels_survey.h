/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which modules compete for the functions of a machine, kernel by kernel, while the
 * kernels may still learn from each other. Private to kernels*.c.
 */
#pragma once

#include "facts/machine.h"
#include "probe/kernels_index.h"
#include "probe/kernels_modprobe.h"
#include "probe/kernels_sightings.h"

struct survey {
	const char *release; /* Borrowed from the kernel. */
	struct kernel_index index;
	struct sightings sightings; /* sorted */
};

/* All of them, in the order of system->kernels, and what is asked of each. */
struct surveys {
	struct survey *v;
	size_t n;
	const struct machine *machine;
	char *driver;		   /* the module of the configured one */
	struct strings modaliases; /* of the machine, sorted */
	struct strings reserving;  /* names of modules that do not compete, sorted */
	struct modprobe modprobe;
};

/* The modules that the aliases of the kernel itself name. */
void survey_aliases(const struct surveys *surveys, struct survey *survey);

/*
 * What is built in, as far as the kernel's own index does not say it, which none did
 * before 7: by the aliases that other kernels have for modules of the same name, and by
 * the drivers that hold functions now. Once all kernels have their aliases.
 */
void surveys_find_builtin(struct surveys *surveys);

/* Module names have underscores where names of drivers may have dashes. The caller frees
 * it. */
char *kernels_module_name(const char *driver);
