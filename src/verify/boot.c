/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verify/boot.h"

#include "base/search.h"
#include "verify/groups.h"
#include "verify/iommu.h"

#include <stdlib.h>
#include <string.h>

/* More ids than the buffer of ids= can hold (102, of vvvv:dddd). */
enum { COMMON_MAX = 128 };

bool is_same_driver(const char *a, const char *b)
{
	return cmdline_same_name(a, b);
}

static bool is_vfio(const char *driver)
{
	size_t n = strlen(driver);

	/* vfio-pci itself, mlx5_vfio_pci, hisi-acc-vfio-pci, nvgrace_gpu_vfio_pci, … */
	return n >= 8 && is_same_driver(driver + n - 8, "vfio-pci");
}

bool is_reserving(const struct boot *boot, const char *driver)
{
	return driver && (is_same_driver(driver, boot->plan->driver) ||
			  (is_vfio(boot->plan->driver) && is_vfio(driver)));
}

static int compare_places(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int order = bdf_compare(&x->bdf, &y->bdf);

	return order ? order : (x->i > y->i) - (x->i < y->i);
}

static int compare_to_address(const void *key, const void *element)
{
	const struct place *place = element;

	return bdf_compare(key, &place->bdf);
}

static struct places places_at(const struct place *v, size_t n_all, struct bdf bdf)
{
	size_t first = search_first(&bdf, v, n_all, sizeof *v, compare_to_address);
	size_t n = 0;

	while (first + n < n_all && bdf_equal(v[first + n].bdf, bdf))
		n++;
	return (struct places){ n ? v + first : NULL, n };
}

/* What concerns more than one function. */
static void add_common(struct boot *boot, const struct log_record *record)
{
	bool is_common = record->kind == MESSAGE_LOADED ||
			 record->kind == MESSAGE_ID_ADDED ||
			 record->kind == MESSAGE_ID_INVALID;

	if (is_common && boot->n_common < COMMON_MAX)
		*array_add(boot->common, boot->n_common) = record;
}

static void index_records(struct boot *boot)
{
	const struct kernel_log *log = boot->log;

	for (size_t i = 0; i < log->n; i++) {
		const struct log_record *record = &log->v[i];

		if (!boot->first[record->kind])
			boot->first[record->kind] = record;
		if (record->kind == MESSAGE_CMDLINE)
			boot->cmdline_record = record;
		add_common(boot, record);
		if (record->has_bdf)
			*array_add(boot->records_by_bdf, boot->n_records_by_bdf) =
				(struct place){ record->bdf, i };
	}
	if (boot->n_records_by_bdf)
		qsort(boot->records_by_bdf, boot->n_records_by_bdf,
		      sizeof *boot->records_by_bdf, compare_places);
}

struct places boot_records(const struct boot *boot, struct bdf bdf)
{
	return places_at(boot->records_by_bdf, boot->n_records_by_bdf, bdf);
}

