/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/boot.h"
#include "unit/evidence/pe.h"
#include "unit/sys/folder.h"

#include <errno.h>
#include <fcntl.h>

/* A root in a folder of its own, with two kernels. */
struct site {
	struct root root;
	struct kernel kernels[2];
	struct system system;
	struct next_boot next;
};

static void site_begin(struct site *site)
{
	*site = (struct site){ .kernels = { { .release = (char *)"6.1.0" },
					    { .release = (char *)"6.12.1-arch1-1" } } };
	site->system.kernels = site->kernels;
	site->system.n_kernels = 2;
	folder_make();
	assert_int_equal(root_open(folder_root, &site->root), 0);
}

static void site_probe(struct site *site, enum menu_kind loader, const char *release)
{
	next_boot_free(&site->next);
	probe_next_boot(&site->root, &site->system, loader, release, &site->next);
}

static void site_end(struct site *site)
{
	next_boot_free(&site->next);
	root_close(&site->root);
	folder_remove();
}

static void write_packed(const char *path, const struct packed *packed)
{
	FILE *file = fopen(folder_path(path), "we");

	assert_non_null(file);
	assert_int_equal(fwrite(packed->bytes, 1, packed->n, file), packed->n);
	assert_int_equal(fclose(file), 0);
}

static struct packed image_with(const char *module)
{
	cleanup_free char *path = xasprintf("usr/lib/modules/6.1.0/%s.ko", module);
	struct packed packed = { 0 };

	packed_file(&packed, path, "");
	packed_end(&packed);
	return packed;
}

/* An image with one module, that tells which file was read. */
static void write_image(const char *path, const char *module)
{
	cleanup_packed struct packed packed = image_with(module);

	write_packed(path, &packed);
}

/* A file that tells its release as a kernel for x86 does. */
static void write_kernel(const char *path, const char *release)
{
	cleanup_packed struct packed packed = { 0 };

	packed_zeros(&packed, 0x240);
	memcpy(packed.bytes + 0x202, "HdrS", 4);
	packed.bytes[0x20e] = 0x40;
	packed_add(&packed, release, strlen(release) + 1);
	write_packed(path, &packed);
}

static const struct boot_image *image_of(const struct site *site, const char *release)
{
	for (size_t i = 0; i < site->next.n_kernels; i++)
		if (strcmp(site->next.kernels[i].release, release) == 0)
			return &site->next.kernels[i].image;
	fail();
	return NULL;
}

static void check_image(const struct site *site, const char *release, const char *path,
			const char *module)
{
	const struct boot_image *image = image_of(site, release);

	assert_int_equal(image->error, 0);
	assert_string_equal(image->path, path);
	assert_true(image_has_module(&image->image, "6.1.0", module));
	assert_true(image->modified > 0);
}

static void without_a_menu_the_usual_places_are_tried(void **state)
{
	static const char *const places[] = {
		"boot/initrd.img-6.1.0",
		"boot/initramfs-6.1.0.img",
		"boot/initrd-6.1.0",
		"boot/initrd-6.1.0.img",
		"usr/lib/modules/6.1.0/initrd",
	};

	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		cleanup_free char *path = xasprintf("/%s", places[i]);
		struct site site;

		site_begin(&site);
		write_image(places[i], "found");
		site_probe(&site, MENU_GRUB, NULL);
		assert_int_equal(site.next.menu_error, -ENOENT);
		assert_int_equal(site.next.menu.n, 0);
		assert_int_equal(site.next.n_kernels, 2);
		check_image(&site, "6.1.0", path, "found");
		assert_int_equal(image_of(&site, "6.12.1-arch1-1")->error, -ENOENT);
		assert_string_equal(image_of(&site, "6.12.1-arch1-1")->path,
				    "/boot/initrd.img-6.12.1-arch1-1");
		site_end(&site);
	}
}

