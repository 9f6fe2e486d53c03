/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmdline-applied. */
#include "verify/chain.h"
#include "verify/checks.h"
#include "verify/custody.h"
#include "verify/result.h"
#include "verify/token.h"

#include "evidence/messages.h"

#include <string.h>

/* Only GRUB has a menu that is made anew as a whole: elsewhere the entries are edited one
 * by one, or a unified image carries the words. */
static bool has_menu(const struct boot *boot)
{
	const bool *uses = boot->plan->uses_bootloader;

	return uses[BOOTLOADER_GRUB] ||
	       (!uses[BOOTLOADER_BLS] && !uses[BOOTLOADER_KERNEL_CMDLINE]);
}

static const char *rebuild(const struct boot *boot)
{
	return has_menu(boot)
		       ? "run 'vfio-bootcfg generate --rebuild', and boot the entry that it wrote"
		       : "run 'vfio-bootcfg generate --rebuild' and reboot";
}

static const char earlier[] =
	"this boot has the words of an earlier plan, or of somebody else: ";

static const char *not_anew(const struct boot *boot)
{
	return has_menu(boot)
		       ? "the boot menu was not made anew, or another entry was booted: "
		       : "the entry or the unified image was not made anew, or another one was booted: ";
}

/* What is not written for is not mended by writing again. */
static void advise(const struct boot *boot, struct check_result *result,
		   const char *reason)
{
	const char *loader = plan_loader_by_hand(boot->plan);

	if (loader)
		result_remedy(result, BY_HAND_REMEDY, loader);
	else
		result_remedy(result, "%s%s", reason, rebuild(boot));
}

static const char *name_of(const struct boot_entry *entry)
{
	return entry->title ? entry->title : entry->id;
}

static void show_cmdline(struct check_result *result, const struct boot *boot)
{
	if (boot->machine->cmdline)
		result_shows(result, "proc/cmdline", "%s", boot->cmdline_text);
	else
		result_shows_record(result, boot, boot->cmdline_record);
}

static bool is_switched_off(struct boot *boot)
{
	struct check_result *result;

	if (!cmdline_has(&boot->cmdline, "vfio_bootcfg=off"))
		return false;
	result =
		result_add(boot, boot_is_as_planned(boot) ? CHECK_WARN : CHECK_FAIL, NULL,
			   "this boot was told to reserve nothing: 'vfio_bootcfg=off'");
	result_remedy(result, OFF_REMEDY);
	show_cmdline(result, boot);
	return true;
}

/* Where all is as planned, what is missing does no harm yet; and 'amd_iommu=on' never
 * does, because the kernel does not know it. */
static enum check_status weight_of(const struct boot *boot, const char *text)
{
	if (boot->is_cmdline_cut)
		return CHECK_UNKNOWN;
	if (boot_is_as_planned(boot) || strcmp(text, "amd_iommu=on") == 0)
		return CHECK_WARN;
	return CHECK_FAIL;
}

static struct check_result *add_fault(struct boot *boot, const char *text,
				      enum token_fate fate, const char *by)
{
	struct check_result *result;
	enum check_status status = weight_of(boot, text);

	if (boot->is_cmdline_cut)
		return result_add(
			boot, status, NULL,
			"'%s' is not on the part of the kernel command line that the log holds",
			text);
	if (fate == TOKEN_OVERRIDDEN) {
		result = result_add(
			boot, status, NULL,
			"'%s' is overridden by '%s' on the kernel command line", text,
			by);
		result_remedy(result, "remove '%s' where it is set, then %s", by,
			      rebuild(boot));
	} else if (fate == TOKEN_DIFFERS) {
		result = result_add(
			boot, status, NULL,
			"'%s' is not on the kernel command line, which has '%s'", text,
			by);
		advise(boot, result, earlier);
	} else {
		result = result_add(boot, status, NULL,
				    "'%s' is not on the kernel command line", text);
		advise(boot, result, "");
	}
	return result;
}

static void show_place(struct check_result *result, const struct custody *custody,
		       const char *text)
{
	result_shows(result, custody->path, "has '%s'", text);
	result->evidence[result->n_evidence - 1].line = custody->line;
}

/* The entry has it now, and this boot had not. */
static void blame_boot(struct check_result *result, const struct chain_link *link)
{
	const char *name = name_of(link->entry);

	if (link->booted) {
		result_shows(result, link->booted->where, "'%s' was booted",
			     name_of(link->booted));
		result_remedy(result, "boot '%s', and not '%s'", name,
			      name_of(link->booted));
	} else {
		result_remedy(
			result,
			"boot '%s': this boot was before it was written, or the command line was edited in the menu",
			name);
	}
}

/* The file has it, and the entry that was made of it has not. */
static void blame_entry(const struct boot *boot, struct check_result *result,
			const struct chain_link *link)
{
	result_remedy(
		result,
		link->entry->unified
			? "the unified image carries its own command line, and was not made anew: %s"
			: "the entry was not made anew: %s",
		link->entry->unified ? "run 'vfio-bootcfg generate --rebuild' and reboot"
				     : rebuild(boot));
}

