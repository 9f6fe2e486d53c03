/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/session.h"

#include "cli/output.h"
#include "report/report.h"
#include "sys/sealed.h"
#include "txn/transaction.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#define CONFIG_FILE    "/etc/vfio-bootcfg.conf"
#define CONFIG_DROPINS "/etc/vfio-bootcfg.conf.d"

enum { RECORD_MAX = 16 * 1024 * 1024 };

enum status session_open(const struct options *options, struct session *ret)
{
	int r;

	*ret = (struct session){
		.options = options, .root.fd = -1, .lock = -1, .hardware.fd = -1
	};
	r = root_open(options->root, &ret->root);
	if (r < 0) {
		findings_add(&ret->findings, SEVERITY_ERROR, "unreadable", options->root,
			     "cannot open the root: %s", strerror(-r));
		return STATUS_COULD_NOT_LOOK;
	}
	return STATUS_DONE;
}

/* The configuration files, each with a sealed copy for iniparser. */
struct sources {
	struct config_source *v;
	size_t n;
};

static void add_source(struct sources *sources, const char *name, char *bytes, size_t n,
		       int copy)
{
	struct config_source *source = array_add(sources->v, sources->n);

	source->name = name;
	source->bytes = bytes;
	source->n = n;
	source->path = xasprintf("/proc/self/fd/%d", copy);
}

static void free_sources(struct sources *sources)
{
	for (size_t i = 0; i < sources->n; i++) {
		int fd = atoi(strrchr(sources->v[i].path, '/') + 1);

		cleanup_close_fd(&fd);
		free((char *)sources->v[i].bytes);
		free((char *)sources->v[i].path);
	}
	free(sources->v);
}

/* Takes over `fd`, which may be a negative errno. */
static enum status read_source(struct session *session, struct sources *sources,
			       const char *name, int fd)
{
	cleanup_fd int file = fd;
	cleanup_free char *bytes = NULL;
	size_t n = 0;
	int copy = -1, r = fd;

	/* One byte past the limit is read, so that the configuration can say that it is
	 * too large. */
	if (r >= 0)
		r = read_all(file, CONFIG_SIZE_MAX + 1, &bytes, &n);
	if (r >= 0)
		r = sealed_copy(bytes, n, &copy);
	if (r == -EFBIG) {
		findings_add(&session->findings, SEVERITY_ERROR, "config-too-large", name,
			     "the file is larger than %d bytes", CONFIG_SIZE_MAX);
		return STATUS_WRONG_USAGE;
	}
	if (r < 0) {
		findings_add(&session->findings, SEVERITY_ERROR, "unreadable", name,
			     "cannot read the configuration: %s", strerror(-r));
		return r == -EACCES || r == -EPERM ? STATUS_COULD_NOT_LOOK
						   : STATUS_WRONG_USAGE;
	}
	strings_add(&session->sources, name);
	add_source(sources, session->sources.v[session->sources.n - 1], steal_ptr(bytes),
		   n, copy);
	return STATUS_DONE;
}

