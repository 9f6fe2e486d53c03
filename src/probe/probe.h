/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fills facts and evidence from a machine's files and from a root. Decides nothing. What
 * cannot be read stays unknown; a device that vanishes while it is read is left out.
 */
#pragma once

#include "base/finding.h"
#include "facts/machine.h"
#include "facts/system.h"
#include "sys/root.h"
#include "sys/tree.h"

/* Whether names are looked up in pci.ids, which costs a few milliseconds. */
enum probe_names { PROBE_NAMES, PROBE_NO_NAMES };

/* From sysfs and procfs. `name` is how findings call the machine. */
void probe_machine(const struct tree *tree, const char *name, enum probe_names names,
		   struct machine *ret, struct findings *findings);

/*
 * From what `lspci -x` (to -xxxx) printed: functions with identity, class and, where the
 * bridges are in it, path; nothing else is known. -EINVAL with an error in *findings
 * where the text is no such dump. libpci reads it, by the path of a file.
 */
int probe_dump(const char *path, const char *name, enum probe_names names,
	       struct machine *ret, struct findings *findings);

/*
 * From a root. Aliases and softdeps are looked up in each kernel's own index for every
 * function of `machine`; `driver` is the reserving driver whose state is asked too.
 * `paths` are the files whose content is read into system.files.
 */
int probe_system(const struct root *root, const struct machine *machine,
		 const char *driver, const char *const *paths, size_t n_paths,
		 struct system *ret, struct findings *findings);