static void what_is_missing_has_the_name_that_it_would_have(void **state)
{
	struct site site;

	site_begin(&site);
	folder_write("boot/grub2/grubenv", "");
	site.system.initramfs[INITRAMFS_DRACUT].found = true;
	site_probe(&site, MENU_GRUB, NULL);
	assert_string_equal(site.next.menu_path, "/boot/grub2/grub.cfg");
	assert_string_equal(image_of(&site, "6.1.0")->path, "/boot/initramfs-6.1.0.img");
	site_end(&site);
}

static void one_kernel_may_be_asked_for_alone(void **state)
{
	struct site site;

	site_begin(&site);
	site_probe(&site, MENU_GRUB, "6.12.1-arch1-1");
	assert_int_equal(site.next.n_kernels, 1);
	assert_string_equal(site.next.kernels[0].release, "6.12.1-arch1-1");
	site_end(&site);
}

/* '/boot' may be a partition of its own, or within a subvolume. */
static void paths_of_grub_are_found_wherever_boot_is(void **state)
{
	static const char *const prefixes[] = { "/boot", "", "/@/boot", "/@root/boot",
						"(hd0,gpt2)/boot" };

	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
		cleanup_free char *text = xasprintf(
			"menuentry x {\nlinux %s/vmlinuz-6.1.0 a\ninitrd %s/early.img %s/other-6.1.0\n}\n",
			prefixes[i], prefixes[i], prefixes[i]);
		struct site site;

		site_begin(&site);
		folder_write("boot/grub/grub.cfg", text);
		write_image("boot/early.img", "early");
		write_image("boot/other-6.1.0", "late");
		site_probe(&site, MENU_GRUB, NULL);
		assert_string_equal(site.next.menu_path, "/boot/grub/grub.cfg");
		assert_string_equal(site.next.menu.v[0].release, "6.1.0");
		assert_int_equal(site.next.kernels[0].entry, 0);
		check_image(&site, "6.1.0", "/boot/early.img + /boot/other-6.1.0",
			    "late");
		check_image(&site, "6.1.0", "/boot/early.img + /boot/other-6.1.0",
			    "early");
		assert_int_equal(site.next.kernels[1].entry, SIZE_MAX);
		site_end(&site);
	}
}

/* 'vmlinuz-linux' says nothing: the file does, and where it does not, its package. */
static void kernels_without_a_version_are_told_apart(void **state)
{
	static const char text[] = "menuentry x {\nlinux /boot/vmlinuz-linux\n"
				   "initrd /boot/initramfs-linux.img\n}\n";
	struct site site;

	site_begin(&site);
	folder_write("boot/grub/grub.cfg", text);
	write_image("boot/initramfs-linux.img", "found");
	site_probe(&site, MENU_GRUB, NULL);
	assert_null(site.next.menu.v[0].release);
	folder_write("usr/lib/modules/6.12.1-arch1-1/pkgbase", "linux\n");
	site_probe(&site, MENU_GRUB, NULL);
	assert_string_equal(site.next.menu.v[0].release, "6.12.1-arch1-1");
	write_kernel("boot/vmlinuz-linux", "6.1.0 (x@y) #1");
	site_probe(&site, MENU_GRUB, NULL);
	assert_string_equal(site.next.menu.v[0].release, "6.1.0");
	check_image(&site, "6.1.0", "/boot/initramfs-linux.img", "found");
	/* And without an entry, the package tells where the image is. */
	check_image(&site, "6.12.1-arch1-1", "/boot/initramfs-linux.img", "found");
	site_end(&site);
}

static void the_environment_block_of_grub_is_read(void **state)
{
	struct site site;

	site_begin(&site);
	folder_write("boot/grub2/grub.cfg",
		     "set default=\"${saved_entry}\"\n"
		     "menuentry a {\nlinux /vmlinuz-6.1.0\n}\n"
		     "menuentry b {\nlinux /vmlinuz-6.12.1-arch1-1\n}\n");
	folder_write("boot/grub2/grubenv", "# GRUB Environment Block\nsaved_entry=b\n#");
	site_probe(&site, MENU_GRUB, NULL);
	assert_string_equal(site.next.menu_path, "/boot/grub2/grub.cfg");
	assert_int_equal(site.next.menu.chosen, 1);
	site_end(&site);
}

