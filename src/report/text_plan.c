/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/text.h"
#include "report/wrap.h"

#include <string.h>

static void put_heading(FILE *out, const char *heading, enum colour colour)
{
	fputc('\n', out);
	style_put(out, colour, STYLE_STRONG, "%s", heading);
	fputc('\n', out);
}

static int name_width(const struct plan *plan)
{
	size_t width = 0;

	for (size_t i = 0; i < plan->n_targets; i++) {
		size_t n = strlen(plan->targets[i].rule->name);

		width = n > width ? n : width;
	}
	return (int)width;
}

static void put_competitors(FILE *out, const struct target *target, int indent,
			    size_t width)
{
	cleanup_strings struct strings names = { 0 };
	cleanup_free char *list = NULL, *text = NULL;

	if (!target->n_competitors)
		return;
	for (size_t i = 0; i < target->n_competitors; i++)
		strings_take(&names,
			     xasprintf("%s%s", target->competitors[i].module,
				       target->competitors[i].is_builtin ? " (built in)"
									 : ""));
	list = strings_join(&names, ", ");
	text = xasprintf("competitors: %s", list);
	fprintf(out, "%*s", indent, "");
	wrap_put(out, text, (struct margin){ (size_t)indent, (size_t)indent + 2, width });
}

static void put_holder(FILE *out, const struct function *function)
{
	if (!function) {
		fputs("not seen here", out);
	} else if (function->driver) {
		fputs("now ", out);
		text_put(out, function->driver);
	} else {
		fputs("no driver now", out);
	}
}

/* What is there is not what is meant, or nothing is: what is planned for it is a guess.
 */
static bool is_certain(const struct plan *plan, const struct target *target)
{
	bool is_placed = target->rule->n_addresses || target->rule->paths.n;

	if (!target->function)
		return !plan->is_unresolved || !is_placed;
	return !target->doubt && identity_matches(target->function->id, &target->id);
}

static bool all_are_certain(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_targets; i++)
		if (!is_certain(plan, &plan->targets[i]))
			return false;
	return !plan->is_unresolved;
}

/* Of what is there, and where nothing is, of what is expected. */
static struct identity_text id_of(const struct target *target)
{
	return target->function && !identity_matches(target->function->id, &target->id)
		       ? identity_text(target->function->id)
		       : identity_pattern_text(&target->id);
}

static void put_claim(FILE *out, const struct target *target, int indent, size_t width)
{
	cleanup_free char *text = xasprintf("claim %s%s%s", claim_name(target->claim),
					    target->reason ? ": " : "",
					    target->reason ? target->reason : "");

	fprintf(out, "%*s", indent, "");
	wrap_put(out, text, (struct margin){ (size_t)indent, (size_t)indent + 2, width });
}

static void put_place(FILE *out, const struct target *target, enum colour colour,
		      int name)
{
	fprintf(out, "  %-*s  ", name, target->rule->name);
	style_put(out, colour, STYLE_STRONG, "%-12s",
		  target->has_bdf ? bdf_text(target->bdf).s : "-");
	fprintf(out, "  %-19s  ", target->id.id.vendor ? id_of(target).s : "-");
	put_holder(out, target->function);
	fputc('\n', out);
}

static void put_targets(FILE *out, const struct plan *plan, enum colour colour,
			size_t width)
{
	int name = name_width(plan), indent = 2 + name + 2;

	for (size_t i = 0; i < plan->n_targets; i++) {
		const struct target *target = &plan->targets[i];

		put_place(out, target, colour, name);
		if (is_certain(plan, target)) {
			put_claim(out, target, indent, width);
			put_competitors(out, target, indent, width);
		} else if (target->function) {
			fprintf(out,
				"%*srefused: it is not certain to be what is meant\n",
				indent, "");
		}
	}
}

static void put_words(FILE *out, const struct strings *words)
{
	for (size_t i = 0; i < words->n; i++) {
		fputc(' ', out);
		text_put(out, words->v[i]);
	}
}

static void put_cmdline(FILE *out, const struct plan *plan, enum colour colour)
{
	if (!plan->cmdline.n)
		return;
	put_heading(out, "kernel command line", colour);
	fputc(' ', out);
	put_words(out, &plan->cmdline);
	fputc('\n', out);
}

static void put_kernel(FILE *out, const struct plan_kernel *kernel, const char *driver,
		       enum colour colour, size_t width)
{
	cleanup_free char *words = strings_join(&kernel->modules, " ");
	cleanup_free char *text = NULL;

	fputs("  ", out);
	switch (kernel->driver) {
	case MODULE_MISSING:
		text_put(out, kernel->kernel->release);
		fputs(": ", out);
		text_put(out, driver);
		style_put(out, colour, STYLE_BAD, " is missing");
		fputc('\n', out);
		return;
	case MODULE_BUILTIN:
		text = xasprintf("%s: %s is built in", kernel->kernel->release, driver);
		break;
	case MODULE_LOADABLE:
		text = xasprintf("%s: %s is a module; loads%s%s", kernel->kernel->release,
				 driver, *words ? " " : "", words);
		break;
	}
	wrap_put(out, text, (struct margin){ 2, 4, width });
}

static void put_kernels(FILE *out, const struct plan *plan, enum colour colour,
			size_t width)
{
	if (!plan->n_kernels)
		return;
	put_heading(out, "kernels", colour);
	for (size_t i = 0; i < plan->n_kernels; i++)
		put_kernel(out, &plan->kernels[i], plan->driver, colour, width);
}

