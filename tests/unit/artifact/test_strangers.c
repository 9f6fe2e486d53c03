/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files that administrators wrote: /etc/default/grub, its drop-ins and mkinitcpio.conf. A
 * shell is the judge of what they mean before and after our lines are in. Only where the
 * folder that holds them is there: VFIO_BOOTCFG_CORPUS, with bootfiles/expected-grub.tsv
 * and bootfiles/expected-initramfs.tsv, which list those that are safe to source.
 */
#include "artifact/managed_block.h"
#include "artifact/shell_words.h"
#include "unit/artifact/scene.h"
#include "unit/artifact/shell.h"

#include <stdio.h>

#define GRUB	   "/etc/default/grub"
#define MKINITCPIO "/etc/mkinitcpio.conf"
#define LINUX	   "GRUB_CMDLINE_LINUX"

static char *folder;
static const char *bash;

/* One row of a table: NAME, and what follows up to the end of the line. */
struct stranger {
	char *name;
	struct strings fields;
	char *bytes;
	size_t n;
};
struct strangers {
	struct stranger *v;
	size_t n;
};

static bool read_file(const char *name, char **ret, size_t *ret_size)
{
	cleanup_free char *path = xasprintf("%s/bootfiles/%s", folder, name);
	cleanup_file FILE *file = fopen(path, "rb");
	char *bytes = xcalloc(1 << 20, 1);

	if (file)
		*ret_size = fread(bytes, 1, (1 << 20) - 1, file);
	*ret = bytes;
	return file != NULL;
}

static void split_fields(const char *line, struct strings *ret)
{
	for (;;) {
		size_t n = strcspn(line, "\t");

		strings_take(ret, xstrndup(line, n));
		if (!line[n])
			return;
		line += n + 1;
	}
}

/* The rows of a table whose first field begins with `prefix`. */
static void read_strangers(const char *table, char prefix, struct strangers *ret)
{
	cleanup_free char *text = NULL;
	cleanup_strings struct strings lines = { 0 };
	size_t size;

	assert_true(read_file(table, &text, &size));
	strings_split(&lines, text, "\n");
	for (size_t i = 0; i < lines.n; i++) {
		struct stranger *stranger;

		if (lines.v[i][0] != prefix)
			continue;
		stranger = array_add(ret->v, ret->n);
		split_fields(lines.v[i], &stranger->fields);
		stranger->name = stranger->fields.v[0];
		assert_true(read_file(stranger->name, &stranger->bytes, &stranger->n));
	}
	assert_true(ret->n > 5); /* else nothing is tested */
}

static void strangers_free(struct strangers *strangers)
{
	for (size_t i = 0; i < strangers->n; i++) {
		strings_free(&strangers->v[i].fields);
		free(strangers->v[i].bytes);
	}
	free(strangers->v);
}

static int open_folder(void **state)
{
	const char *from = getenv("VFIO_BOOTCFG_CORPUS");
	cleanup_free char *bytes = NULL;
	size_t n;

	folder = xstrdup(from && *from ? from : TEST_DATA "/../../shared/corpus");
	bash = shell_program("bash");
	if (bash && read_file("expected-grub.tsv", &bytes, &n))
		return 0;
	fprintf(stderr,
		"skipped: there is no bash, or no '%s/bootfiles' (VFIO_BOOTCFG_CORPUS)\n",
		folder);
	free(folder);
	folder = NULL;
	return 0;
}

static int close_folder(void **state)
{
	free(folder);
	return 0;
}

#define SKIP_WITHOUT_FOLDER()   \
	do {                    \
		if (!folder)    \
			skip(); \
	} while (0)

/* What the tables say was found by sourcing each file; some can only be sourced. */
static void values_are_what_the_shell_made_of_the_file(void **state)
{
	static const char *const variables[] = { LINUX, LINUX "_DEFAULT" };
	cleanup(strangers_free) struct strangers strangers = { 0 };
	size_t n_unknown = 0;

	SKIP_WITHOUT_FOLDER();
	read_strangers("expected-grub.tsv", 'g', &strangers);
	for (size_t i = 0; i < strangers.n; i++) {
		const struct stranger *stranger = &strangers.v[i];
		struct shell_source source = { .name = stranger->name };

		shell_script_read(stranger->bytes, stranger->n, &source.script);
		for (size_t k = 0; k < 2; k++) {
			cleanup_shell_value struct shell_value value = { 0 };
			const char *line = stranger->fields.v[3 + k];
			cleanup_free char *where =
				xasprintf("%s:%s", stranger->name, line);

			shell_value_after(&source, 1, variables[k], &value);
			n_unknown += !value.is_known;
			if (!value.is_known)
				continue;
			assert_string_equal(value.text ? value.text : "<unset>",
					    stranger->fields.v[1 + k]);
			if (strcmp(line, "-") != 0)
				assert_string_equal(value.where, where);
		}
		shell_script_free(&source.script);
	}
	/* One file sources others in a loop. */
	assert_int_equal(n_unknown, 2);
}

