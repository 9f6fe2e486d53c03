/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit/evidence/packed.h"

#include <errno.h>

static const char *const methods[] = { "gzip", "bzip2", "lzma", "xz", "lz4", "zstd" };
enum { METHODS = sizeof methods / sizeof *methods };

/* An archive with one module, and some that is not compressible by a lot. */
static struct packed archive_of(const char *module)
{
	cleanup_free char *path = xasprintf("usr/lib/modules/6.1.0/kernel/%s", module);
	struct packed packed = { 0 };
	char text[4097] = { 0 };
	unsigned seed = 1;

	for (size_t i = 0; i < sizeof text - 1; i++)
		text[i] = (char)('a' + (seed = seed * 1103515245 + 12345) / 65536 % 20);
	packed_file(&packed, "usr/share/noise", text);
	packed_file(&packed, path, "ELF");
	packed_end(&packed);
	return packed;
}

static bool has(const struct image *image, const char *module)
{
	return image_has_module(image, "6.1.0", module);
}

static void check_whole(const struct packed *packed, const char *const *modules)
{
	cleanup_image struct image image = { 0 };

	assert_int_equal(packed_read(packed, &image), 0);
	if (image.problem)
		print_error("%s\n", image.problem);
	assert_int_equal(image.state, IMAGE_WHOLE);
	for (; *modules; modules++)
		assert_true(has(&image, *modules));
}

static void images_of_every_compression_are_read(void **state)
{
	for (int i = 0; i < METHODS; i++) {
		cleanup_packed struct packed plain = archive_of("vfio-pci.ko");
		cleanup_packed struct packed packed = packed_by(methods[i], &plain);
		cleanup_image struct image image = { 0 };

		assert_int_equal(packed_read(&packed, &image), 0);
		assert_int_equal(image.state, IMAGE_WHOLE);
		assert_string_equal(image.compression, methods[i]);
		assert_true(has(&image, "vfio-pci") && has(&image, "vfio_pci"));
		assert_int_equal(image.n_entries, 2);
	}
}

/* The microcode comes first, in an archive of its own that is not compressed. */
static void a_plain_archive_may_come_first(void **state)
{
	static const char *const both[] = { "early", "vfio_pci", NULL };

	for (int i = 0; i < METHODS; i++)
		for (size_t padding = 0; padding <= 1024; padding += 512) {
			cleanup_packed struct packed plain = archive_of("vfio-pci.ko");
			cleanup_packed struct packed packed = archive_of("early.ko");

			packed_zeros(&packed, padding);
			packed_join(&packed, packed_by(methods[i], &plain));
			check_whole(&packed, both);
		}
}

/* As ukify and GRUB join images: each is padded to four bytes. */
static void parts_may_follow_one_another(void **state)
{
	static const char *const all[] = { "first", "second", "third", NULL };

	for (int i = 0; i < METHODS * METHODS; i++) {
		cleanup_packed struct packed first = archive_of("first.ko");
		cleanup_packed struct packed third = archive_of("third.ko");
		cleanup_packed struct packed packed =
			packed_by(methods[i % METHODS], &first);

		packed_zeros(&packed, -packed.n & 3);
		packed_join(&packed, archive_of("second.ko"));
		packed_zeros(&packed, 512);
		packed_join(&packed, packed_by(methods[i / METHODS], &third));
		packed_zeros(&packed, 7);
		check_whole(&packed, all);
	}
}

static void archives_may_follow_within_a_compressed_part(void **state)
{
	static const char *const both[] = { "first", "second", NULL };
	cleanup_packed struct packed plain = archive_of("first.ko");
	cleanup_packed struct packed packed = { 0 };

	packed_zeros(&plain, 512);
	packed_join(&plain, archive_of("second.ko"));
	packed = packed_by("zstd", &plain);
	check_whole(&packed, both);
}

