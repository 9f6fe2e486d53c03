/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the administrator settled before us: of modules in modprobe.d, of functions with
 * driverctl. */
#pragma once

#include "base/finding.h"
#include "facts/system.h"
#include "sys/root.h"

/*
 * Those of `all` that apply to `modules`, in their order: of `install`, which names
 * patterns, the first that matches a module alone counts (kmod, libkmod-module.c,
 * kmod_module_get_install_commands).
 */
void settings_of_modules(const struct settings *all, const struct strings *modules,
			 struct settings *ret);

/* Fills system->overrides, from /etc/driverctl.d. */
void probe_overrides(const struct root *root, struct system *system,
		     struct findings *findings);
