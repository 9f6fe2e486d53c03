/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/snapshot_proc.h"

#include "base/memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The words of a line, with the line's own ends. */
static struct strings words_of(const char *line)
{
	struct strings words = { 0 };

	strings_split(&words, line, " \t\n");
	return words;
}

/* Each of these writes what is kept of one line, newline included; or nothing. */

static void keep_line(FILE *out, struct redactor *redactor, const char *line)
{
	fputs(line, out);
}

/* One processor tells the vendor of all. */
static void keep_vendor(FILE *out, struct redactor *redactor, const char *line)
{
	if (ftell(out) == 0 && strncmp(line, "vendor_id", 9) == 0)
		fputs(line, out);
}

/* Without the counters: a server has hundreds in every line. */
static void keep_chip(FILE *out, struct redactor *redactor, const char *line)
{
	cleanup_strings struct strings words = words_of(line);
	size_t first = 1;

	while (first < words.n &&
	       strspn(words.v[first], "0123456789") == strlen(words.v[first]))
		first++;
	if (first >= words.n || !strchr(words.v[0], ':'))
		return;
	fputs(words.v[0], out);
	for (size_t i = first; i < words.n; i++)
		fprintf(out, " %s", words.v[i]);
	fputc('\n', out);
}

/* Root sees where the kernel keeps them; nobody else needs to. */
static void keep_module(FILE *out, struct redactor *redactor, const char *line)
{
	size_t n = strcspn(line, "\n");
	const char *address = strstr(line, " 0x");

	fprintf(out, "%.*s\n", (int)(address ? (size_t)(address - line) : n), line);
}

/* The same holds for the parts of the kernel's image. */
static void keep_region(FILE *out, struct redactor *redactor, const char *line)
{
	if (!strstr(line, " : Kernel "))
		fputs(line, out);
}

/* The default routes, without the addresses of the gateways. */
static void keep_ipv4(FILE *out, struct redactor *redactor, const char *line)
{
	cleanup_strings struct strings words = words_of(line);

	if (words.n >= 8 && strcmp(words.v[1], "00000000") == 0 &&
	    strcmp(words.v[7], "00000000") == 0)
		fprintf(out, "%s\t00000000\t00000000\t%s\t0\t0\t%s\t00000000\n",
			words.v[0], words.v[3], words.v[6]);
}

static void keep_ipv6(FILE *out, struct redactor *redactor, const char *line)
{
	static const char zero[] = "00000000000000000000000000000000";
	cleanup_strings struct strings words = words_of(line);

	if (words.n >= 10 && strcmp(words.v[0], zero) == 0 &&
	    strcmp(words.v[1], "00") == 0)
		fprintf(out, "%s 00 %s 00 %s %s 00000001 00000000 %s %s\n", zero, zero,
			zero, words.v[5], words.v[8], words.v[9]);
}

/* Where people mount things tells their names. Each component has its own placeholder, so
 * that what lies in what still does. */
static void put_place(FILE *out, struct redactor *redactor, const char *path)
{
	static const char *const known[] = {
		"",	    "boot",    "efi", "etc",   "firmware", "home",
		"lib",	    "local",   "log", "media", "mnt",	   "nix",
		"opt",	    "root",    "run", "srv",   "store",	   "swap",
		"swapfile", "sysroot", "tmp", "usr",   "var",
	};

	while (*path) {
		size_t n = strspn(path, "/"), length = strcspn(path + n, "/"), i = 0;
		cleanup_free char *name = xstrndup(path + n, length), *placeholder = NULL;

		while (i < sizeof known / sizeof *known && strcmp(name, known[i]) != 0)
			i++;
		if (redactor && i == sizeof known / sizeof *known)
			placeholder = redact_value(redactor, name, length);
		fprintf(out, "%.*s%s", (int)n, path, placeholder ? placeholder : name);
		path += n + length;
	}
}