static void several_files_are_one_image(void **state)
{
	cleanup_packed struct packed first = archive_of("first.ko");
	cleanup_packed struct packed second = archive_of("second.ko");
	cleanup_packed struct packed packed = packed_by("xz", &second);
	cleanup_file FILE *a = fmemopen(first.bytes, first.n, "r");
	cleanup_file FILE *b = fmemopen(packed.bytes, packed.n, "r");
	const struct image_part both[] = { { a, 0, first.n }, { b, 0, packed.n } };
	cleanup_image struct image image = { 0 };

	assert_int_equal(image_read(both, 2, &image), 0);
	assert_int_equal(image.state, IMAGE_WHOLE);
	assert_true(has(&image, "first") && has(&image, "second"));
}

static void an_image_may_be_a_part_of_a_file(void **state)
{
	cleanup_packed struct packed packed = { 0 };
	cleanup_image struct image image = { 0 };
	struct packed inner = archive_of("vfio-pci.ko.zst");
	size_t n = inner.n;
	FILE *file;

	packed_add(&packed, "what stands before it", 21);
	packed_join(&packed, inner);
	packed_add(&packed, "and behind", 10);
	file = fmemopen(packed.bytes, packed.n, "r");
	assert_int_equal(image_read(&(struct image_part){ file, 21, n }, 1, &image), 0);
	assert_int_equal(image.state, IMAGE_WHOLE);
	assert_true(has(&image, "vfio_pci"));
	fclose(file);
}

static void every_form_of_a_module_counts(void **state)
{
	static const struct {
		const char *path, *name;
	} cases[] = {
		{ "usr/lib/modules/6.1.0/kernel/a/vfio-pci.ko", "vfio_pci" },
		{ "lib/modules/6.1.0/kernel/b/nvme-core.ko.xz", "nvme_core" },
		{ "./usr/lib/modules/6.1.0/c.ko.zst", "c" },
		{ "/usr/lib/modules/6.1.0/updates/dkms/d.ko.gz", "d" },
		{ "usr/lib/modules/e.ko", "e" }, /* all in one folder: booster */
	};
	static const char *const others[] = {
		"usr/lib/modules/6.1.0/kernel/x.ko.bz2",
		"usr/lib/modules/6.1.0/.ko",
		"usr/share/y.ko",
		"usr/lib/modules/6.2.0/z.ko",
	};
	cleanup_packed struct packed packed = { 0 };
	cleanup_image struct image image = { 0 };

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		packed_file(&packed, cases[i].path, "");
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		packed_file(&packed, others[i], "");
	packed_link(&packed, "usr/lib/modules/6.1.0/folder.ko", 0040755, "", 0, 2);
	packed_end(&packed);
	assert_int_equal(packed_read(&packed, &image), 0);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_true(has(&image, cases[i].name));
	assert_false(has(&image, "x") || has(&image, "y") || has(&image, "z"));
	assert_false(has(&image, "folder") || has(&image, ""));
	assert_int_equal(image_count_modules(&image, "6.1.0"), 4);
}

static void what_orders_drivers_is_kept_whole(void **state)
{
	cleanup_packed struct packed packed = { 0 };
	cleanup_image struct image image = { 0 };
	const struct image_file *files;
	size_t n;

	packed_file(&packed, "usr/lib/modprobe.d/b.conf", "options b x=1\n");
	packed_file(&packed, "etc/modprobe.d/z.conf", "z");
	packed_file(&packed, "etc/modprobe.d/a.conf", "softdep a pre: b\n");
	packed_file(&packed, "etc/modprobe.d/readme", "no");
	packed_file(&packed, "etc/passwd", "no");
	packed_link(&packed, "etc/modprobe.d/link.conf", 0120777, "/etc/passwd", 0, 1);
	packed_end(&packed);
	assert_int_equal(packed_read(&packed, &image), 0);
	files = image_folder(&image, "etc/modprobe.d/", &n);
	assert_int_equal(n, 3);
	assert_string_equal(files[0].bytes, "softdep a pre: b\n");
	assert_int_equal(files[0].size, 17);
	assert_null(files[1].bytes); /* where it leads is not known */
	assert_string_equal(files[2].path, "etc/modprobe.d/z.conf");
	assert_string_equal(image_file(&image, "lib/modprobe.d/b.conf")->bytes,
			    "options b x=1\n");
	assert_null(image_file(&image, "etc/passwd"));
}

