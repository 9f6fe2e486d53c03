/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/output.h"
#include "cli/session.h"
#include "plan/attachment.h"
#include "plan/live.h"
#include "report/attachment.h"
#include "verify/start.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* CAP_IPC_LOCK lifts the limit (mm/mlock.c, can_do_mlock); root has it by default. */
static uint64_t lockable(void)
{
	struct rlimit limit;

	if (geteuid() == 0 || getrlimit(RLIMIT_MEMLOCK, &limit) < 0 ||
	    limit.rlim_cur == RLIM_INFINITY)
		return UINT64_MAX;
	return limit.rlim_cur;
}

static void look_at_nodes(const struct plan *plan, struct start *start)
{
	for (size_t i = 0; i < plan->n_targets; i++) {
		const struct function *function = plan->targets[i].function;
		cleanup_free char *path = NULL;

		if (!function || function->iommu_group == NO_GROUP)
			continue;
		path = xasprintf("/dev/vfio/%d", function->iommu_group);
		if (access(path, F_OK) == 0)
			*array_add(start->nodes, start->n_nodes) =
				(struct node_access){ function->iommu_group,
						      access(path, R_OK | W_OK) == 0 };
	}
}

static struct start start_of(const struct session *session)
{
	const struct options *options = session->options;
	struct start start = { .usage = &session->usage,
			       .operands = &options->operands,
			       .memory = options->memory };

	if (options->format == FORMAT_LIBVIRT) {
		start.starter = STARTER_SERVICE;
		return start;
	}
	if (!session->hardware.is_live)
		return start;
	start.starter = STARTER_USER;
	start.lockable = lockable();
	look_at_nodes(&session->plan, &start);
	return start;
}

/* What the log tells helps with reasons; without it the rest is judged all the same. */
static void read_log(const struct session *session, struct kernel_log *log)
{
	FILE *stream = NULL;
	const char *name = NULL;

	if (hardware_log(&session->hardware, &stream, &name) < 0)
		return;
	kernel_log_read(stream, name, log);
	fclose(stream);
}

/* On standard error, because standard output is for a shell. */
static void print(const struct session *session, const struct attachment *attachment,
		  const struct verification *verification)
{
	const struct options *options = session->options;

	if (options->json) {
		report_attachment_json(stdout, attachment, verification);
		return;
	}
	if (options->verbosity >= 0 || verification_needs_attention(verification))
		report_verification(stderr, verification,
				    output_colour(stderr, options->colour),
				    options->verbosity, output_width(stderr));
	if (!start_is_usable(verification) || !attachment->n)
		return;
	if (options->format == FORMAT_LIBVIRT)
		report_attachment_libvirt(stdout, attachment);
	else
		report_attachment_qemu(stdout, attachment);
}

/* No check sees these: a bridge is no target, and what two sections name is one. The
 * other refusals are either of no concern to a machine that starts, or repeated by a
 * check. */
static bool is_unchecked(const struct finding *finding)
{
	return strcmp(finding->code, "target-is-bridge") == 0 ||
	       strcmp(finding->code, "target-repeated") == 0;
}

static void report_unchecked(struct session *session)
{
	struct findings *refusals = &session->refusals;
	size_t kept = 0;

	for (size_t i = 0; i < refusals->n; i++)
		if (is_unchecked(&refusals->v[i]))
			*array_add(session->findings.v, session->findings.n) =
				refusals->v[i];
		else
			refusals->v[kept++] = refusals->v[i];
	refusals->n = kept;
}

static enum status judge(struct session *session)
{
	cleanup_kernel_log struct kernel_log log = { 0 };
	cleanup_attachment struct attachment attachment = { 0 };
	cleanup_verification struct verification verification = { 0 };
	cleanup_start struct start start = { 0 };

	plan_make_live(&session->config, &session->machine, &session->system,
		       &session->record, &session->usage, &session->plan,
		       &session->refusals);
	report_unchecked(session);
	if (findings_have_errors(&session->findings) || !session->plan.n_targets)
		return STATUS_REFUSED;
	start = start_of(session);
	read_log(session, &log);
	verify_start(&session->plan, &session->machine, &log, &start, &verification);
	attachment_make(&session->plan, &attachment);
	print(session, &attachment, &verification);
	return status_of(verification.verdict);
}

int cmd_attach(const struct options *options)
{
	cleanup_session struct session session;
	enum status status = session_open(options, &session);

	if (status == STATUS_DONE)
		status = session_read_now(&session, &options->operands);
	return status == STATUS_DONE ? judge(&session) : status;
}
