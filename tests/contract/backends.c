/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The contract of a backend: writing twice is writing once, reverting leaves nothing, and
 * what it wrote says what the plan says to the program that reads it. Each row of the
 * table is run against a root that users have already configured.
 */
#include "txn/transaction.h"
#include "unit/artifact/scene.h"
#include "unit/artifact/shell.h"
#include "unit/txn/scratch.h"

#define MODPROBE   "/etc/modprobe.d/00-vfio-bootcfg.conf"
#define GRUB	   "/etc/default/grub"
#define MKINITCPIO "/etc/mkinitcpio.conf"
#define IDS	   "vfio-pci.ids=1002:68c8,1002:aa60"

struct backend {
	const char *name;
	int initramfs, bootloader; /* or -1 */
	bool reads_dropins;
	const char *sourced[3]; /* what the reader runs, in this order */
	const char *shell;	/* that is or stands for the reader */
	const char *print;	/* of what it has read */
	const char *read;	/* what that must be */
};

#define DRACUT_PRINT "echo \"$force_drivers|$install_items\""
#define LIST_PRINT   "echo \"${MODULES[*]}|${FILES[*]}|${HOOKS[*]}\""
#define GRUB_PRINT   "echo \"$GRUB_CMDLINE_LINUX $GRUB_CMDLINE_LINUX_DEFAULT\""
#define LIST_READ \
	"vfio_pci vfio vfio_iommu_type1 amdgpu|/etc/a b " MODPROBE "|base udev\n"

static const struct backend backends[] = {
	{ .name = "dracut",
	  .initramfs = INITRAMFS_DRACUT,
	  .bootloader = -1,
	  .sourced = { "/etc/dracut.conf", "/etc/dracut.conf.d/50-vfio-bootcfg.conf" },
	  .shell = "bash",
	  .print = DRACUT_PRINT,
	  .read = " a  vfio_pci vfio vfio_iommu_type1 | " MODPROBE " \n" },
	{ .name = "mkinitcpio",
	  .initramfs = INITRAMFS_MKINITCPIO,
	  .bootloader = -1,
	  .reads_dropins = true,
	  .sourced = { MKINITCPIO, "/etc/mkinitcpio.conf.d/10-vfio-bootcfg.conf" },
	  .shell = "bash",
	  .print = LIST_PRINT,
	  .read = LIST_READ },
	{ .name = "mkinitcpio before 36",
	  .initramfs = INITRAMFS_MKINITCPIO,
	  .bootloader = -1,
	  .sourced = { MKINITCPIO },
	  .shell = "bash",
	  .print = LIST_PRINT,
	  .read = LIST_READ },
	{ .name = "initramfs-tools hook",
	  .initramfs = INITRAMFS_TOOLS,
	  .bootloader = -1,
	  .sourced = { "/etc/stub", "/etc/initramfs-tools/hooks/vfio-bootcfg" },
	  .shell = "dash",
	  .print = "echo \"$added\"",
	  .read = "vfio_pci vfio vfio_iommu_type1\n" },
	{ .name = "grub with grub.d",
	  .initramfs = -1,
	  .bootloader = BOOTLOADER_GRUB,
	  .reads_dropins = true,
	  .sourced = { GRUB, "/etc/default/grub.d/50-cloud.cfg",
		       "/etc/default/grub.d/zz-vfio-bootcfg.cfg" },
	  .shell = "dash",
	  .print = GRUB_PRINT,
	  .read = "console=tty1 net.ifnames=0 " IDS " intel_iommu=on\n" },
	{ .name = "grub without grub.d",
	  .initramfs = -1,
	  .bootloader = BOOTLOADER_GRUB,
	  .sourced = { GRUB },
	  .shell = "dash",
	  .print = GRUB_PRINT,
	  .read = "console=tty1 quiet intel_iommu=on " IDS "\n" },
};

/* What administrators have there before we come; two files lack the last newline. */
static void furnish(const struct scratch *scratch)
{
	scratch_file(scratch, GRUB,
		     "GRUB_CMDLINE_LINUX=console=tty1\n"
		     "GRUB_CMDLINE_LINUX_DEFAULT='quiet intel_iommu=on'",
		     0640);
	scratch_file(scratch, "/etc/default/grub.d/50-cloud.cfg",
		     "GRUB_CMDLINE_LINUX_DEFAULT=net.ifnames=0\n", 0644);
	scratch_file(
		scratch, MKINITCPIO,
		"# it's mine\nMODULES=(amdgpu)\nFILES=('/etc/a b')\nHOOKS=(base udev)",
		0600);
	scratch_file(scratch, "/etc/dracut.conf", "force_drivers+=\" a \"\n", 0644);
	scratch_file(scratch, "/etc/modprobe.d/mine.conf", "options a b=1\n", 0644);
	/* The hook's own library, where a test cannot have one. */
	scratch_file(scratch, "/etc/stub", "manual_add_modules() { added=$*; }\n", 0644);
}

