/* SPDX-License-Identifier: GPL-2.0-or-later */
/* modprobe.d and modules.builtin.modinfo, and the index over the aliases of both. */
#include "probe/kernels_modprobe.h"

#include <assert.h>
#include <fnmatch.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* fnmatch() takes exponential time in its stars, which is not what is looked for here. */
static bool is_slow(const struct aliases *aliases)
{
	for (size_t i = 0; i < aliases->n; i++) {
		size_t n_stars = 0;

		for (const char *c = aliases->v[i].pattern; *c; c++)
			n_stars += *c == '*';
		if (n_stars > 6)
			return true;
	}
	return false;
}

/* What the index finds is what every pattern alone finds. */
static void compare_to_all(const struct aliases *aliases, const char *modalias)
{
	struct strings found cleanup_strings = { 0 }, all cleanup_strings = { 0 };

	aliases_match(aliases, modalias, &found);
	for (size_t i = 0; i < aliases->n; i++)
		if (fnmatch(aliases->v[i].pattern, modalias, 0) == 0)
			strings_add(&all, aliases->v[i].module);
	assert(found.n == all.n);
	for (size_t i = 0; i < found.n; i++)
		assert(strcmp(found.v[i], all.v[i]) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char *text cleanup_free = xstrndup((const char *)bytes, n);
	struct softdep_lines softdeps cleanup_softdep_lines = { 0 };
	struct aliases aliases cleanup_aliases = { 0 };
	struct settings settings cleanup(settings_free) = { 0 };

	modprobe_parse(text, "fuzz", &softdeps, &aliases, &settings);
	for (size_t i = 0; i < softdeps.n; i++)
		assert(*softdeps.v[i].pattern && !strpbrk(softdeps.v[i].pattern, " \t"));
	for (size_t i = 0; i < settings.n; i++)
		assert(*settings.v[i].module && !strpbrk(settings.v[i].module, " \t"));
	aliases_add_modinfo(&aliases, (const char *)bytes, n);
	aliases_sort(&aliases);
	if (is_slow(&aliases))
		return 0;
	compare_to_all(&aliases, "pci:v00001002d000068C8sv0000174Bsd00003000bc03sc00i00");
	compare_to_all(&aliases, "pci:v");
	compare_to_all(&aliases, "");
	return 0;
}
