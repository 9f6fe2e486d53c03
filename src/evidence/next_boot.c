/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/next_boot.h"

#include <stdlib.h>

static void image_evidence_free(struct boot_image *image)
{
	for (size_t i = 0; i < image->n_rules; i++) {
		free(image->rules[i].where);
		free(image->rules[i].module);
		free(image->rules[i].text);
	}
	free(image->rules);
	free(image->path);
	image_free(&image->image);
}

void next_boot_free(struct next_boot *next)
{
	for (size_t i = 0; i < next->n_kernels; i++) {
		free(next->kernels[i].release);
		image_evidence_free(&next->kernels[i].image);
	}
	for (size_t i = 0; i < next->n_sources; i++) {
		free(next->sources[i].path);
		free(next->sources[i].text);
	}
	for (size_t i = 0; i < next->n_files; i++) {
		free(next->files[i].path);
		free(next->files[i].bytes);
	}
	free(next->kernels);
	free(next->sources);
	free(next->files);
	free(next->menu_path);
	free(next->refused);
	free(next->cmdline_lost_at);
	boot_menu_free(&next->menu);
	*next = (struct next_boot){ 0 };
}
