/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The indices of two real kernels against what modprobe and fnmatch made of them, where
 * the folder that holds them is there: VFIO_BOOTCFG_CORPUS, with
 * modules/expected-aliases.tsv and modules/debian-RELEASE.tar.xz.
 */
#include "probe/kernels_index.h"

#include "unit/probe/root.h"

enum { KERNELS = 2 };

/* One row of the table: what each kernel's index says of a modalias. */
struct expected {
	char *modalias;
	struct strings modules[KERNELS], builtin[KERNELS]; /* sorted */
};
struct corpus {
	char *folder;
	struct strings releases; /* in the order of the columns */
	struct expected *v;
	size_t n;
};

static struct corpus corpus;

/* 'a,b+builtin:c', or '-' */
static void read_cell(char *cell, struct expected *row, size_t kernel)
{
	static const char mark[] = "builtin:";
	cleanup_strings struct strings words = { 0 };

	if (strcmp(cell, "-") != 0)
		strings_split(&words, cell, ",+");
	for (size_t i = 0; i < words.n; i++) {
		if (strncmp(words.v[i], mark, sizeof mark - 1) == 0)
			strings_add(&row->builtin[kernel], words.v[i] + sizeof mark - 1);
		else
			strings_add(&row->modules[kernel], words.v[i]);
	}
	strings_sort(&row->modules[kernel]);
	strings_sort(&row->builtin[kernel]);
}

static void read_row(char *line)
{
	char *cells[3 + KERNELS], *cell;
	size_t n = 0;

	while (n < 3 + KERNELS && (cell = strsep(&line, "\t")))
		cells[n++] = cell;
	assert_int_equal(n, 3 + KERNELS);
	if (*cells[0] == '#') {
		for (size_t i = 0; i < KERNELS; i++)
			strings_add(&corpus.releases, cells[3 + i]);
		return;
	}
	array_add(corpus.v, corpus.n)->modalias = xstrdup(cells[2]);
	for (size_t i = 0; i < KERNELS; i++)
		read_cell(cells[3 + i], &corpus.v[corpus.n - 1], i);
}

static void read_corpus(FILE *file)
{
	char *line = NULL;
	size_t room = 0;

	while (getline(&line, &room, file) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (strchr(line, '\t'))
			read_row(line);
	}
	free(line);
	assert_int_equal(corpus.releases.n, KERNELS);
	assert_true(corpus.n > 100);
}

static int open_corpus(void **state)
{
	const char *folder = getenv("VFIO_BOOTCFG_CORPUS");
	cleanup_free char *table = NULL;
	cleanup_file FILE *file = NULL;

	corpus.folder = xstrdup(folder ? folder : TEST_DATA "/../../shared/corpus");
	table = xasprintf("%s/modules/expected-aliases.tsv", corpus.folder);
	file = fopen(table, "re");
	if (file)
		read_corpus(file);
	return 0;
}

static int free_corpus(void **state)
{
	for (size_t i = 0; i < corpus.n; i++) {
		free(corpus.v[i].modalias);
		for (size_t k = 0; k < KERNELS; k++) {
			strings_free(&corpus.v[i].modules[k]);
			strings_free(&corpus.v[i].builtin[k]);
		}
	}
	free(corpus.v);
	free(corpus.folder);
	strings_free(&corpus.releases);
	return 0;
}

static void unpack_kernels(struct site *site)
{
	site_begin(site, NULL);
	for (size_t i = 0; i < KERNELS; i++)
		site_run("tar -xJf '%s/modules/debian-%s.tar.xz' -C '%s'", corpus.folder,
			 corpus.releases.v[i], folder_root);
}

static void assert_same(const struct strings *got, const struct strings *expected,
			const char *modalias)
{
	cleanup_free char *a = strings_join(got, ","), *b = strings_join(expected, ",");

	if (strcmp(a, b) != 0)
		fail_msg("%s: '%s' (expected '%s')", modalias, a, b);
}

/* Says so, and does not count as passed. */
static void need_corpus(void)
{
	if (corpus.n)
		return;
	fprintf(stderr, "skipped: there is no '%s/modules' (VFIO_BOOTCFG_CORPUS)\n",
		corpus.folder);
	skip();
}