static enum style action_style(enum action action)
{
	switch (action) {
	case ACTION_CREATE:
		return STYLE_GOOD;
	case ACTION_UPDATE:
		return STYLE_WARN;
	case ACTION_REMOVE:
		return STYLE_BAD;
	case ACTION_UNCHANGED:
		return STYLE_DIM;
	}
	return STYLE_PLAIN;
}

void report_changes(FILE *out, const struct changes *changes, enum colour colour)
{
	for (size_t i = 0; i < changes->n; i++) {
		enum action action = changes->v[i].action;

		fputs("  ", out);
		style_put(out, colour, action_style(action), "%-9s", action_name(action));
		fputc(' ', out);
		text_put(out, changes->v[i].path);
		fputc('\n', out);
	}
}

/* Without a root to compare with (`changes` is NULL) there are only the paths. */
static void put_files(FILE *out, const struct changes *changes,
		      const struct artifacts *artifacts, enum colour colour)
{
	if (!(changes ? changes->n : artifacts->n))
		return;
	put_heading(out, "files", colour);
	if (changes) {
		report_changes(out, changes, colour);
		return;
	}
	for (size_t i = 0; i < artifacts->n; i++) {
		fputs("  ", out);
		text_put(out, artifacts->v[i].path);
		fputc('\n', out);
	}
}

/* Without these the rest would be in vain. */
static void put_by_hand(FILE *out, const struct plan *plan, enum colour colour)
{
	bool is_first = true;

	for (size_t i = 0; i < BY_HAND_KINDS; i++) {
		if (!plan->uses_by_hand[i])
			continue;
		if (is_first)
			put_heading(out, "by hand, because it is not written for",
				    colour);
		fprintf(out, "  %s: the lines that its warning names\n",
			by_hand_name((enum by_hand_kind)i));
		is_first = false;
	}
}

/* Taken literally, that of another root would make the images of this one anew. A remark
 * of what is done by hand is no command. */
void report_commands(FILE *out, const struct strings *lines, const char *root,
		     enum colour colour)
{
	cleanup_strings struct strings words = { 0 };
	cleanup_free char *enter = NULL;

	strings_add(&words, "chroot");
	strings_add(&words, root);
	enter = strings_shell_line(&words);
	put_heading(out, "to make it take effect, run and reboot", colour);
	for (size_t i = 0; i < lines->n; i++) {
		fputs("  ", out);
		if (strcmp(root, "/") != 0 && lines->v[i][0] != '#') {
			text_put(out, enter);
			fputc(' ', out);
		}
		text_put(out, lines->v[i]);
		fputc('\n', out);
	}
}

static void put_commands(FILE *out, const struct plan *plan,
			 const struct artifacts *artifacts, enum colour colour)
{
	const char *root = plan->system && plan->system->root ? plan->system->root : "/";
	cleanup_strings struct strings lines = { 0 };

	for (size_t i = 0; i < artifacts->n_commands; i++)
		strings_take(&lines, strings_shell_line(&artifacts->commands[i].argv));
	if (lines.n)
		report_commands(out, &lines, root, colour);
}

/* A blacklisted module is not loaded, whoever asks; one that is built in only heeds that
 * it has no ids (kernel/module/main.c, blacklisted). */
static void put_off_words(FILE *out, const struct plan *plan)
{
	bool is_builtin = false;

	for (size_t i = 0; i < plan->n_kernels; i++)
		is_builtin |= plan->kernels[i].driver == MODULE_BUILTIN;
	fputs("vfio_bootcfg=off ", out);
	if (is_builtin) {
		fprintf(out, "%s.ids=", plan->driver);
		return;
	}
	fputs("module_blacklist=", out);
	for (const char *c = plan->driver; *c; c++)
		fputc(*c == '-' ? '_' : *c, out);
}

static bool boots_unified(const struct plan *plan)
{
	const struct boot_chain *chain = plan->system ? &plan->system->chain : NULL;

	return chain && plan->uses_bootloader[BOOTLOADER_KERNEL_CMDLINE] &&
	       (chain->mkinitcpio_uki || chain->kernel_install_makes_ukis ||
		chain->foreign_uki);
}

static void put_way_back(FILE *out, const struct plan *plan,
			 const struct artifacts *artifacts, enum colour colour)
{
	const char *fallback = artifacts_fallback(plan, artifacts);

	put_heading(out, "the way back", colour);
	if (fallback)
		fprintf(out, "  in the boot menu choose %s\n", fallback);
	else
		fputs("  the boot menu has no entry that reserves nothing\n", out);
	fprintf(out, "  %spress 'e' on an entry and add to its kernel's line: ",
		fallback ? "or " : "");
	put_off_words(out, plan);
	/* systemd-stub(7), loader.conf(5) */
	if (boots_unified(plan))
		fputs("\n  (a unified image ignores that where Secure Boot is on, and 'editor no' in loader.conf forbids it)",
		      out);
	fprintf(out, "\n  once it runs: vfio-bootcfg revert%s\n",
		artifacts->n_commands ? ", and the commands that it names" : "");
}

void report_plan(FILE *out, const struct plan *plan, const struct changes *changes,
		 const struct artifacts *artifacts, enum colour colour, size_t width)
{
	style_put(out, colour, STYLE_STRONG, "%zu function%s for %s", plan->n_targets,
		  plan->n_targets == 1 ? "" : "s", plan->driver);
	fputc('\n', out);
	put_targets(out, plan, colour, width);
	if (all_are_certain(plan)) /* else its words are a guess */
		put_cmdline(out, plan, colour);
	put_kernels(out, plan, colour, width);
	put_files(out, changes, artifacts, colour);
	put_by_hand(out, plan, colour);
	put_commands(out, plan, artifacts, colour);
	if (artifacts->n)
		put_way_back(out, plan, artifacts, colour);
}
