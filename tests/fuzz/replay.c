/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a fuzz target once over every file of the folders that are named. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void replay(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *bytes;
	long n;

	if (!file || fseek(file, 0, SEEK_END) || (n = ftell(file)) < 0)
		abort();
	rewind(file);
	/* Exactly n bytes, so that ASan sees a read past them. */
	bytes = malloc(n ? (size_t)n : 1);
	if (!bytes || fread(bytes, 1, (size_t)n, file) != (size_t)n)
		abort();
	LLVMFuzzerTestOneInput(bytes, (size_t)n);
	fclose(file);
	free(bytes);
}

int main(int argc, char **argv)
{
	unsigned replayed = 0;

	for (int i = 1; i < argc; i++) {
		DIR *folder = opendir(argv[i]);
		struct dirent *entry;

		while (folder && (entry = readdir(folder))) {
			char *path;

			if (entry->d_name[0] == '.')
				continue;
			if (asprintf(&path, "%s/%s", argv[i], entry->d_name) < 0)
				abort();
			replay(path);
			free(path);
			replayed++;
		}
		if (folder)
			closedir(folder);
	}
	printf("%u inputs replayed\n", replayed);
	/* A target without a single input would be a test that cannot fail. */
	return replayed ? 0 : 1;
}