static int compare_modules(const void *a, const void *b)
{
	const struct module_place *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void index_modules(struct boot *boot)
{
	const struct strings *names = &boot->machine->modules.names;

	for (size_t i = 0; i < names->n; i++)
		*array_add(boot->modules, boot->n_modules) =
			(struct module_place){ names->v[i], i };
	if (boot->n_modules)
		qsort(boot->modules, boot->n_modules, sizeof *boot->modules,
		      compare_modules);
}

size_t boot_module_position(const struct boot *boot, const char *module)
{
	char *name cleanup_free = xstrdup(module);
	struct module_place key = { .name = name }, *found = NULL;

	for (char *dash = name; (dash = strchr(dash, '-'));)
		*dash = '_';
	if (boot->n_modules)
		found = bsearch(&key, boot->modules, boot->n_modules,
				sizeof *boot->modules, compare_modules);
	return found ? found->i : SIZE_MAX;
}

static void take_cmdline(struct boot *boot)
{
	const char *logged = boot->log->cmdline;

	boot->cmdline_text = boot->machine->cmdline ? boot->machine->cmdline : logged;
	if (!boot->cmdline_text)
		return;
	boot->is_cmdline_cut =
		!boot->machine->cmdline && strlen(logged) >= LOGGED_CMDLINE_MAX;
	cmdline_parse(boot->cmdline_text, &boot->cmdline);
}

/* What the log says of one target, in its order: a failed probe takes the claim back. */
static void follow_claims(const struct boot *boot, struct suspect *suspect)
{
	struct places places = boot_records(boot, suspect->bdf);

	for (size_t i = 0; i < places.n; i++) {
		const struct log_record *record = &boot->log->v[places.v[i].i];
		const char *driver = record->driver;

		if (record->kind == MESSAGE_CLAIMED) {
			suspect->claim = record;
			if (!suspect->foreign && !is_reserving(boot, driver) &&
			    !(driver && is_same_driver(driver, "pci-stub")))
				suspect->foreign = record;
		} else if (record->kind == MESSAGE_PROBE_FAILED) {
			if (suspect->claim && suspect->claim->driver &&
			    is_same_driver(suspect->claim->driver, driver))
				suspect->claim = NULL;
			if (is_reserving(boot, driver))
				suspect->failure = record;
		} else if (record->kind == MESSAGE_GROUP_REFUSED &&
			   strstr(record->text, "no iommu_group found")) {
			suspect->groupless = record;
		}
	}
}

/* sysfs decides; where it cannot be seen, the last claim in the log does. */
static void find_driver(const struct boot *boot, struct suspect *suspect)
{
	if (boot->machine->has_sysfs) {
		suspect->driver = suspect->function ? suspect->function->driver : NULL;
		suspect->is_bound = is_reserving(boot, suspect->driver) ? YES : NO;
		return;
	}
	if (suspect->claim) {
		suspect->driver = suspect->claim->driver;
		suspect->is_bound = is_reserving(boot, suspect->driver) ? YES : NO;
	} else if (suspect->failure || suspect->groupless || boot->has_driver == NO) {
		suspect->is_bound = NO;
	}
}

static char *name_of(const struct target *target)
{
	if (target->has_bdf)
		return xstrdup(bdf_text(target->bdf).s);
	if (target->id.id.vendor)
		return xstrdup(identity_pattern_text(&target->id).s);
	if (target->rule && target->rule->paths.n)
		return xstrdup(target->rule->paths.v[0]);
	return xstrdup(target->rule && target->rule->name ? target->rule->name : "?");
}

static void add_suspect(struct boot *boot, const struct target *target)
{
	struct suspect *suspect = array_add(boot->suspects, boot->n_suspects);

	suspect->target = target;
	suspect->has_bdf = target->has_bdf;
	suspect->bdf = target->bdf;
	suspect->address = name_of(target);
	if (target->has_bdf) {
		suspect->function = functions_at(&boot->machine->functions, target->bdf);
		follow_claims(boot, suspect);
	}
	find_driver(boot, suspect);
}

static void index_suspects(struct boot *boot)
{
	for (size_t i = 0; i < boot->n_suspects; i++)
		if (boot->suspects[i].has_bdf)
			*array_add(boot->suspects_by_bdf, boot->n_suspects_by_bdf) =
				(struct place){ boot->suspects[i].bdf, i };
	if (boot->n_suspects_by_bdf)
		qsort(boot->suspects_by_bdf, boot->n_suspects_by_bdf,
		      sizeof *boot->suspects_by_bdf, compare_places);
}

const struct suspect *boot_suspect(const struct boot *boot, struct bdf bdf)
{
	struct places places =
		places_at(boot->suspects_by_bdf, boot->n_suspects_by_bdf, bdf);

	return places.n ? &boot->suspects[places.v[0].i] : NULL;
}

bool boot_is_as_planned(const struct boot *boot)
{
	for (size_t i = 0; i < boot->n_suspects; i++)
		if (boot->suspects[i].is_bound != YES)
			return false;
	return boot->iommu == YES;
}

enum tristate boot_kernel_is(const struct boot *boot, unsigned major, unsigned minor)
{
	unsigned long has_major, has_minor;
	char *end;

	if (!boot->release)
		return UNKNOWN;
	has_major = strtoul(boot->release, &end, 10);
	if (end == boot->release || *end != '.')
		return UNKNOWN;
	has_minor = strtoul(end + 1, NULL, 10);
	return has_major > major || (has_major == major && has_minor >= minor) ? YES : NO;
}

static int compare_to_node(const void *key, const void *element)
{
	return strcmp(key, *(char *const *)element);
}

bool boot_has_node(const struct boot *boot, const char *node)
{
	return boot->nodes.n && bsearch(node, boot->nodes.v, boot->nodes.n,
					sizeof *boot->nodes.v, compare_to_node);
}

/* The kernel of the plan that ran, or NULL: its files were not there to be read. */
static const struct plan_kernel *kernel_of(const struct boot *boot)
{
	const struct plan *plan = boot->plan;

	for (size_t i = 0; boot->release && i < plan->n_kernels; i++)
		if (strcmp(plan->kernels[i].kernel->release, boot->release) == 0)
			return &plan->kernels[i];
	return NULL;
}

/*
 * Silence proves something only in a log that nobody cut or searched through: it has the
 * first line of the boot, one about the firmware, and one of the last that the kernel
 * prints of its own start; they have no word in common.
 */
static bool is_log_whole(const struct boot *boot)
{
	return boot->log->has_start == YES && boot->first[MESSAGE_TABLES] &&
	       boot->first[MESSAGE_INITIALIZED];
}

/* One that is not among the modules may be built in: a core of vfio that came, and is no
 * module, hints at it, and of other drivers nothing does. */
static enum tristate judge_loaded(const struct boot *boot)
{
	if (boot_module_position(boot, boot->plan->driver) != SIZE_MAX)
		return YES;
	if (kernel_of(boot))
		return NO;
	return !is_vfio(boot->plan->driver) ||
			       (boot->first[MESSAGE_LOADED] &&
				boot_module_position(boot, "vfio") == SIZE_MAX)
		       ? UNKNOWN
		       : NO;
}

/*
 * Whether the reserving driver came, as a module or built in. vfio-pci says nothing when
 * it comes, but the core that it needs does, in every kernel (vfio_main.c, vfio_init).
 */
static enum tristate judge_driver(const struct boot *boot)
{
	const struct plan_kernel *kernel = kernel_of(boot);

	if ((kernel && kernel->driver == MODULE_BUILTIN) || boot->first[MESSAGE_ID_ADDED])
		return YES;
	if (boot->machine->modules.known == YES)
		return judge_loaded(boot);
	if (boot->is_log_whole && !boot->first[MESSAGE_LOADED] &&
	    is_vfio(boot->plan->driver))
		return NO;
	return UNKNOWN;
}

void boot_open(const struct plan *plan, const struct machine *machine,
	       const struct kernel_log *log, struct verification *verification,
	       struct boot *ret)
{
	*ret = (struct boot){
		.plan = plan,
		.machine = machine,
		.log = log,
		.verification = verification,
		.release = machine->release ? machine->release : log->release,
	};
	take_cmdline(ret);
	index_records(ret);
	index_modules(ret);
	ret->is_log_whole = is_log_whole(ret);
	strings_add_all(&ret->nodes, &machine->device_nodes);
	strings_sort(&ret->nodes);
	ret->has_driver = judge_driver(ret);
	for (size_t i = 0; i < plan->n_targets; i++)
		add_suspect(ret, &plan->targets[i]);
	index_suspects(ret);
	groups_judge(ret);
	iommu_judge(ret);
}

void boot_close(struct boot *boot)
{
	cmdline_free(&boot->cmdline);
	for (size_t i = 0; i < boot->n_suspects; i++)
		free(boot->suspects[i].address);
	free(boot->suspects);
	free(boot->suspects_by_bdf);
	free(boot->records_by_bdf);
	free(boot->common);
	free(boot->modules);
	free(boot->groups);
	free(boot->members);
	strings_free(&boot->nodes);
}