static int open_named(const char *path)
{
	int fd;

	if (strcmp(path, "-") == 0)
		path = "/dev/stdin";
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static enum status read_named(struct session *session, struct sources *sources)
{
	const struct strings *names = &session->options->config;
	enum status status = STATUS_DONE;

	for (size_t i = 0; i < names->n && status == STATUS_DONE; i++)
		status = read_source(session, sources, names->v[i],
				     open_named(names->v[i]));
	return status;
}

static enum status read_in_root(struct session *session, struct sources *sources,
				const char *path)
{
	return read_source(session, sources, path,
			   root_openat(&session->root, path, O_RDONLY, 0));
}

static bool is_dropin(const char *name)
{
	size_t n = strlen(name);

	return n > 5 && strcmp(name + n - 5, ".conf") == 0;
}

/* The main file may be missing where there is a drop-in. */
static enum status read_standard(struct session *session, struct sources *sources)
{
	cleanup_strings struct strings dropins = { 0 };
	struct stat ignored;
	enum status status = STATUS_DONE;

	if (root_stat(&session->root, CONFIG_FILE, &ignored) != -ENOENT)
		status = read_in_root(session, sources, CONFIG_FILE);
	root_list(&session->root, CONFIG_DROPINS, &dropins);
	for (size_t i = 0; i < dropins.n && status == STATUS_DONE; i++) {
		cleanup_free char *path = xasprintf(CONFIG_DROPINS "/%s", dropins.v[i]);

		if (is_dropin(dropins.v[i]))
			status = read_in_root(session, sources, path);
	}
	return status;
}

bool session_has_config(const struct session *session)
{
	cleanup_strings struct strings dropins = { 0 };
	struct stat ignored;

	root_list(&session->root, CONFIG_DROPINS, &dropins);
	for (size_t i = 0; i < dropins.n; i++)
		if (is_dropin(dropins.v[i]))
			return true;
	return root_stat(&session->root, CONFIG_FILE, &ignored) == 0;
}

/* The operands of a command may be enough: then the defaults are. */
static enum status use_defaults(struct session *session)
{
	cleanup_findings struct findings ignored = { 0 };

	config_parse(NULL, 0, &session->config, &ignored);
	return STATUS_DONE;
}

/* What was generated stays in effect without a configuration. */
static const char *or_reserve_nothing(const struct session *session)
{
	struct stat ignored;

	return root_stat(&session->root, RECORD_PATH, &ignored) == 0
		       ? "; to reserve nothing any more, run 'vfio-bootcfg revert'"
		       : "";
}

static enum status miss_config(struct session *session)
{
	const struct options *options = session->options;
	bool takes_addresses = options->verb == VERB_BIND || options->verb == VERB_ATTACH;
	cleanup_free char *path = root_where(&session->root, CONFIG_FILE);
	struct finding *finding = findings_add(
		&session->findings, SEVERITY_ERROR, "config-missing", path,
		"there is no configuration: expected this file, or '--config FILE'");

	if (takes_addresses)
		finding_remedy(
			finding,
			"name an address that 'vfio-bootcfg list' shows, as in 'vfio-bootcfg %s 01:00.0', or write the file ('man vfio-bootcfg.conf')",
			verb_specs[options->verb].name);
	else
		finding_remedy(
			finding,
			"write it as 'man vfio-bootcfg.conf' says, for a device that 'vfio-bootcfg list' shows%s",
			or_reserve_nothing(session));
	return STATUS_WRONG_USAGE;
}

static void remedy_empty(struct session *session)
{
	for (size_t i = 0; i < session->findings.n; i++)
		if (strcmp(session->findings.v[i].code, "config-empty") == 0)
			finding_remedy(
				&session->findings.v[i],
				"add one as 'man vfio-bootcfg.conf' says, for a device that 'vfio-bootcfg list' shows%s",
				or_reserve_nothing(session));
}

enum status session_read_config(struct session *session, enum config_need need)
{
	struct sources sources = { 0 };
	enum status status = session->options->config.n
				     ? read_named(session, &sources)
				     : read_standard(session, &sources);

	if (status == STATUS_DONE && !sources.n && need == CONFIG_OPTIONAL)
		return use_defaults(session);
	if (status == STATUS_DONE && !sources.n)
		status = miss_config(session);
	if (status == STATUS_DONE) {
		config_parse(sources.v, sources.n, &session->config, &session->findings);
		remedy_empty(session);
		if (findings_have_errors(&session->findings))
			status = STATUS_WRONG_USAGE;
	}
	free_sources(&sources);
	return status;
}

enum status session_read_machine(struct session *session, enum probe_names names)
{
	const struct options *options = session->options;

	if (hardware_open(options->snapshot, &session->hardware, &session->findings) <
		    0 ||
	    hardware_probe(&session->hardware, names, &session->machine,
			   &session->findings) < 0)
		return STATUS_COULD_NOT_LOOK;
	session->machine.is_stand_in =
		session->hardware.is_live && strcmp(options->root, "/") != 0;
	return STATUS_DONE;
}

enum status session_read_system(struct session *session)
{
	const char *driver = session->config.driver ? session->config.driver : "vfio-pci";

	if (probe_system(&session->root, &session->machine, driver, artifact_paths,
			 artifact_n_paths, &session->system, &session->findings) < 0)
		return STATUS_COULD_NOT_LOOK;
	return STATUS_DONE;
}

enum status session_read_record(struct session *session)
{
	cleanup_free char *text = NULL;
	size_t n;
	int r = root_read(&session->root, RECORD_PATH, RECORD_MAX, &text, &n);

	if (r == -ENOENT || r == -ENOTDIR)
		return STATUS_DONE;
	if (r < 0) {
		struct finding *finding = findings_add(
			&session->findings, SEVERITY_ERROR, "unreadable", RECORD_PATH,
			"cannot read what was reserved last: %s", strerror(-r));

		if (r == -EACCES)
			finding_remedy(finding, "run it as root");
		return STATUS_COULD_NOT_LOOK;
	}
	record_parse(text, RECORD_PATH, &session->record, &session->findings);
	return findings_have_errors(&session->findings) ? STATUS_COULD_NOT_LOOK
							: STATUS_DONE;
}

enum status session_plan(struct session *session, enum probe_names names)
{
	enum status status = session_read_config(session, CONFIG_NEEDED);

	session->config.forensic = session->options->forensic;
	if (status == STATUS_DONE)
		status = session_read_machine(session, names);
	if (status == STATUS_DONE)
		status = session_read_system(session);
	if (status == STATUS_DONE)
		status = session_read_record(session);
	if (status == STATUS_DONE)
		plan_make(&session->config, &session->machine, &session->system,
			  &session->record, &session->plan, &session->refusals);
	return status;
}

enum status status_of(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_PASS:
		return STATUS_DONE;
	case VERDICT_FAIL:
		return STATUS_REFUSED;
	case VERDICT_UNKNOWN:
		return STATUS_COULD_NOT_LOOK;
	}
	return STATUS_COULD_NOT_LOOK;
}

