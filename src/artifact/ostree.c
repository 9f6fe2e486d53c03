/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ostree and bootc. An image that is being built carries its arguments in a file, which
 * bootc brings to every machine that it updates. A machine that runs one is only changed
 * by rpm-ostree, as a new deployment: the one before keeps what it has.
 */
#include "artifact/entry_text.h"
#include "artifact/rendering.h"

#include <stdlib.h>
#include <string.h>

/* As a string of TOML. */
static void print_string(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++)
		fprintf(out, "%s%c", *text == '"' || *text == '\\' ? "\\" : "", *text);
	fputc('"', out);
}

static char *kargs(const struct plan *plan)
{
	size_t size;
	char *text;
	FILE *out = xopen_memstream(&text, &size);

	fprintf(out, "%skargs = [", rendering_header);
	for (size_t i = 0; i < plan->cmdline.n; i++) {
		fputs(i ? ", " : "", out);
		print_string(out, plan->cmdline.v[i]);
	}
	fputs("]\n", out);
	fclose(out);
	return text;
}

/* 'ostree-2.conf' is the deployment that boots next where 'ostree-1.conf' is there, too
 * (ostree, ostree_sysroot_write_deployments). The caller frees it. */
static char *deployed_options(const struct system *system)
{
	static const char prefix[] = "/boot/loader/entries/ostree-";
	const struct file *newest = NULL;

	for (size_t i = 0; i < system->n_files; i++) {
		const struct file *file = &system->files[i];

		if (file->exists && strncmp(file->path, prefix, strlen(prefix)) == 0 &&
		    (!newest || strverscmp(file->path, newest->path) > 0))
			newest = file;
	}
	if (newest)
		return entry_options(newest->bytes);
	return system->chain.running_cmdline ? xstrdup(system->chain.running_cmdline)
					     : NULL;
}

static void take_kargs_back(struct rendering *rendering, const struct strings *words)
{
	cleanup_strings struct strings arguments = { 0 };
	const char **argv = xcalloc(words->n + 3, sizeof *argv);

	argv[0] = "rpm-ostree";
	argv[1] = "kargs";
	for (size_t i = 0; i < words->n; i++) {
		strings_take(&arguments,
			     xasprintf("--delete-if-present=%s", words->v[i]));
		argv[i + 2] = arguments.v[i];
	}
	render_way_back(rendering, words->n ? argv : NULL);
	free(argv);
}

/* rpm-ostree compares whole words, so that ids that have changed would be added to the
 * old ones. */
static void add_kargs_command(struct rendering *rendering)
{
	static const char place[] = "rpm-ostree";
	const struct strings *before = token_record_at(&rendering->record_before, place);
	const struct strings *wanted = &rendering->plan->cmdline;
	cleanup_strings struct strings argv = { 0 };
	cleanup_free char *options = deployed_options(rendering->plan->system);
	struct strings words = { 0 };

	strings_add(&argv, "rpm-ostree");
	strings_add(&argv, "kargs");
	for (size_t i = 0; i < before->n; i++)
		if (!strings_has(wanted, before->v[i]))
			strings_take(&argv,
				     xasprintf("--delete-if-present=%s", before->v[i]));
	for (size_t i = 0; i < wanted->n; i++)
		strings_take(&argv, xasprintf("--append-if-missing=%s", wanted->v[i]));
	render_command_list(rendering, &argv);
	list_added(options, before, wanted, &words);
	take_kargs_back(rendering, &words);
	token_record_add(&rendering->record, place, &words);
}

/* The image of the deployment was made elsewhere, and has no driver of VFIO in it. */
static void add_initramfs_command(struct rendering *rendering)
{
	const struct plan *plan = rendering->plan;
	cleanup_free char *modules = strings_join(&plan->modules, " ");
	cleanup_free char *argument = xasprintf("--arg=%s", modules);

	if (!plan->uses_initramfs[INITRAMFS_DRACUT])
		return;
	if (plan->modules.n) {
		render_command(rendering,
			       (const char *const[]){ "rpm-ostree", "initramfs",
						      "--enable", "--arg=--force-drivers",
						      argument, NULL });
		render_way_back(rendering,
				(const char *const[]){ "rpm-ostree", "initramfs",
						       "--disable", NULL });
	}
	if (plan->n_softdeps) {
		render_command(rendering,
			       (const char *const[]){ "rpm-ostree", "initramfs-etc",
						      "--track=" MODPROBE_PATH, NULL });
		render_way_back(rendering, (const char *const[]){
						   "rpm-ostree", "initramfs-etc",
						   "--untrack=" MODPROBE_PATH, NULL });
	}
}

static void answer_bootc(struct rendering *rendering)
{
	cleanup_free char *text = kargs(rendering->plan);

	finding_remedy(
		findings_add(
			rendering->findings, SEVERITY_WARNING, "by-hand",
			BOOTC_KARGS_PATH,
			"bootc takes arguments from its image alone, and rpm-ostree is not here: the image needs this file with the line below"),
		"%s", strstr(text, "kargs = "));
}

void ostree_render(struct rendering *rendering)
{
	const struct boot_chain *chain = &rendering->plan->system->chain;

	if (!chain->is_ostree_deployed) {
		render_file(rendering, BOOTC_KARGS_PATH, 0644, kargs(rendering->plan));
	} else if (chain->has_rpm_ostree) {
		add_kargs_command(rendering);
		add_initramfs_command(rendering);
	} else {
		answer_bootc(rendering);
	}
}