/* Which link of the chain from the plan to the boot let go of a missing token. */
static void follow_missing(struct boot *boot, struct check_result *result,
			   const char *text)
{
	struct custody custody = custody_of(boot, text);
	struct chain_link link = chain_follow(boot, text);

	if (custody.path && link.entry)
		show_place(result, &custody, text);
	if (link.entry)
		result_shows(result, link.entry->where, "'%s' %s '%s'",
			     name_of(link.entry), link.has_token ? "has" : "lacks", text);
	if (link.entry && link.has_token) {
		blame_boot(result, &link);
	} else if (link.entry && custody.path) {
		blame_entry(boot, result, &link);
	} else if (custody.path) {
		show_place(result, &custody, text);
		advise(boot, result, not_anew(boot));
	} else if (custody.has_files) {
		result_shows(result, "files of the boot loader", "none has it");
	} else if (boot->plan->system && boot->plan->system->is_of_other_machine) {
		result_shows(result, "files of the boot loader",
			     "unknown: '--root' names the system of that machine");
	}
}

/* The links that held: a file, an entry, and where a driver parses ids, its own word. */
static void follow_applied(struct boot *boot, struct check_result *result,
			   const struct cmdline *wanted)
{
	for (size_t i = 0; i < wanted->n; i++) {
		const char *text = wanted->v[i].text;
		struct custody custody = custody_of(boot, text);
		struct chain_link link = chain_follow(boot, text);

		if (custody.path)
			show_place(result, &custody, text);
		if (link.entry && link.has_token)
			result_shows(result, link.entry->where, "'%s' has '%s'",
				     name_of(link.entry), text);
	}
	for (size_t i = 0; i < boot->n_common; i++)
		if (boot->common[i]->kind == MESSAGE_ID_ADDED)
			result_shows_record(result, boot, boot->common[i]);
}

/* Whether the log shows an IOMMU by one of its names. */
static bool log_shows(const struct boot *boot, const char *name, const char *other_name)
{
	static const enum message_kind kinds[] = { MESSAGE_FIRMWARE_TABLE,
						   MESSAGE_IOMMU_ACTIVE,
						   MESSAGE_REMAPPING_ACTIVE };

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		const struct log_record *record = boot->first[kinds[i]];

		if (record &&
		    (strstr(record->text, name) || strstr(record->text, other_name)))
			return true;
	}
	return false;
}

/* Where neither processor nor IOMMU could be seen, as with a log alone, the plan has the
 * switches of both vendors: what the other vendor's kernel code reads is not missed. */
static bool is_of_other_iommu(const struct boot *boot, const char *text)
{
	bool is_intel = strcmp(text, "intel_iommu=on") == 0;
	bool is_amd = strcmp(text, "amd_iommu=on") == 0;
	const struct strings *planned = &boot->plan->cmdline;

	if (!strings_has(planned, "intel_iommu=on") ||
	    !strings_has(planned, "amd_iommu=on"))
		return false;
	return (is_intel && log_shows(boot, "AMD-Vi", "IVRS")) ||
	       (is_amd && log_shows(boot, "DMAR", "DMAR"));
}

static bool add_faults(struct boot *boot, const struct cmdline *wanted)
{
	size_t n = 0;

	for (size_t i = 0; i < wanted->n; i++) {
		const char *by = NULL;
		enum token_fate fate = token_fate(&boot->cmdline, &wanted->v[i], &by);
		struct check_result *result;

		if (fate == TOKEN_APPLIED || is_of_other_iommu(boot, wanted->v[i].text))
			continue;
		result = add_fault(boot, wanted->v[i].text, fate, by);
		if (n++ == 0)
			show_cmdline(result, boot);
		if (fate != TOKEN_OVERRIDDEN && !boot->is_cmdline_cut)
			follow_missing(boot, result, wanted->v[i].text);
	}
	return n;
}

void check_cmdline_applied(struct boot *boot)
{
	struct cmdline wanted cleanup_cmdline = { 0 };
	char *line cleanup_free = strings_join(&boot->plan->cmdline, " ");
	struct check_result *result;

	if (boot->plan->is_unresolved) {
		result = result_add(
			boot, CHECK_UNKNOWN, NULL,
			"not judged: the configuration is refused, and what it should have added is not certain");
		result_remedy(result,
			      "run 'vfio-bootcfg generate --dry-run', which says why");
		return;
	}
	cmdline_parse(line, &wanted);
	if (!boot->cmdline_text) {
		result_add(boot, CHECK_UNKNOWN, NULL,
			   "the kernel command line of this boot cannot be seen");
		return;
	}
	if (is_switched_off(boot) || add_faults(boot, &wanted))
		return;
	result = result_add(
		boot, CHECK_PASS, NULL,
		wanted.n ? "every parameter of the plan is on the kernel command line"
			 : "the plan asks for no parameter");
	show_cmdline(result, boot);
	follow_applied(boot, result, &wanted);
}
