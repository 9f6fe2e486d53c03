/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GRUB: /etc/default/grub is a shell script that grub-mkconfig sources, and in the Debian
 * family the files of grub.d after it. Our tokens go to GRUB_CMDLINE_LINUX_DEFAULT, which
 * recovery entries do not get (10_linux), by one more line behind all others.
 */
#include "artifact/managed_block.h"
#include "artifact/rendering.h"
#include "artifact/shell_words.h"
#include "base/cmdline.h"
#include "embedded/grub_cmdline.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define VARIABLE "GRUB_CMDLINE_LINUX_DEFAULT"

/* For our words, where it is only asked whether they stay. */
#define STAND_IN "words_of_vfio_bootcfg"

static const char *const variables[] = { VARIABLE, NULL };

/* The scripts that set the user's command line, in the order in which they are run. */
struct sources {
	struct shell_source *v;
	size_t n;
	char *rest; /* of GRUB_PATH without our block, which its script borrows from */
};

static void sources_free(struct sources *sources)
{
	for (size_t i = 0; i < sources->n; i++)
		shell_script_free(&sources->v[i].script);
	free(sources->v);
	free(sources->rest);
}

static void add_source(struct sources *sources, const char *name, const char *text,
		       size_t n)
{
	struct shell_source *source = array_add(sources->v, sources->n);

	source->name = name;
	shell_script_read(text, n, &source->script);
}

static void add_main_file(const struct system *system, struct sources *sources)
{
	const struct file *file = system_file(system, GRUB_PATH);
	cleanup_findings struct findings ignored = { 0 };
	struct managed_block block = { 0 };
	size_t size;

	if (!file || !file->exists)
		return;
	managed_block_find(file->bytes, file->size, GRUB_PATH, &block, &ignored);
	sources->rest = managed_block_remove(file->bytes, file->size, &block, &size);
	add_source(sources, GRUB_PATH, sources->rest, size);
}

/* What the glob of grub-mkconfig finds, except for our own. */
static bool is_dropin(const char *path)
{
	size_t n = strlen(path), folder = strlen(GRUB_DROPIN_FOLDER);

	return strncmp(path, GRUB_DROPIN_FOLDER, folder) == 0 && path[folder] != '.' &&
	       n >= folder + 4 && strcmp(path + n - 4, ".cfg") == 0 &&
	       strcmp(path, GRUB_DROPIN_PATH) != 0;
}

/* Those that sort between the two paths; NULL `to` for all behind the first. */
static void add_dropins(const struct system *system, const char *from, const char *to,
			struct sources *sources)
{
	for (size_t i = 0; i < system->n_files; i++) {
		const struct file *file = &system->files[i];

		if (file->exists && is_dropin(file->path) &&
		    strcmp(file->path, from) > 0 && (!to || strcmp(file->path, to) < 0))
			add_source(sources, file->path, file->bytes, file->size);
	}
}

static void add_unknown(struct findings *findings, const char *variable,
			const struct shell_value *value)
{
	findings_add(
		findings, SEVERITY_WARNING, "grub-unclear", value->where,
		"what '%s' holds is only known when the shell runs it: words that it already has are given twice",
		variable);
}

/* The user's part of the command line of a normal entry (10_linux). False, with a
 * warning, where it cannot be told. */
static bool read_cmdline(const struct sources *sources, struct cmdline *ret,
			 struct findings *findings)
{
	static const char *const parts[] = { "GRUB_CMDLINE_LINUX", VARIABLE };
	cleanup_strings struct strings values = { 0 };
	cleanup_free char *text = NULL;
	bool is_known = true;

	for (size_t i = 0; i < 2 && is_known; i++) {
		cleanup_shell_value struct shell_value value = { 0 };

		shell_value_after(sources->v, sources->n, parts[i], &value);
		is_known = value.is_known;
		if (!is_known)
			add_unknown(findings, parts[i], &value);
		else if (value.text)
			strings_take(&values, steal_ptr(value.text));
	}
	if (!is_known)
		return false;
	text = strings_join(&values, " ");
	cmdline_parse(text, ret);
	return true;
}

static void warn_of_end(const struct cmdline *present, struct findings *findings)
{
	if (present->n_kernel < present->n)
		finding_remedy(
			findings_add(
				findings, SEVERITY_WARNING, "grub-double-dash", GRUB_PATH,
				"the command line has '--', and the kernel does not read what follows it"),
			"remove '--' from GRUB_CMDLINE_LINUX and " VARIABLE);
}

/* The tokens of the plan that the user does not have already. */
static struct strings missing_tokens(struct rendering *rendering)
{
	const struct system *system = rendering->plan->system;
	const struct strings *wanted = &rendering->plan->cmdline;
	cleanup(sources_free) struct sources sources = { 0 };
	cleanup_cmdline struct cmdline present = { 0 };
	struct strings missing = { 0 };
	bool is_known;

