/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a backend is added: a copy of this file in src/artifact, with the name of the
 * initramfs generator or boot loader. The tests compile it, so that it stays true.
 *
 * Beside the file, a backend is
 *
 * 1. a row of enum initramfs_kind or bootloader_kind, and its name, which is what the
 *    configuration calls it (src/facts/boot_chain.h);
 * 2. a function that tells from the files of a root whether it serves that root
 *    (src/probe/detect.h). That a program is installed is no proof: find what runs it;
 * 3. a row of backends[], and of artifact_paths[] each path whose present content it
 *    edits, replaces or reads (src/artifact/artifact.c); its prototype and its paths are
 *    in rendering.h;
 * 4. a kind of root (tests/roots/make) and a row of tests/contract/table: the words are
 *    where that tool reads them, the second run changes nothing, revert restores it all;
 * 5. for `check`, where its images or its menu are (src/probe/boot.h), and in evidence/
 *    what reads them, if no reader that is there does.
 *
 * A tool that cannot be tried is not written for: it gets a row in
 * src/artifact/by_hand.c, which tells the administrator what to add.
 */
#include "artifact/rendering.h"

/* A file of our own, where the tool reads such files: nothing of the user's is edited,
 * and to take it back is to remove it. */
#define EXAMPLE_PATH "/etc/example.conf.d/50-vfio-bootcfg.conf"

void example_render(struct rendering *rendering);

/* Names from a plan are of an alphabet that needs no quotes; say here why the tool loads
 * these before the drivers that compete for the devices, and where that is written. */
static void print_settings(FILE *out, const struct plan *plan)
{
	fputs("force_load = ", out);
	print_names(out, &plan->modules);
	fputc('\n', out);
}

void example_render(struct rendering *rendering)
{
	const struct plan *plan = rendering->plan;
	size_t size;
	char *text;
	FILE *out;

	/* Also for a plan that needs no file any more: the image still holds the old one.
	 */
	render_command(rendering, (const char *const[]){ "example", "--all", NULL });
	/* What is not rendered is taken back, if an earlier run wrote it. */
	if (!plan->modules.n)
		return;
	out = xopen_memstream(&text, &size);
	fputs(rendering_header, out);
	print_settings(out, plan);
	fclose(out);
	/* Where the tool has but one file, render_block() marks a part of it as ours. */
	render_file(rendering, EXAMPLE_PATH, 0644, text);
}