static void entries_of_every_boot_partition_are_one_menu(void **state)
{
	struct site site;

	site_begin(&site);
	folder_write("boot/loader/entries/m-6.1.0.conf",
		     "linux /m/6.1.0/linux\ninitrd /m/6.1.0/initrd\noptions a\n");
	folder_write("efi/loader/entries/z.conf",
		     "version 6.12.1-arch1-1\nlinux /linux\ninitrd /initrd\n");
	folder_write("efi/loader/loader.conf", "default z.conf\n");
	write_image("boot/m/6.1.0/initrd", "in_boot");
	write_image("efi/initrd", "in_efi");
	site_probe(&site, MENU_SYSTEMD_BOOT, NULL);
	assert_int_equal(site.next.menu.n, 2);
	assert_string_equal(site.next.menu.v[site.next.menu.chosen].id, "z.conf");
	check_image(&site, "6.1.0", "/boot/m/6.1.0/initrd", "in_boot");
	check_image(&site, "6.12.1-arch1-1", "/efi/initrd", "in_efi");
	site_end(&site);
}

/* /efi may be a link to /boot: its entries are not there twice. */
static void a_partition_with_two_names_is_read_once(void **state)
{
	struct site site;

	site_begin(&site);
	folder_write("boot/loader/entries/a.conf", "linux /vmlinuz-6.1.0\n");
	folder_link("efi", "boot");
	site_probe(&site, MENU_SYSTEMD_BOOT, NULL);
	assert_int_equal(site.next.menu.n, 1);
	assert_int_equal(image_of(&site, "6.1.0")->error, -ENOENT);
	assert_null(image_of(&site, "6.1.0")->path); /* it loads none */
	site_end(&site);
}

static void the_firmware_chooses_before_the_file(void **state)
{
	static const char variable[] =
		"sys/firmware/efi/efivars/LoaderEntryDefault-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f";
	struct packed value = { 0 };
	struct site site;

	site_begin(&site);
	folder_write("efi/loader/entries/a.conf", "linux /vmlinuz-6.1.0\n");
	folder_write("efi/loader/entries/b.conf", "linux /vmlinuz-6.1.0\n");
	folder_write("efi/loader/loader.conf", "default b.conf\n");
	packed_add(&value, "\a\0\0\0a\0.\0c\0o\0n\0f\0\0\0", 18);
	write_packed(variable, &value);
	packed_free(&value);
	site_probe(&site, MENU_SYSTEMD_BOOT, NULL);
	assert_string_equal(site.next.menu.v[site.next.menu.chosen].id, "a.conf");
	site_end(&site);
}

static void unified_images_are_looked_into(void **state)
{
	cleanup_packed struct packed initrd = image_with("within");
	cleanup_free char *text = NULL;
	struct pe_section sections[] = { { ".cmdline", "root=x" },
					 { ".uname", "6.1.0" },
					 { ".initrd", NULL },
					 { ".linux", "kernel" } };
	static const struct pe_section addon[] = { { ".cmdline", "vfio-pci.ids=1" } };
	static const struct pe_section global[] = { { ".cmdline", "quiet" } };
	cleanup_packed struct packed packed = { 0 }, more = pe_make(addon, 1),
				     all = pe_make(global, 1);
	struct site site;

	/* The maker of the test takes text: without NUL bytes there is no archive, so
	 * that this one is put behind the program, over a section of its size. */
	text = xcalloc(initrd.n + 1, 1);
	memset(text, 'x', initrd.n);
	sections[2].text = text;
	packed = pe_make(sections, 4);
	memcpy(memmem(packed.bytes, packed.n, text, initrd.n), initrd.bytes, initrd.n);
	site_begin(&site);
	write_packed("boot/efi/EFI/Linux/arch.efi", &packed);
	write_packed("boot/efi/EFI/Linux/arch.efi.extra.d/x.addon.efi", &more);
	write_packed("boot/efi/loader/addons/y.addon.efi", &all);
	folder_write("boot/efi/EFI/Linux/broken.efi", "no program");
	site_probe(&site, MENU_SYSTEMD_BOOT, NULL);
	assert_int_equal(site.next.menu.n, 1);
	assert_string_equal(site.next.menu.v[0].options, "root=x quiet vfio-pci.ids=1");
	assert_true(image_of(&site, "6.1.0")->is_unified);
	check_image(&site, "6.1.0", "/boot/efi/EFI/Linux/arch.efi", "within");
	site_end(&site);
}

