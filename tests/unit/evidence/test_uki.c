/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/uki.h"
#include "evidence/vmlinuz.h"
#include "unit/evidence/pe.h"

#include <errno.h>

static int read_pe(const struct packed *packed, struct uki *ret)
{
	cleanup_file FILE *file = fmemopen(packed->bytes, packed->n, "r");

	return uki_read(file, ret);
}

static void sections_of_a_unified_image_are_found(void **state)
{
	static const struct pe_section sections[] = {
		{ ".text", "code" },
		{ ".osrel", "ID=arch\n" },
		{ ".cmdline", "root=x vfio-pci.ids=1002:68c8\n" },
		{ ".uname", "6.12.1-arch1-1" },
		{ ".ucode", "microcode" },
		{ ".initrd", "the initramfs" },
		{ ".linux", "the kernel" },
	};
	cleanup_packed struct packed packed = pe_make(sections, 7);
	cleanup_uki struct uki uki = { 0 };

	assert_int_equal(read_pe(&packed, &uki), 0);
	assert_true(uki.is_unified);
	assert_string_equal(uki.osrel, "ID=arch");
	assert_string_equal(uki.cmdline, "root=x vfio-pci.ids=1002:68c8");
	assert_string_equal(uki.uname, "6.12.1-arch1-1");
	assert_int_equal(uki.initrd.size, strlen("the initramfs"));
	assert_memory_equal(packed.bytes + uki.initrd.offset, "the initramfs",
			    uki.initrd.size);
	assert_memory_equal(packed.bytes + uki.microcode.offset, "microcode",
			    uki.microcode.size);
	assert_memory_equal(packed.bytes + uki.kernel.offset, "the kernel",
			    uki.kernel.size);
}

/* What stands before the first profile is for all of them, and the first one boots. */
static void of_several_profiles_the_first_counts(void **state)
{
	static const struct pe_section sections[] = {
		{ ".cmdline", "for all" },   { ".linux", "kernel" },
		{ ".profile", "ID=main" },   { ".cmdline", "main" },
		{ ".profile", "ID=second" }, { ".cmdline", "second" },
	};
	cleanup_packed struct packed packed = pe_make(sections, 6);
	cleanup_packed struct packed inherits = pe_make(sections, 3);
	cleanup_uki struct uki uki = { 0 }, other = { 0 };

	assert_int_equal(read_pe(&packed, &uki), 0);
	assert_string_equal(uki.cmdline, "main");
	assert_int_equal(read_pe(&inherits, &other), 0);
	assert_string_equal(other.cmdline, "for all");
}

static void an_addon_has_a_command_line_and_no_kernel(void **state)
{
	static const struct pe_section sections[] = { { ".cmdline", "vfio-pci.ids=1" } };
	cleanup_packed struct packed packed = pe_make(sections, 1);
	cleanup_uki struct uki uki = { 0 };

	assert_int_equal(read_pe(&packed, &uki), 0);
	assert_false(uki.is_unified);
	assert_string_equal(uki.cmdline, "vfio-pci.ids=1");
	assert_null(uki.uname);
}

static void what_is_no_program_is_refused(void **state)
{
	static const struct pe_section sections[] = { { ".cmdline", "x" },
						      { ".linux", "kernel" } };
	cleanup_packed struct packed packed = pe_make(sections, 2);

	for (size_t n = 1; n < packed.n - strlen("kernel"); n++) {
		const struct packed cut = { packed.bytes, n };
		struct uki uki = { .is_unified = true };

		if (read_pe(&cut, &uki) == 0) /* the table is whole, and '.cmdline' */
			uki_free(&uki);
		else
			assert_true(uki.is_unified); /* left alone */
	}
	packed.bytes[0] = 'm';
	assert_int_equal(read_pe(&packed, &(struct uki){ 0 }), -EINVAL);
	packed.bytes[0] = 'M';
	packed.bytes[0x3c + 3] = '\x7f'; /* far behind the end */
	assert_int_equal(read_pe(&packed, &(struct uki){ 0 }), -EINVAL);
}

/* A kernel for x86 tells its release, whatever its file is called. */
static void a_kernel_tells_its_release(void **state)
{
	static const struct {
		const char *text, *release;
	} cases[] = {
		{ "6.12.1-arch1-1 (linux@archlinux) #1 SMP", "6.12.1-arch1-1" },
		{ "6.1.0-50-amd64", "6.1.0-50-amd64" },
		{ " ", NULL },
		{ "", NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_packed struct packed packed = { 0 };
		cleanup_free char *release = NULL;
		cleanup_file FILE *file = NULL;

		packed_zeros(&packed, 3); /* it may be a section of something */
		packed_zeros(&packed, 0x240);
		memcpy(packed.bytes + 3 + 0x202, "HdrS", 4);
		packed.bytes[3 + 0x20e] = 0x40;
		packed_add(&packed, cases[i].text, strlen(cases[i].text));
		file = fmemopen(packed.bytes, packed.n, "r");
		release = vmlinuz_release(file, 3);
		if (cases[i].release)
			assert_string_equal(release, cases[i].release);
		else
			assert_null(release);
		assert_null(vmlinuz_release(file, 0));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sections_of_a_unified_image_are_found),
		cmocka_unit_test(of_several_profiles_the_first_counts),
		cmocka_unit_test(an_addon_has_a_command_line_and_no_kernel),
		cmocka_unit_test(what_is_no_program_is_refused),
		cmocka_unit_test(a_kernel_tells_its_release),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