/* The kernel writes over what an earlier archive brought. */
static void the_last_file_of_a_path_counts(void **state)
{
	cleanup_packed struct packed packed = { 0 };
	cleanup_image struct image image = { 0 };

	for (int i = 0; i < 3; i++) {
		packed_file(&packed, "etc/modprobe.d/a.conf",
			    (const char *const[]){ "first", "second", "third" }[i]);
		packed_end(&packed);
		packed_zeros(&packed, 512);
	}
	assert_int_equal(packed_read(&packed, &image), 0);
	assert_int_equal(image.n_files, 1);
	assert_string_equal(image.files[0].bytes, "third");
}

/* Files of one content get one inode (hardlink, dracut), and the last name the bytes. */
static void names_of_one_file_share_its_bytes(void **state)
{
	cleanup_packed struct packed packed = { 0 };
	cleanup_image struct image image = { 0 };

	packed_link(&packed, "etc/modprobe.d/a.conf", 0100644, "", 7, 3);
	packed_link(&packed, "etc/modprobe.d/empty.conf", 0100644, "", 8, 1);
	packed_link(&packed, "etc/modprobe.d/b.conf", 0100644, "", 7, 3);
	packed_link(&packed, "usr/share/c", 0100644, "softdep", 7, 3);
	packed_end(&packed);
	assert_int_equal(packed_read(&packed, &image), 0);
	assert_int_equal(image.n_files, 3);
	assert_string_equal(image.files[0].bytes, "softdep");
	assert_string_equal(image.files[1].bytes, "softdep");
	assert_string_equal(image.files[2].bytes, "");
}

static void dependencies_come_from_its_own_index(void **state)
{
	cleanup_packed struct packed packed = { 0 };
	cleanup_image struct image image = { 0 };
	cleanup_strings struct strings found = { 0 };

	packed_file(&packed, "usr/lib/modules/6.1.0/modules.dep",
		    "kernel/x/vfio.ko.xz:\n"
		    "kernel/x/vfio-pci.ko.xz: kernel/x/vfio-pci-core.ko.xz "
		    "kernel/x/vfio.ko.xz\n"
		    "no colon here\n");
	packed_end(&packed);
	assert_int_equal(packed_read(&packed, &image), 0);
	assert_true(image_dependencies(&image, "6.1.0", "vfio_pci", &found));
	assert_int_equal(found.n, 2);
	assert_string_equal(found.v[0], "vfio-pci-core");
	assert_string_equal(found.v[1], "vfio");
	assert_true(image_dependencies(&image, "6.1.0", "vfio", &found));
	assert_int_equal(found.n, 2);
	assert_false(image_dependencies(&image, "6.1.0", "no colon here", &found));
	assert_false(image_dependencies(&image, "6.2.0", "vfio", &found));
}

static void generators_are_told_by_what_they_leave(void **state)
{
	static const struct {
		const char *path;
		enum image_generator generator;
	} cases[] = {
		{ "usr/lib/dracut/modules.txt", IMAGE_BY_DRACUT },
		{ "buildconfig", IMAGE_BY_MKINITCPIO },
		{ "conf/initramfs.conf", IMAGE_BY_INITRAMFS_TOOLS },
		{ "init", IMAGE_BY_OTHER },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_packed struct packed packed = { 0 };
		cleanup_image struct image image = { 0 };

		packed_file(&packed, cases[i].path, "");
		packed_end(&packed);
		assert_int_equal(packed_read(&packed, &image), 0);
		assert_int_equal(image_made_by(&image), cases[i].generator);
	}
}

