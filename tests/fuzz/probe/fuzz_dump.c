/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a stranger says that 'lspci -x' printed, through libpci. */
#include "probe/probe.h"
#include "sys/sealed.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine machine = { 0 };
	cleanup_free char *path = NULL;
	cleanup_fd int fd = -1;
	int r = sealed_copy((const char *)bytes, n, &fd);

	assert(r == 0);
	path = xasprintf("/proc/self/fd/%d", fd);
	r = probe_dump(path, "fuzz", PROBE_NO_NAMES, &machine, &findings);
	assert(r == 0 || findings_have_errors(&findings));
	return 0;
}