/* As probe does it for the paths that this room asks for. */
static void read_files(const struct scratch *scratch, struct scene *scene)
{
	static const char cloud[] = "/etc/default/grub.d/50-cloud.cfg";
	char *bytes;
	size_t n;

	for (size_t i = 0; i < artifact_n_paths; i++) {
		const char *path = artifact_paths[i];
		struct stat status;

		if (strchr(path, '*')) /* listed here */
			path = cloud;
		if (root_read(&scratch->root, path, 1 << 20, &bytes, &n) < 0) {
			scene_file(scene, path, NULL);
			continue;
		}
		scene_file_bytes(scene, path, bytes, n);
		assert_int_equal(root_stat(&scratch->root, path, &status), 0);
		((struct file *)system_file(&scene->system, path))->mode =
			status.st_mode & 07777;
		free(bytes);
	}
}

static void begin(const struct backend *backend, struct scene *scene)
{
	scene_begin(scene);
	if (backend->initramfs >= 0)
		scene->plan.uses_initramfs[backend->initramfs] = true;
	if (backend->bootloader >= 0)
		scene->plan.uses_bootloader[backend->bootloader] = true;
	scene->system.grub_reads_dropins = backend->reads_dropins;
	scene->system.mkinitcpio_reads_dropins = backend->reads_dropins;
}

/* Renders against the root, and compares with it. */
static void compare(const struct scratch *scratch, struct scene *scene,
		    struct changes *ret)
{
	read_files(scratch, scene);
	scene_render(scene);
	assert_false(findings_have_errors(&scene->findings));
	assert_int_equal(transaction_compare(&scratch->root, &scene->artifacts, ret,
					     &scene->findings),
			 0);
}

static void generate(const struct scratch *scratch, struct scene *scene)
{
	cleanup_changes struct changes changes = { 0 };

	compare(scratch, scene, &changes);
	assert_true(changes_change_anything(&changes));
	assert_int_equal(transaction_commit(&scratch->root, &changes, &scene->findings),
			 0);
}

static void revert(const struct scratch *scratch, struct scene *scene)
{
	cleanup_changes struct changes changes = { 0 };

	assert_int_equal(
		transaction_compare_revert(&scratch->root, &changes, &scene->findings),
		0);
	assert_int_equal(transaction_commit(&scratch->root, &changes, &scene->findings),
			 0);
}

static void writing_twice_is_writing_once(void **state)
{
	const struct backend *backend = *state;
	cleanup_changes struct changes changes = { 0 };
	struct scratch scratch;
	struct scene scene;

	scratch_begin(&scratch);
	furnish(&scratch);
	begin(backend, &scene);
	generate(&scratch, &scene);
	compare(&scratch, &scene, &changes);
	assert_false(changes_change_anything(&changes));
	scene_end(&scene);
	scratch_end(&scratch);
}

static void reverting_leaves_nothing(void **state)
{
	const struct backend *backend = *state;
	struct scratch scratch;
	struct scene scene;
	char *before, *after;

	scratch_begin(&scratch);
	furnish(&scratch);
	before = scratch_text(&scratch);
	begin(backend, &scene);
	generate(&scratch, &scene);
	/* Another plan in between: what it no longer wants is taken back by itself. */
	free(scene.plan.cmdline.v[0]);
	scene.plan.cmdline.v[0] = xstrdup("vfio-pci.ids=10de:2704");
	strings_add(&scene.plan.modules, "vfio_virqfd");
	generate(&scratch, &scene);
	revert(&scratch, &scene);
	after = scratch_text(&scratch);
	assert_string_equal(after, before);
	free(before);
	free(after);
	scene_end(&scene);
	scratch_end(&scratch);
}

/* An administrator goes on editing a file around our block. */
static void reverting_keeps_an_edit_around_the_block(void **state)
{
	static const char text[] = "GRUB_CMDLINE_LINUX_DEFAULT=quiet\n";
	struct scratch scratch;
	struct scene scene;
	char *edited, *bytes;
	size_t n;

	scratch_begin(&scratch);
	scratch_file(&scratch, GRUB, text, 0644);
	scene_begin(&scene);
	scene.plan.uses_bootloader[BOOTLOADER_GRUB] = true;
	generate(&scratch, &scene);
	edited = xasprintf("%sGRUB_TIMEOUT=9\n", scene_artifact(&scene, GRUB)->bytes);
	scratch_file(&scratch, GRUB, edited, 0644);
	strings_add(&scene.plan.cmdline, "iommu=pt");
	generate(&scratch, &scene);
	revert(&scratch, &scene);
	assert_int_equal(root_read(&scratch.root, GRUB, 4096, &bytes, &n), 0);
	assert_string_equal(bytes, "GRUB_CMDLINE_LINUX_DEFAULT=quiet\nGRUB_TIMEOUT=9\n");
	free(bytes);
	free(edited);
	scene_end(&scene);
	scratch_end(&scratch);
}