static void every_modalias_matches_what_modprobe_says(void **state)
{
	struct site site;

	need_corpus();
	unpack_kernels(&site);
	for (size_t k = 0; k < KERNELS; k++) {
		cleanup_kernel_index struct kernel_index index = { .fd = -1 };
		cleanup_free char *folder =
			xasprintf("/lib/modules/%s", corpus.releases.v[k]);

		kernel_index_open(&site.root, folder, &index, &site.findings);
		for (size_t i = 0; i < corpus.n; i++) {
			cleanup_strings struct strings got = { 0 }, all = { 0 };

			strings_add_all(&all, &corpus.v[i].modules[k]);
			strings_add_all(&all, &corpus.v[i].builtin[k]);
			strings_sort(&all);
			kernel_index_match(&index, corpus.v[i].modalias, &got);
			strings_sort(&got);
			assert_same(&got, &all, corpus.v[i].modalias);
			for (size_t m = 0; m < got.n; m++)
				assert_int_equal(
					kernel_index_state(&index, got.v[m]),
					strings_has(&corpus.v[i].builtin[k], got.v[m])
						? MODULE_BUILTIN
						: MODULE_LOADABLE);
		}
	}
	assert_int_equal(site.findings.n, 0);
	site_end(&site);
}

static unsigned hexadecimal(const char *text, size_t at, size_t n)
{
	cleanup_free char *digits = xstrndup(text + at, n);

	return (unsigned)strtoul(digits, NULL, 16);
}

/* 'pci:v00001002d000068C8sv0000174Bsd00003000bc03sc00i00' */
static void add_function(struct site *site, const char *modalias)
{
	struct function *function = site_function(site, "0000:0000:0000:0000", 0);

	function->id.vendor = (uint16_t)hexadecimal(modalias, 5, 8);
	function->id.device = (uint16_t)hexadecimal(modalias, 14, 8);
	function->id.subsystem_vendor = (uint16_t)hexadecimal(modalias, 24, 8);
	function->id.subsystem_device = (uint16_t)hexadecimal(modalias, 34, 8);
	function->class = hexadecimal(modalias, 44, 2) << 16 |
			  hexadecimal(modalias, 48, 2) << 8 |
			  hexadecimal(modalias, 51, 2);
}

static void add_functions(struct site *site)
{
	for (size_t i = 0; i < corpus.n; i++)
		if (strncmp(corpus.v[i].modalias, "pci:", 4) == 0)
			add_function(site, corpus.v[i].modalias);
	assert_true(site->machine.functions.n > 100);
}

/* What the index of either kernel says, and which of the other's modules is built in. */
static void the_kernels_of_a_root_tell_each_other_what_is_built_in(void **state)
{
	size_t n_exchanged = 0;
	struct site site;

	need_corpus();
	unpack_kernels(&site);
	add_functions(&site);
	site_probe(&site);
	assert_int_equal(site.system.n_kernels, KERNELS);
	for (size_t i = 0; i < corpus.n; i++) {
		const struct expected *row = &corpus.v[i];

		if (strncmp(row->modalias, "pci:", 4) != 0)
			continue;
		for (size_t k = 0; k < KERNELS; k++) {
			struct modules got =
				kernel_matches(&site.system.kernels[k], row->modalias);
			cleanup_strings struct strings names = { 0 };

			for (size_t m = 0; m < got.n; m++) {
				bool is_builtin = got.v[m].state == MODULE_BUILTIN;

				if (!is_builtin)
					strings_add(&names, got.v[m].name);
				else
					assert_true(strings_has(&row->modules[!k],
								got.v[m].name));
				n_exchanged += is_builtin;
			}
			assert_same(&names, &row->modules[k], row->modalias);
		}
	}
	assert_true(n_exchanged > 0); /* virtio_pci */
	site_end(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_modalias_matches_what_modprobe_says),
		cmocka_unit_test(the_kernels_of_a_root_tell_each_other_what_is_built_in),
	};

	return cmocka_run_group_tests(tests, open_corpus, free_corpus);
}
