/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole configuration files: no input may crash the readers, nor be read by iniparser in
 * another way than by the index of lines. */
#include "config/config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check(const struct config *config, const struct findings *findings)
{
	for (size_t i = 0; i < findings->n; i++)
		if (strcmp(findings->v[i].code, "config-unreadable") == 0)
			abort();
	if (findings_have_errors(findings))
		return;
	/* What is usable names at least one function, by names fit for a shell file. */
	if (!config->n_devices || strpbrk(config->driver, " \t\n\"'$`\\;&|<>()"))
		abort();
	for (size_t i = 0; i < config->n_devices; i++)
		if (!config->devices[i].n_addresses && !config->devices[i].paths.n &&
		    !config->devices[i].n_ids)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct findings findings cleanup_findings = { 0 };
	struct config config cleanup_config = { 0 };
	cleanup_fd int fd = memfd_create("config", MFD_CLOEXEC);
	cleanup_free char *path = xasprintf("/proc/self/fd/%d", fd);
	struct config_source source = { "config", (const char *)bytes, n, path };

	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n)
		abort();
	config_parse(&source, 1, &config, &findings);
	check(&config, &findings);
	return 0;
}