static void what_the_kernel_cannot_unpack_is_named(void **state)
{
	static const char lz4_frame[] = "\x04\x22\x4d\x18not the legacy form";
	static const struct {
		const char *bytes;
		size_t n;
		const char *problem;
	} cases[] = {
		{ "", 0, "it holds no archive" },
		{ "\0\0\0\0", 4, "it holds no archive" },
		{ "0707", 4, "it ends within an archive" },
		{ "070707", 110, NULL },
		{ "hello", 5,
		  "what stands at byte 0 of it is neither an archive nor compressed in a way that the kernel knows" },
		{ "\0\0x", 3,
		  "what stands at byte 2 of it is neither an archive nor compressed in a way that the kernel knows" },
		/* An archive begins at a multiple of four. */
		{ "\0\0\060\067\060\067\060\061", 8,
		  "what stands at byte 2 of it is neither an archive nor compressed in a way that the kernel knows" },
		{ lz4_frame, sizeof lz4_frame,
		  "what stands at byte 0 of it is neither an archive nor compressed in a way that the kernel knows" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_packed struct packed packed = { 0 };
		cleanup_image struct image image = { 0 };

		packed_zeros(&packed, cases[i].n);
		memcpy(packed.bytes, cases[i].bytes,
		       cases[i].problem ? cases[i].n : strlen(cases[i].bytes));
		assert_int_equal(packed_read(&packed, &image), 0);
		assert_int_equal(image.state, IMAGE_BROKEN);
		assert_string_equal(image.problem,
				    cases[i].problem
					    ? cases[i].problem
					    : "a header in it has no magic '070701'");
	}
}

/* Wherever an image is cut, it is said to be broken, and what came before is kept. */
static void a_cut_image_is_never_whole(void **state)
{
	for (int i = -1; i < METHODS; i++) {
		cleanup_packed struct packed plain = archive_of("vfio-pci.ko");
		cleanup_packed struct packed packed = { 0 };
		size_t step;

		if (i < 0)
			packed_add(&packed, plain.bytes, plain.n);
		else
			packed = packed_by(methods[i], &plain);
		step = packed.n / 64;
		for (size_t n = step; n < packed.n - 8; n += step) {
			const struct packed cut = { packed.bytes, n };
			cleanup_image struct image image = { 0 };

			assert_int_equal(packed_read(&cut, &image), 0);
			assert_int_equal(image.state, IMAGE_BROKEN);
			assert_non_null(image.problem);
		}
	}
}

static void a_stream_that_fails_is_an_error(void **state)
{
	cleanup_packed struct packed packed = archive_of("vfio-pci.ko");
	cleanup_image struct image image = { 0 };
	FILE *file = fmemopen(packed.bytes, packed.n / 2, "r");

	/* The file is shorter than it was when its size was asked. */
	assert_int_equal(image_read(&(struct image_part){ file, 0, packed.n }, 1, &image),
			 -EIO);
	assert_int_equal(image.n_modules, 0);
	fclose(file);
}

/* Nothing that is kept grows without a limit. */
static void too_much_is_said_to_be_unread(void **state)
{
	cleanup_packed struct packed packed = { 0 };
	cleanup_image struct image image = { 0 };
	size_t n;

	packed_file(&packed, "usr/lib/modules/6.1.0/x.ko", "");
	n = packed.n;
	packed.bytes = xreallocarray(packed.bytes, IMAGE_FILES_MAX + 2, n);
	for (int i = 1; i <= IMAGE_FILES_MAX; i++)
		memcpy(packed.bytes + (size_t)i * n, packed.bytes, n);
	packed.n = n * (IMAGE_FILES_MAX + 1);
	assert_int_equal(packed_read(&packed, &image), 0);
	assert_int_equal(image.state, IMAGE_UNREAD);
	assert_string_equal(image.problem,
			    "it holds more than 65536 modules and configuration files");
	assert_true(has(&image, "x"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(images_of_every_compression_are_read),
		cmocka_unit_test(a_plain_archive_may_come_first),
		cmocka_unit_test(parts_may_follow_one_another),
		cmocka_unit_test(archives_may_follow_within_a_compressed_part),
		cmocka_unit_test(several_files_are_one_image),
		cmocka_unit_test(an_image_may_be_a_part_of_a_file),
		cmocka_unit_test(every_form_of_a_module_counts),
		cmocka_unit_test(what_orders_drivers_is_kept_whole),
		cmocka_unit_test(the_last_file_of_a_path_counts),
		cmocka_unit_test(names_of_one_file_share_its_bytes),
		cmocka_unit_test(dependencies_come_from_its_own_index),
		cmocka_unit_test(generators_are_told_by_what_they_leave),
		cmocka_unit_test(what_the_kernel_cannot_unpack_is_named),
		cmocka_unit_test(a_cut_image_is_never_whole),
		cmocka_unit_test(a_stream_that_fails_is_an_error),
		cmocka_unit_test(too_much_is_said_to_be_unread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