/* A boot partition that is full leaves an empty file. */
static void a_unified_image_that_is_none_is_named(void **state)
{
	struct site site;

	site_begin(&site);
	site.system.chain.mkinitcpio_uki = (char *)"/etc/mkinitcpio.d/linux.preset";
	site.system.chain.mkinitcpio_image = (char *)"/boot/EFI/Linux/arch.efi";
	folder_write("usr/lib/modules/6.12.1-arch1-1/pkgbase", "linux\n");
	folder_write("boot/EFI/Linux/README", "");
	site_probe(&site, MENU_SYSTEMD_BOOT, NULL);
	assert_int_equal(site.next.menu_error, -ENOENT);
	assert_string_equal(site.next.menu_path, "/boot/EFI/Linux");
	folder_write("boot/EFI/Linux/arch.efi", "");
	site_probe(&site, MENU_SYSTEMD_BOOT, NULL);
	assert_int_equal(site.next.menu_error, -ENODATA);
	assert_string_equal(site.next.menu_path, "/boot/EFI/Linux/arch.efi");
	assert_int_equal(image_of(&site, "6.12.1-arch1-1")->error, -ENODATA);
	assert_string_equal(image_of(&site, "6.12.1-arch1-1")->path,
			    "/boot/EFI/Linux/arch.efi");
	/* It is that of the other kernel. */
	assert_string_equal(image_of(&site, "6.1.0")->path, "/boot/initrd.img-6.1.0");
	site_end(&site);
}

static void where_nobody_says_whose_menu_grub_comes_first(void **state)
{
	struct site site;

	site_begin(&site);
	folder_write("efi/loader/entries/a.conf", "linux /vmlinuz-6.1.0\n");
	site_probe(&site, MENU_NONE, NULL);
	assert_int_equal(site.next.menu.kind, MENU_SYSTEMD_BOOT);
	site_probe(&site, MENU_GRUB, NULL);
	assert_int_equal(site.next.menu.n, 0);
	folder_write("boot/grub/grub.cfg", "menuentry a {\nlinux /vmlinuz-6.1.0\n}\n");
	site_probe(&site, MENU_NONE, NULL);
	assert_int_equal(site.next.menu.kind, MENU_GRUB);
	site_probe(&site, MENU_SYSTEMD_BOOT, NULL);
	assert_int_equal(site.next.menu.kind, MENU_SYSTEMD_BOOT);
	site_end(&site);
}

/* libkmod sorts by name over all folders, and a name in /etc hides that in /lib. */
static void modprobe_lines_of_an_image_are_in_their_order(void **state)
{
	cleanup_packed struct packed packed = { 0 };
	const struct boot_image *image;
	struct site site;

	packed_file(&packed, "usr/lib/modprobe.d/10-a.conf", "softdep hidden pre: x\n");
	packed_file(&packed, "usr/lib/modprobe.d/05-b.conf",
		    "# comment\n\nblacklist foo-bar\n");
	packed_file(&packed, "etc/modprobe.d/10-a.conf",
		    "softdep radeon pre: vfio-pci drm\noptions vfio-pci ids=1\n");
	packed_file(&packed, "etc/modprobe.d/99.conf", "install vfio-pci /bin/false\n");
	packed_end(&packed);
	site_begin(&site);
	write_packed("boot/initrd.img-6.1.0", &packed);
	site_probe(&site, MENU_GRUB, "6.1.0");
	image = image_of(&site, "6.1.0");
	assert_int_equal(image->n_rules, 4);
	assert_int_equal(image->rules[0].kind, RULE_BLACKLIST);
	assert_string_equal(image->rules[0].where, "lib/modprobe.d/05-b.conf:3");
	assert_string_equal(image->rules[0].module, "foo_bar");
	assert_int_equal(image->rules[1].kind, RULE_SOFTDEP);
	assert_string_equal(image->rules[1].text, "vfio-pci drm");
	assert_int_equal(image->rules[2].kind, RULE_OPTIONS);
	assert_string_equal(image->rules[2].text, "ids=1");
	assert_int_equal(image->rules[3].kind, RULE_INSTALL);
	site_end(&site);
}

