/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The scene of most tests: one GPU that is to be reserved. */
#pragma once

#include "unit/verify/scene.h"

#define GPU   "0000:29:00.0"
#define ID    "1002:68c8:174b:3000"
#define BEGIN "[    0.000000] Linux version 6.12.1 (x@y) #1\n"
/* What shows that nothing of the log was lost. */
#define WHOLE                                                          \
	"[    0.000000] ACPI: RSDP 0x00000000000F5910 000014 (v00 )\n" \
	"[    0.500000] Freeing unused kernel image (initmem) memory: 2708K\n"

/* One GPU with its driver, alone in its group; the log is whole. */
static inline void begin_gpu(struct scene *scene, const char *driver)
{
	scene_begin(scene);
	scene_function(scene, GPU, ID, 0x030000, driver, 16);
	scene_competitor(scene_target(scene, GPU, ID), "radeon", false);
	strings_add(&scene->machine.device_nodes, "/dev/vfio/16");
}

static inline void judge_gpu(struct scene *scene, const char *log)
{
	cleanup_free char *text = xasprintf("%s%s%s", BEGIN, log, WHOLE);

	scene_log(scene, text);
	scene_judge(scene);
}

static inline const struct check_result *gpu_result(const struct scene *scene,
						    const char *code)
{
	const struct check_result *result = result_of(&scene->verification, code, GPU);

	assert_non_null(result);
	return result;
}

static inline void assert_says(const char *text, const char *part)
{
	if (!text || !strstr(text, part))
		fail_msg("'%s' does not say '%s'", text ? text : "(nothing)", part);
}