	add_main_file(system, &sources);
	if (system->grub_reads_dropins)
		add_dropins(system, "", NULL, &sources);
	is_known = read_cmdline(&sources, &present, rendering->findings);
	warn_of_end(&present, rendering->findings);
	for (size_t i = 0; i < wanted->n; i++)
		if (!is_known || !cmdline_has(&present, wanted->v[i]))
			strings_add(&missing, wanted->v[i]);
	return missing;
}

/* Whether ours is lost after the first `n` of the sources; *ret_where is what did it. */
static bool is_lost(const struct sources *sources, size_t n, char **ret_where)
{
	cleanup_shell_value struct shell_value value = { 0 };

	shell_value_after(sources->v, n, VARIABLE, &value);
	if (!value.is_known || (value.text && strstr(value.text, STAND_IN)))
		return false;
	*ret_where = steal_ptr(value.where);
	return true;
}

/* A drop-in behind ours that gives the variable another value takes our words with it. */
static void warn_of_loss(struct rendering *rendering)
{
	static const char ours[] = VARIABLE "=" STAND_IN "\n";
	const struct system *system = rendering->plan->system;
	cleanup(sources_free) struct sources sources = { 0 };
	cleanup_free char *last = NULL, *first = NULL;
	size_t n;

	add_main_file(system, &sources);
	add_dropins(system, "", GRUB_DROPIN_PATH, &sources);
	add_source(&sources, GRUB_DROPIN_PATH, ours, sizeof ours - 1);
	n = sources.n;
	add_dropins(system, GRUB_DROPIN_PATH, NULL, &sources);
	if (!is_lost(&sources, sources.n, &last))
		return;
	while (!is_lost(&sources, n, &first))
		n++;
	finding_remedy(
		findings_add(rendering->findings, SEVERITY_WARNING, "grub-overwritten",
			     first,
			     "the words of '" GRUB_DROPIN_PATH
			     "' are lost: this file is read later, and sets '" VARIABLE
			     "' anew"),
		"move that line to a file of that folder that sorts before 'zz-vfio-bootcfg.cfg', or write '" VARIABLE
		"=\"$" VARIABLE " …\"', and run it again");
	rendering->artifacts->cmdline_lost_at = steal_ptr(first);
}

/* Prints a token for the inside of double quotes. */
static void print_token(FILE *out, const char *token)
{
	for (const char *c = token; *c; c++) {
		/* A plan has nothing that the shell or GRUB would expand. */
		assert(*c >= ' ' && *c <= '~' && !strchr("$`\\'", *c));
		fprintf(out, "%s%c", *c == '"' ? "\\" : "", *c);
	}
}

/* `indent` stands before each line that is a command. */
static char *settings(const struct strings *tokens, const char *indent)
{
	cleanup_free char *words = NULL;
	size_t size;
	FILE *out = xopen_memstream(&words, &size);

	for (size_t i = 0; i < tokens->n; i++) {
		fputs(i ? " " : "", out);
		print_token(out, tokens->v[i]);
	}
	fclose(out);
	return fill_in(grub_cmdline,
		       (const char *const[]){ "HEADER", rendering_header, "INDENT",
					      indent, "TOKENS", words, NULL });
}

/* How the menu is made anew. The distributions that name it grub2-mkconfig keep it in
 * /boot/grub2; that folder itself is often closed to all but root. */
static void add_command(struct rendering *rendering)
{
	static const char *const debian[] = { "update-grub", NULL };
	static const char *const grub[] = { "grub-mkconfig", "-o", "/boot/grub/grub.cfg",
					    NULL };
	static const char *const grub2[] = { "grub2-mkconfig", "-o",
					     "/boot/grub2/grub.cfg", NULL };
	const struct system *system = rendering->plan->system;
	const struct file *mkconfig = system_file(system, GRUB2_MKCONFIG_PATH);

	if (system->grub_reads_dropins)
		render_command(rendering, debian);
	else
		render_command(rendering, mkconfig && mkconfig->exists ? grub2 : grub);
	render_proxmox_refresh(rendering);
}

void grub_render(struct rendering *rendering)
{
	const struct plan *plan = rendering->plan;
	cleanup_strings struct strings tokens = missing_tokens(rendering);
	cleanup_free char *text = tokens.n ? settings(&tokens, "") : NULL;

	add_command(rendering);
	if (!plan->system->grub_reads_dropins) {
		render_block(rendering, GRUB_PATH, text, variables);
	} else if (text) {
		render_file(rendering, GRUB_DROPIN_PATH, 0644, steal_ptr(text));
		warn_of_loss(rendering);
	}
	if (plan->keeps_fallback)
		grub_fallback_render(rendering, &tokens);
}

void grub_render_for_entries(struct rendering *rendering)
{
	cleanup_strings struct strings tokens = missing_tokens(rendering);
	/* grubby writes over every line that begins with 'GRUB_CMDLINE_LINUX'. */
	cleanup_free char *text = tokens.n ? settings(&tokens, "  ") : NULL;

	render_block(rendering, GRUB_PATH, text, variables);
}
