/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One log in every form in which people keep it gets the same verdict. In the forms, %t
 * stands for the seconds since boot, %d for those since the line before, %u for
 * microseconds, %n for the number of the line, %c for its second of the clock, %m for the
 * message and %j for the message as a string of JSON.
 */
#include "unit/verify/captured_log.h"
#include "unit/verify/gpu.h"

#define OTHER_BOOT(a, b)                                                \
	a "Linux version 5.1.0 (x@y) #1" b a "DMAR: IOMMU disabled" b a \
	  "nvme nvme0: pci function 0000:03:00.0" b a                   \
	  "vfio_pci: invalid id string \"x\"" b a "Command line: vfio_bootcfg=off" b
#define JOURNAL "\"_TRANSPORT\":\"kernel\",\"SYSLOG_IDENTIFIER\":\"kernel\""

static const struct form {
	const char *name, *before, *line, *after;
} forms[] = {
	{ "dmesg", "", "[%t] %m\n", "" },
	{ "dmesg --notime", "", "%m\n", "" },
	{ "dmesg -r", "", "<6>[%t] %m\n", "" },
	{ "dmesg -T", "", "[Sat Nov 21 09:33:%c 2026] %m\n", "" },
	{ "dmesg -T, German", "", "[Sa Nov 21 09:33:%c 2026] %m\n", "" },
	{ "dmesg -d", "", "[%t <    %d>] %m\n", "" },
	{ "dmesg --time-format=delta", "", "[<    %d>] %m\n", "" },
	{ "dmesg --time-format=reltime", "", "[  +%d] %m\n", "" },
	{ "dmesg --time-format=iso", "", "2026-11-21T09:33:%c,000000+00:00 %m\n", "" },
	{ "dmesg -x", "", "kern  :info  : [%t] %m\n", "" },
	{ "dmesg -x -T", "", "kern  :warn  : [Sat Nov 21 09:33:%c 2026] %m\n", "" },
	{ "dmesg --color", "", "\x1b[32m[%t] \x1b[0m\x1b[33m\x1b[0m%m\x1b[0m\n", "" },
	{ "dmesg with caller ids", "", "[%t][    T%n] %m\n", "" },
	{ "dmesg -J", "{\n   \"dmesg\": [\n      {\n",
	  "         \"pri\": 6,\n         \"time\": %t,\n         \"msg\": \"%j\"\n      },{\n",
	  "         \"pri\": 6,\n         \"time\": 99.000000,\n         \"msg\": \"x\"\n      }\n   ]\n}\n" },
	{ "dmesg -J in one line", "{\"dmesg\":[",
	  "{\"pri\":6,\"time\":%t,\"msg\":\"%j\"},",
	  "{\"pri\":6,\"time\":99.0,\"msg\":\"x\"}]}" },
	{ "/dev/kmsg", "", "6,%n,%u,-;%m\n SUBSYSTEM=pci\n DEVICE=+pci:0000:00:01.0\n",
	  "" },
	{ "/dev/kmsg with callers", "", "6,%n,%u,-,caller=T1;%m\n", "" },
	{ "journalctl", "-- Journal begins at Mon 2021-06-28 09:22:12 MST. --\n",
	  "Nov 21 10:20:%c host kernel: %m\n", "-- No entries --\n" },
	{ "journalctl -o short-precise", "", "Nov 21 10:20:%c.123456 host kernel: %m\n",
	  "" },
	{ "journalctl -o short-monotonic", "", "[%t] host kernel: %m\n", "" },
	{ "journalctl -o short-iso", "", "2026-11-21T10:20:%c+0000 host kernel: %m\n",
	  "" },
	{ "journalctl -o short-iso-precise", "",
	  "2026-11-21T10:20:%c.123456+00:00 host kernel: %m\n", "" },
	{ "journalctl -o short-full", "", "Sat 2026-11-21 10:20:%c UTC host kernel: %m\n",
	  "" },
	{ "journalctl -o short-unix", "", "17321808%c.123456 host kernel: %m\n", "" },
	{ "journalctl --no-hostname", "", "Nov 21 10:20:%c kernel: %m\n", "" },
	{ "journalctl -o cat", "", "%m\n", "" },
	{ "journalctl -o json", "",
	  "{\"_BOOT_ID\":\"0\"," JOURNAL
	  ",\"_SOURCE_MONOTONIC_TIMESTAMP\":\"%u\",\"MESSAGE\":\"%j\"}\n",
	  "" },
	{ "journalctl -o json-seq", "",
	  "\x1e{\"MESSAGE\":\"%j\",\"__MONOTONIC_TIMESTAMP\":\"%u\"," JOURNAL "}\n", "" },
	{ "journalctl -o json-pretty", "",
	  "{\n\t\"MESSAGE\" : \"%j\",\n\t\"_TRANSPORT\" : \"kernel\",\n\t\"_A\" : [\n\t\t\"}\",\n\t\t\"b\"\n\t],\n\t\"__MONOTONIC_TIMESTAMP\" : \"%u\",\n\t\"SYSLOG_IDENTIFIER\" : \"kernel\"\n}\n",
	  "" },
	{ "journalctl, German", "", "M\xc3\xa4r 21 10:20:%c host kernel: %m\n", "" },
	{ "journalctl, Japanese", "", "11\xe6\x9c\x88 21 10:20:%c host kernel: %m\n",
	  "" },
	{ "journalctl, Czech", "", "lis 21 10:20:%c host kernel: %m\n", "" },
	{ "journalctl, Russian", "",
	  "\xd0\xbd\xd0\xbe\xd1\x8f 21 10:20:%c host kernel: %m\n", "" },
	{ "syslog", "", "Nov  1 10:20:%c host kernel: [%t] %m\n", "" },
	{ "syslog, ISO", "", "2026-11-21T10:20:%c.123456+01:00 host kernel: [%t] %m\n",
	  "" },
	{ "syslog with others", "",
	  "Nov  1 10:20:%c host kernel: [%t] %m\nNov  1 10:20:%c host systemd[1]: Linux version 1.2.3\n",
	  "" },
	{ "a serial console",
	  "\x1b[2J\x1b[1;1HSeaBIOS (version 1.16.2)\r\n\xff\xfe\r\nBooting from ROM..",
	  "\r[%t] %m\r\n", "host login: \r\n" },
	{ "CRLF", "", "[%t] %m\r\n", "" },
	{ "blank lines", "\n\n", "[%t] %m\n\n", "" },
	{ "two boots, dmesg", OTHER_BOOT("[    0.000000] ", "\n"), "[%t] %m\n", "" },
	{ "two boots, syslog",
	  OTHER_BOOT("Nov  1 09:20:00 host kernel: [    0.000000] ", "\n"),
	  "Nov  1 10:20:%c host kernel: [%t] %m\n", "" },
	{ "two boots, journalctl",
	  OTHER_BOOT("Nov  1 09:20:00 host kernel: ",
		     "\n") "-- Boot 0123456789abcdef0123456789abcdef --\n",
	  "Nov  1 10:20:%c host kernel: %m\n", "" },
	{ "two boots, serial console", OTHER_BOOT("[    0.000000] ", "\r\n") "\x1b[2J",
	  "[%t] %m\r\n", "" },
};