static void sources_of_the_command_line_are_read_in_order(void **state)
{
	char uki[] = "/boot/EFI/Linux/arch-linux.efi";
	struct site site;

	site_begin(&site);
	folder_write("usr/lib/kernel/cmdline", "shipped\n");
	folder_write("etc/cmdline.d/b.conf", "b # no comment\n");
	folder_write("etc/cmdline.d/a.conf", "# comment\na\n");
	folder_write("etc/cmdline.d/readme", "no\n");
	/* Only mkinitcpio reads the folder. */
	site_probe(&site, MENU_GRUB, NULL);
	assert_int_equal(site.next.n_sources, 1);
	site.system.chain.mkinitcpio_uki = uki;
	site.system.chain.mkinitcpio_reads_cmdline_d = true;
	site_probe(&site, MENU_GRUB, NULL);
	assert_int_equal(site.next.n_sources, 3);
	assert_string_equal(site.next.sources[0].text, "shipped");
	assert_string_equal(site.next.sources[1].text, "a");
	folder_write("etc/kernel/cmdline", "root=x\n");
	site_probe(&site, MENU_GRUB, NULL);
	assert_int_equal(site.next.n_sources, 3);
	assert_string_equal(site.next.sources[0].path, "/etc/kernel/cmdline");
	site_end(&site);
}

/* Nothing is waited for, and nothing outside the root is read. */
static void odd_files_are_errors_and_no_traps(void **state)
{
	struct site site;

	site_begin(&site);
	assert_int_equal(mkfifo(folder_path("boot/initrd.img-6.1.0"), 0600), 0);
	folder_link("boot/initrd.img-6.12.1-arch1-1", "/proc/self/exe");
	folder_link("boot/grub/grub.cfg", "/etc/passwd");
	site_probe(&site, MENU_GRUB, NULL);
	assert_int_equal(site.next.menu_error, -ENOENT);
	assert_int_equal(image_of(&site, "6.1.0")->error, -EINVAL);
	assert_int_equal(image_of(&site, "6.12.1-arch1-1")->error, -ENOENT);
	site_end(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_menu_the_usual_places_are_tried),
		cmocka_unit_test(what_is_missing_has_the_name_that_it_would_have),
		cmocka_unit_test(one_kernel_may_be_asked_for_alone),
		cmocka_unit_test(paths_of_grub_are_found_wherever_boot_is),
		cmocka_unit_test(kernels_without_a_version_are_told_apart),
		cmocka_unit_test(the_environment_block_of_grub_is_read),
		cmocka_unit_test(entries_of_every_boot_partition_are_one_menu),
		cmocka_unit_test(a_partition_with_two_names_is_read_once),
		cmocka_unit_test(the_firmware_chooses_before_the_file),
		cmocka_unit_test(unified_images_are_looked_into),
		cmocka_unit_test(a_unified_image_that_is_none_is_named),
		cmocka_unit_test(where_nobody_says_whose_menu_grub_comes_first),
		cmocka_unit_test(modprobe_lines_of_an_image_are_in_their_order),
		cmocka_unit_test(sources_of_the_command_line_are_read_in_order),
		cmocka_unit_test(odd_files_are_errors_and_no_traps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