static bool is_below(const char *where, const char *path)
{
	size_t n = path ? strlen(path) : 0;

	return n && strncmp(where, path, n) == 0 &&
	       (path[n - 1] == '/' || strchr("/:", where[n]));
}

/* Whether it is a path within the root: neither one of the command line nor one that the
 * running kernel makes. */
static bool is_in_root(const struct options *options, const char *where)
{
	const char *const others[] = { "/dev/",		"/proc/",
				       "/run/",		"/sys/",
				       options->root,	options->snapshot,
				       options->output, options->kernel_log };

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (is_below(where, others[i]))
			return false;
	for (size_t i = 0; i < options->config.n; i++)
		if (is_below(where, options->config.v[i]))
			return false;
	return *where == '/';
}

/* For people, who would look for it in the system that runs. */
static void name_root(const struct session *session, struct finding *finding)
{
	char *where;

	if (!finding->where || strcmp(session->options->root, "/") == 0 ||
	    !is_in_root(session->options, finding->where))
		return;
	where = root_where(&session->root, finding->where);
	free(finding->where);
	finding->where = where;
}

void session_report(struct session *session)
{
	struct findings shown = { 0 };

	for (size_t i = 0; i < session->findings.n; i++)
		name_root(session, &session->findings.v[i]);
	for (size_t i = 0; i < session->findings.n; i++)
		if (session->options->verbosity >= 0 ||
		    session->findings.v[i].severity != SEVERITY_NOTE)
			*array_add(shown.v, shown.n) = session->findings.v[i];
	/* Where both go to one file, no diagnostic cuts a line of the results. */
	fflush(stdout);
	report_findings(stderr, &shown, output_colour(stderr, session->options->colour),
			output_width(stderr));
	free(shown.v);
	findings_free(&session->findings);
}

void session_close(struct session *session)
{
	if (session->options)
		session_report(session);
	findings_free(&session->refusals);
	usage_free(&session->usage);
	plan_free(&session->plan);
	system_free(&session->system);
	record_free(&session->record);
	machine_free(&session->machine);
	config_free(&session->config);
	hardware_close(&session->hardware);
	transaction_end(&session->root, &session->lock);
	root_close(&session->root);
	strings_free(&session->sources);
}