/* Where the hook's own library would be, it is stubbed already; the other commands of
 * these files are builtins. */
static char *sourced_text(const struct scratch *scratch, const struct backend *backend,
			  size_t *ret_size)
{
	char *text;
	FILE *out = xopen_memstream(&text, ret_size);

	for (size_t i = 0; i < 3 && backend->sourced[i]; i++) {
		char *bytes, *line;
		size_t n;

		assert_int_equal(root_read(&scratch->root, backend->sourced[i], 1 << 20,
					   &bytes, &n),
				 0);
		for (char *rest = bytes; (line = strsep(&rest, "\n"));)
			if (strncmp(line, ". /usr/share/", 13) != 0)
				fprintf(out, "%s%s", line, rest ? "\n" : "");
		/* As mkinitcpio joins them; the others run one by one. */
		if (strcmp(backend->name, "mkinitcpio") != 0)
			fputc('\n', out);
		free(bytes);
	}
	fclose(out);
	return text;
}

static void the_reader_sees_the_plan(void **state)
{
	const struct backend *backend = *state;
	const char *shell = shell_program(backend->shell);
	cleanup_free char *text = NULL, *read = NULL;
	struct scratch scratch;
	struct scene scene;
	size_t n;
	int status;

	if (!shell) {
		fprintf(stderr, "skipped: there is no %s\n", backend->shell);
		skip();
	}
	scratch_begin(&scratch);
	furnish(&scratch);
	begin(backend, &scene);
	generate(&scratch, &scene);
	text = sourced_text(&scratch, backend, &n);
	read = shell_source(shell, text, n, backend->print, &status);
	assert_string_equal(read, backend->read);
	scene_end(&scene);
	scratch_end(&scratch);
}

/* Both say nothing to `prereqs`, and the init script runs the real modprobe by its path,
 * before the name of udev. */
static void initramfs_tools_scripts_keep_its_protocol(void **state)
{
	static const char *const paths[] = {
		"/etc/initramfs-tools/hooks/vfio-bootcfg",
		"/etc/initramfs-tools/scripts/init-top/00-vfio-bootcfg",
	};
	const char *dash = shell_program("dash");
	struct scene scene;

	if (!dash)
		skip();
	scene_begin(&scene);
	scene.plan.uses_initramfs[INITRAMFS_TOOLS] = true;
	scene_render(&scene);
	for (size_t i = 0; i < 2; i++) {
		const struct artifact *artifact = scene_artifact(&scene, paths[i]);
		cleanup_free char *text =
			xasprintf("set -- prereqs\n%s\n", artifact->bytes);
		cleanup_free char *printed = NULL;
		int status;

		assert_int_equal(artifact->mode, 0755);
		printed = shell_source(dash, text, strlen(text), "echo ran on", &status);
		assert_string_equal(printed, ""); /* it exits at once */
		assert_int_equal(status, 0);
	}
	assert_true(strcmp("00-vfio-bootcfg", "udev") < 0);
	scene_end(&scene);
}

int main(void)
{
	enum { TESTS_EACH = 3, BACKENDS = sizeof backends / sizeof *backends };
	static const struct CMUnitTest each[TESTS_EACH] = {
		cmocka_unit_test(writing_twice_is_writing_once),
		cmocka_unit_test(reverting_leaves_nothing),
		cmocka_unit_test(the_reader_sees_the_plan),
	};
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(initramfs_tools_scripts_keep_its_protocol),
		cmocka_unit_test(reverting_keeps_an_edit_around_the_block),
	};
	struct CMUnitTest tests[BACKENDS * TESTS_EACH + 2];
	char names[BACKENDS * TESTS_EACH][96];

	for (size_t i = 0; i < BACKENDS * TESTS_EACH; i++) {
		const struct backend *backend = &backends[i / TESTS_EACH];

		tests[i] = each[i % TESTS_EACH];
		tests[i].initial_state = (void *)backend;
		snprintf(names[i], sizeof names[i], "%s: %s", backend->name,
			 tests[i].name);
		tests[i].name = names[i];
	}
	memcpy(&tests[BACKENDS * TESTS_EACH], others, sizeof others);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