struct line {
	unsigned long long microseconds, since_before;
	size_t number;
	const char *message;
};

static void put_json(FILE *out, const char *text)
{
	for (; *text; text++)
		if (*text == '"' || *text == '\\')
			fprintf(out, "\\%c", *text);
		else if (*text == '\'' || *text < 0)
			fprintf(out, "\\u%04x", *text < 0 ? '?' : '\'');
		else
			fputc(*text, out);
}

static void put_seconds(FILE *out, unsigned long long microseconds, int width)
{
	fprintf(out, "%*llu.%06llu", width, microseconds / 1000000,
		microseconds % 1000000);
}

static void put_line(FILE *out, const char *form, const struct line *line)
{
	for (; *form; form++) {
		if (*form != '%') {
			fputc(*form, out);
			continue;
		}
		switch (*++form) {
		case 't':
			put_seconds(out, line->microseconds, 5);
			break;
		case 'd':
			put_seconds(out, line->since_before, 1);
			break;
		case 'u':
			fprintf(out, "%llu", line->microseconds);
			break;
		case 'n':
			fprintf(out, "%zu", line->number);
			break;
		case 'c':
			fprintf(out, "%02llu", line->microseconds / 1000000 % 60);
			break;
		case 'm':
			fputs(line->message, out);
			break;
		default:
			put_json(out, line->message);
		}
	}
}