/* Renders, puts the result in the place of the file, and renders again. */
static void render_twice(struct scene *scene, const char *path,
			 const struct stranger *stranger, char **ret, size_t *ret_size)
{
	const struct artifact *artifact;

	scene_file_bytes(scene, path, stranger->bytes, stranger->n);
	scene_render(scene);
	artifact = scene_artifact(scene, path);
	assert_non_null(artifact);
	assert_false(findings_have_errors(&scene->findings));
	*ret = xcalloc(artifact->size + 1, 1);
	*ret_size = artifact->size;
	memcpy(*ret, artifact->bytes, artifact->size);

	scene_file_bytes(scene, path, *ret, *ret_size);
	scene_render(scene);
	artifact = scene_artifact(scene, path);
	assert_non_null(artifact);
	assert_int_equal(artifact->size, *ret_size);
	assert_memory_equal(artifact->bytes, *ret, *ret_size);
	assert_int_equal(artifact->without_size, stranger->n);
	assert_memory_equal(artifact->without, stranger->bytes, stranger->n);
}

static size_t count(const char *text, const char *word)
{
	cleanup_strings struct strings words = { 0 };
	size_t n = 0;

	strings_split(&words, text, " \n");
	for (size_t i = 0; i < words.n; i++)
		n += strcmp(words.v[i], word) == 0;
	return n;
}

static void grub_sees_every_token_once(void **state)
{
	cleanup(strangers_free) struct strangers strangers = { 0 };

	SKIP_WITHOUT_FOLDER();
	read_strangers("expected-grub.tsv", 'g', &strangers);
	for (size_t i = 0; i < strangers.n; i++) {
		const struct stranger *stranger = &strangers.v[i];
		cleanup_free char *text = NULL, *seen = NULL;
		struct scene scene;
		size_t n;
		int status;

		scene_begin(&scene);
		scene.plan.uses_bootloader[BOOTLOADER_GRUB] = true;
		render_twice(&scene, GRUB, stranger, &text, &n);
		seen = shell_source(bash, text, n,
				    "echo \"$" LINUX " $" LINUX "_DEFAULT\"", &status);
		for (size_t k = 0; k < scene.plan.cmdline.n; k++)
			assert_int_equal(count(seen, scene.plan.cmdline.v[k]), 1);
		/* What was there stays there, in front. */
		if (strcmp(stranger->fields.v[1], "<unset>") != 0)
			assert_int_equal(strncmp(seen, stranger->fields.v[1],
						 strlen(stranger->fields.v[1])),
					 0);
		scene_end(&scene);
	}
}

/* "MODULES=[a][b] HOOKS=[c]" as the table writes it. */
#define PRINT_LISTS                                                                  \
	"printf 'MODULES='; printf '[%s]' \"${MODULES[@]}\"; printf ' HOOKS='; "     \
	"[[ ${HOOKS@a} == *a* ]] || HOOKS=($HOOKS); printf '[%s]' \"${HOOKS[@]}\"; " \
	"printf ' FILES='; printf '[%s]' \"${FILES[@]}\"; echo"

static void mkinitcpio_sees_our_modules_first(void **state)
{
	static const char ours[] = "MODULES=[vfio_pci][vfio][vfio_iommu_type1]";
	static const char file[] = "[/etc/modprobe.d/00-vfio-bootcfg.conf]\n";
	cleanup(strangers_free) struct strangers strangers = { 0 };

	SKIP_WITHOUT_FOLDER();
	read_strangers("expected-initramfs.tsv", 'k', &strangers);
	for (size_t i = 0; i < strangers.n; i++) {
		cleanup_free char *text = NULL, *seen = NULL, *modules = NULL;
		const char *theirs = strangers.v[i].fields.v[1] + strlen("MODULES=");
		struct scene scene;
		size_t n;
		int status;

		scene_begin(&scene);
		scene.plan.uses_initramfs[INITRAMFS_MKINITCPIO] = true;
		render_twice(&scene, MKINITCPIO, &strangers.v[i], &text, &n);
		seen = shell_source(bash, text, n, PRINT_LISTS, &status);
		assert_int_equal(strncmp(seen, ours, strlen(ours)), 0);
		/* Then theirs, in their order; an empty list is printed as []. */
		modules = xstrndup(theirs, strcspn(theirs, " "));
		if (strcmp(modules, "[]") != 0)
			assert_int_equal(
				strncmp(seen + strlen(ours), modules, strlen(modules)),
				0);
		assert_string_equal(seen + strlen(seen) - strlen(file), file);
		scene_end(&scene);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_what_the_shell_made_of_the_file),
		cmocka_unit_test(grub_sees_every_token_once),
		cmocka_unit_test(mkinitcpio_sees_our_modules_first),
	};

	return cmocka_run_group_tests(tests, open_folder, close_folder);
}