/* A device, a pool, or a server. */
static void put_source(FILE *out, struct redactor *redactor, const char *source)
{
	cleanup_free char *placeholder = NULL;

	if (redactor && (strchr(source, ':') || strncmp(source, "//", 2) == 0) &&
	    strncmp(source, "/dev/", 5) != 0)
		placeholder = redact_value(redactor, source, strlen(source));
	fputs(placeholder ? placeholder : source, out);
}

/* 'ID PARENT MAJ:MIN FOLDER MOUNT-POINT OPTIONS … - TYPE SOURCE …': those of devices and
 * pools, and '/' whatever it is. */
static void keep_mount(FILE *out, struct redactor *redactor, const char *line)
{
	cleanup_strings struct strings words = words_of(line);
	size_t dash = 6;

	while (dash < words.n && strcmp(words.v[dash], "-") != 0)
		dash++;
	if (dash + 2 >= words.n)
		return;
	if (strncmp(words.v[2], "0:", 2) == 0 &&
	    strncmp(words.v[dash + 2], "/dev/", 5) != 0 &&
	    strcmp(words.v[dash + 1], "zfs") != 0 && strcmp(words.v[4], "/") != 0)
		return;
	fprintf(out, "%s %s %s ", words.v[0], words.v[1], words.v[2]);
	put_place(out, redactor, words.v[3]);
	fputc(' ', out);
	put_place(out, redactor, words.v[4]);
	fprintf(out, " rw - %s ", words.v[dash + 1]);
	put_source(out, redactor, words.v[dash + 2]);
	fputs(" rw\n", out);
}

/* 'FILE TYPE SIZE USED PRIORITY', below a heading that libmount asks for. */
static void keep_swap(FILE *out, struct redactor *redactor, const char *line)
{
	cleanup_strings struct strings words = words_of(line);

	if (words.n < 5 || words.v[0][0] != '/') {
		fputs(line, out);
		return;
	}
	if (strncmp(words.v[0], "/dev/", 5) == 0)
		fputs(words.v[0], out);
	else
		put_place(out, redactor, words.v[0]);
	fprintf(out, "\t%s\t%s\t%s\t%s\n", words.v[1], words.v[2], words.v[3],
		words.v[4]);
}

static const struct {
	const char *path;
	void (*keep)(FILE *out, struct redactor *redactor, const char *line);
} files[] = {
	{ "proc/cmdline", keep_line },	  { "proc/cpuinfo", keep_vendor },
	{ "proc/interrupts", keep_chip }, { "proc/iomem", keep_region },
	{ "proc/modules", keep_module },  { "proc/net/ipv6_route", keep_ipv6 },
	{ "proc/net/route", keep_ipv4 },  { "proc/self/mountinfo", keep_mount },
	{ "proc/swaps", keep_swap },	  { "proc/sys/kernel/osrelease", keep_line },
	{ "proc/uptime", keep_line },	  { "proc/version", keep_line },
};

static void add_file(const struct tree *tree, size_t i, struct snapshot_lines *lines)
{
	cleanup_free char *line = NULL, *text = NULL;
	FILE *file = NULL, *out;
	size_t room = 0, size;
	int r = tree_stream(tree, &file, files[i].path);

	if (r < 0) {
		if (r != -ENOENT && r != -ENOTDIR)
			lines_add_error(lines, files[i].path, -r);
		return;
	}
	out = xopen_memstream(&text, &size);
	while (getline(&line, &room, file) > 0)
		files[i].keep(out, lines->redactor, line);
	fclose(out);
	fclose(file);
	if (size && strcspn(text, "\n\t") == size - 1) {
		text[size - 1] = '\0';
		lines_add_attribute(lines, files[i].path, text);
	} else {
		lines_add_text(lines, files[i].path, text);
	}
}

void snapshot_proc(const struct tree *tree, struct snapshot_lines *lines)
{
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		add_file(tree, i, lines);
}
