/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The menu entries that are files, and which kernel of this root each boots. Several
 * systems may share the partition: an entry that nothing ties to an installed kernel is
 * somebody else's.
 */
#include "probe/detect.h"

#include "base/entry_lines.h"
#include "base/memory.h"
#include "base/strings.h"
#include "probe/boot_files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What an entry says of its kernel; NULL where it says nothing. */
struct entry_facts {
	char *title, *version, *linux_path, *machine_id;
};

static void entry_facts_free(struct entry_facts *facts)
{
	free(facts->title);
	free(facts->version);
	free(facts->linux_path);
	free(facts->machine_id);
}

static void read_facts(const char *text, struct entry_facts *ret)
{
	size_t n = strlen(text);

	*ret = (struct entry_facts){
		.title = entry_value(text, n, "title"),
		.version = entry_value(text, n, "version"),
		.linux_path = entry_value(text, n, "linux"),
		.machine_id = entry_value(text, n, "machine-id"),
	};
}

/* What the entries of a root are looked at with. */
struct survey {
	const struct root *root;
	struct system *system;
	struct findings *findings;
	char *machine_id;	 /* of the root, or NULL */
	struct strings packages; /* 'linux-lts': of each kernel, as pacman names it */
	struct stat *seen;	 /* of the entries: /efi may be /boot once more */
	size_t n_seen;
};

/* An image has none yet, or 'uninitialized' (machine-id(5)). */
static void read_machine_id(struct survey *survey)
{
	char *id = detect_text(survey->root, "etc/machine-id");

	if (id && strspn(id, "0123456789abcdef") == 32) {
		id[32] = '\0';
		survey->machine_id = id;
	} else {
		free(id);
	}
}

static void read_packages(struct survey *survey)
{
	for (size_t i = 0; i < survey->system->n_kernels; i++) {
		cleanup_free char *name =
			boot_package(survey->root, survey->system->kernels[i].release);

		strings_add(&survey->packages, name ? name : "");
	}
}

/* Whether a folder of the path has that name, as in '/TOKEN/RELEASE/linux'. */
static bool has_folder(const char *path, const char *name)
{
	cleanup_free char *folder = xasprintf("/%s/", name);

	return strstr(path, folder);
}

static bool is_image_of(const char *path, const char *release, const char *package)
{
	cleanup_free char *versioned = xasprintf("-%s", release);
	cleanup_free char *named = xasprintf("/vmlinuz-%s", package);

	return text_ends_with(path, versioned) || has_folder(path, release) ||
	       (*package && text_ends_with(path, named));
}

/* Which kernel of the root it boots; their number where it is none of them. */
static size_t kernel_of(const struct survey *survey, const struct entry_facts *facts)
{
	const struct system *system = survey->system;
	size_t kernel = 0;

	if (!facts->linux_path || (facts->machine_id && survey->machine_id &&
				   strcmp(facts->machine_id, survey->machine_id) != 0))
		return system->n_kernels;
	while (kernel < system->n_kernels &&
	       !(facts->version &&
		 strcmp(facts->version, system->kernels[kernel].release) == 0))
		kernel++;
	if (kernel < system->n_kernels)
		return kernel;
	for (kernel = 0; kernel < system->n_kernels; kernel++)
		if (is_image_of(facts->linux_path, system->kernels[kernel].release,
				survey->packages.v[kernel]))
			break;
	return kernel;
}

static bool is_recovery(const char *name, const struct entry_facts *facts)
{
	static const char *const words[] = { "rescue", "recovery", "fallback" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcasestr(name, words[i]) ||
		    (facts->title && strcasestr(facts->title, words[i])))
			return true;
	return false;
}

/* Whether it is this root's own, whatever it boots: the rescue image of dracut has no
 * kernel that is installed. */
static bool is_named_for(const struct survey *survey, const char *name)
{
	return survey->machine_id &&
	       strncmp(name, survey->machine_id, strlen(survey->machine_id)) == 0;
}

static void note_unclear(struct survey *survey, const char *path,
			 const struct entry_facts *facts)
{
	if (!facts->linux_path || facts->version || facts->machine_id)
		return;
	findings_add(
		survey->findings, SEVERITY_NOTE, "entry-unclear", path,
		"nothing in this entry tells whether it boots a kernel of this root, so that it is left as it is");
}

static bool was_seen(struct survey *survey, const char *path)
{
	struct stat status;

	if (root_stat(survey->root, path, &status))
		return false;
	for (size_t i = 0; i < survey->n_seen; i++)
		if (survey->seen[i].st_dev == status.st_dev &&
		    survey->seen[i].st_ino == status.st_ino)
			return true;
	*array_add(survey->seen, survey->n_seen) = status;
	return false;
}

static void add_entry(struct survey *survey, const char *path, size_t kernel,
		      const struct entry_facts *facts)
{
	struct system *system = survey->system;
	struct loader_entry *entry =
		array_add(system->chain.entries, system->chain.n_entries);
	const char *name = strrchr(path, '/') + 1;

	entry->path = xstrdup(path);
	entry->kernel = kernel;
	entry->is_fallback = strstr(name, FALLBACK_ENTRY_MARK);
	entry->is_recovery = !entry->is_fallback && is_recovery(name, facts);
	/* Only kernel-install gives every kernel a folder of its own. */
	entry->is_installed =
		kernel < system->n_kernels &&
		has_folder(facts->linux_path, system->kernels[kernel].release);
}

static void read_entry(struct survey *survey, const char *path)
{
	cleanup_free char *text = detect_text(survey->root, path);
	cleanup(entry_facts_free) struct entry_facts facts = { 0 };
	const char *name = strrchr(path, '/') + 1;
	size_t kernel;

	if (!text || was_seen(survey, path))
		return;
	read_facts(text, &facts);
	kernel = kernel_of(survey, &facts);
	if (kernel < survey->system->n_kernels ||
	    (is_named_for(survey, name) && is_recovery(name, &facts)))
		add_entry(survey, path, kernel, &facts);
	else
		note_unclear(survey, path, &facts);
}

static void read_folder(struct survey *survey, const char *folder)
{
	cleanup_free char *path = xasprintf("/%s/loader/entries", folder);
	cleanup_strings struct strings names = { 0 };
	int error = root_list(survey->root, path, &names);

	if (error == -EACCES && !survey->system->chain.closed_entries)
		survey->system->chain.closed_entries = xstrdup(path);
	for (size_t i = 0; i < names.n; i++) {
		cleanup_free char *entry = xasprintf("%s/%s", path, names.v[i]);

		if (names.v[i][0] != '.' && text_ends_with(names.v[i], ".conf"))
			read_entry(survey, entry);
	}
}

static int compare(const void *a, const void *b)
{
	const struct loader_entry *x = a, *y = b;

	return strcmp(x->path, y->path);
}

void detect_entries(const struct root *root, struct system *system,
		    struct findings *findings)
{
	struct survey survey = { .root = root, .system = system, .findings = findings };
	struct boot_chain *chain = &system->chain;

	read_machine_id(&survey);
	read_packages(&survey);
	for (const char *const *folder = boot_folders; *folder; folder++)
		read_folder(&survey, *folder + 1);
	if (chain->n_entries)
		qsort(chain->entries, chain->n_entries, sizeof *chain->entries, compare);
	free(survey.machine_id);
	strings_free(&survey.packages);
	free(survey.seen);
}