static char *convert(const struct strings *log, const struct form *form)
{
	char *text = NULL;
	size_t size;
	FILE *out = xopen_memstream(&text, &size);
	unsigned long long before = 0;

	fputs(form->before, out);
	for (size_t i = 0; i < log->n; i++) {
		unsigned long long seconds = 0, part = 0;
		struct line line = { .number = i };

		assert_int_equal(sscanf(log->v[i], "[%llu.%llu]", &seconds, &part), 2);
		line.microseconds = 1000000 * seconds + part;
		line.since_before = line.microseconds - before;
		line.message = strchr(log->v[i], ']') + 2;
		before = line.microseconds;
		put_line(out, form->line, &line);
	}
	fputs(form->after, out);
	fclose(out);
	return text;
}

/* Without the time of an event, which not every form tells. */
static void put_check(FILE *out, const struct check_result *check)
{
	const char *at = strstr(check->message, ", at ");
	const char *after = at ? strstr(at, " s") : NULL;

	fprintf(out, "%s %s %s: ", check->code, check->address ? check->address : "-",
		check_status_name(check->status));
	if (after)
		fprintf(out, "%.*s%s\n", (int)(at - check->message), check->message,
			after + 2);
	else if (strcmp(check->code, "log-complete") != 0) /* it counts the lines */
		fprintf(out, "%s\n", check->message);
	for (size_t i = 0; i < check->n_evidence; i++)
		fprintf(out, "\t%s\n", check->evidence[i].text);
}

static char *judge_form(const struct strings *log, const struct form *form)
{
	static const char *const targets[] = { "0000:03:00.0", "0000:00:1d.0",
					       "0000:09:00.0", "0000:01:00.0" };
	char *text cleanup_free = convert(log, form);
	struct scene scene cleanup_scene = { 0 };
	char *said = NULL;
	size_t size;
	FILE *out = xopen_memstream(&said, &size);

	scene_begin(&scene);
	scene_is_bare(&scene);
	for (size_t i = 0; i < sizeof targets / sizeof *targets; i++)
		scene_target(&scene, targets[i], NULL);
	strings_split(&scene.plan.cmdline, "intel_iommu=on vfio-pci.ids=1b36:0010", " ");
	scene_log(&scene, text);
	scene_judge(&scene);
	for (size_t i = 0; i < scene.verification.n_checks; i++)
		put_check(out, &scene.verification.checks[i]);
	fclose(out);
	return said;
}

static void every_form_of_a_log_gets_the_same_verdict(void **state)
{
	static const char *const machines[] = {
		"dracut-force-ids-intel-612-qemu72",
		"dracut-force-ids-amd-61-qemu72",
		"fail-a-no-iommu-612",
		"fail-g-bad-syntax-ids-612",
		"fail-f-intremap-off-612",
		"base-intel-61-d059",
	};

	for (size_t i = 0; i < sizeof machines / sizeof *machines; i++) {
		struct strings log cleanup_strings = captured_log(machines[i]);
		char *plain cleanup_free = judge_form(&log, &forms[0]);

		assert_non_null(strstr(plain, "log-complete - pass"));
		for (size_t k = 1; k < sizeof forms / sizeof *forms; k++) {
			char *said cleanup_free = judge_form(&log, &forms[k]);

			if (strcmp(said, plain) != 0)
				fail_msg("%s as '%s':\n%s\nand not\n%s", machines[i],
					 forms[k].name, said, plain);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_form_of_a_log_gets_the_same_verdict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
