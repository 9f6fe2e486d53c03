/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/options.h"

#include "cli/options_near.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* getopt_long() returns the row of an option from here on, past every letter. */
enum { FIRST_ROW = 256, SPECS_MAX = 32 };

/* Options that would undo each other. */
static const struct {
	const char *one, *other;
} conflicts[] = {
	{ "dry-run", "output" },  { "dry-run", "rebuild" }, { "output", "rebuild" },
	{ "kernel-log", "boot" }, { "snapshot", "boot" },   { "quiet", "verbose" },
	{ "system", "json" },	  { "format", "json" },
};

struct parse {
	struct option table[SPECS_MAX + 1];
	char letters[2 * SPECS_MAX + 3];
	bool given[SPECS_MAX];
	const char *format; /* as it was given, or NULL */
	struct options *options;
	char **ret_error;
};

static enum outcome wrong(struct parse *parse, const char *message, ...)
	__attribute__((format(printf, 2, 3)));

static enum outcome wrong(struct parse *parse, const char *message, ...)
{
	va_list arguments;

	free(*parse->ret_error);
	va_start(arguments, message);
	*parse->ret_error = xvasprintf(message, arguments);
	va_end(arguments);
	return OUTCOME_WRONG;
}

static void make_getopt_table(struct parse *parse)
{
	/* '-': operands come in their order, whatever POSIXLY_CORRECT says. ':': a
	 * missing argument is told apart from an unknown option, and nothing is printed.
	 */
	char *letter = stpcpy(parse->letters, "-:");

	for (size_t i = 0; i < n_option_specs; i++) {
		const struct option_spec *spec = &option_specs[i];

		parse->table[i] = (struct option){
			.name = spec->name,
			.has_arg = spec->argument ? required_argument : no_argument,
			.val = FIRST_ROW + (int)i,
		};
		if (!spec->letter)
			continue;
		*letter++ = spec->letter;
		if (spec->argument)
			*letter++ = ':';
	}
}

static const struct option_spec *spec_of(int code)
{
	if (code >= FIRST_ROW)
		return &option_specs[code - FIRST_ROW];
	for (size_t i = 0; i < n_option_specs; i++)
		if (code && option_specs[i].letter == code)
			return &option_specs[i];
	return NULL;
}

static enum outcome unknown_command(struct parse *parse, const char *word)
{
	struct near near = { .word = word };

	for (int i = 0; i < VERBS; i++)
		near_try(&near, verb_specs[i].name);
	if (near.name)
		return wrong(parse, "unknown command '%s' (did you mean '%s'?)", word,
			     near.name);
	return wrong(parse, "unknown command '%s'; '--help' lists them", word);
}

static enum outcome take_operand(struct parse *parse, const char *word)
{
	if (parse->options->verb != VERBS) {
		strings_add(&parse->options->operands, word);
		return OUTCOME_RUN;
	}
	for (int i = 0; i < VERBS; i++)
		if (strcmp(verb_specs[i].name, word) == 0) {
			parse->options->verb = (enum verb)i;
			return OUTCOME_RUN;
		}
	return unknown_command(parse, word);
}

static bool is_abbreviation(const char *name, size_t n)
{
	for (size_t i = 0; i < n_option_specs; i++)
		if (n && strncmp(option_specs[i].name, name, n) == 0)
			return true;
	return false;
}

static enum outcome unknown_name(struct parse *parse, const char *name)
{
	struct near near = { .word = name };

	if (is_abbreviation(name, strlen(name)))
		return wrong(parse, "option '--%s' is ambiguous", name);
	for (size_t i = 0; i < n_option_specs; i++)
		near_try(&near, option_specs[i].name);
	if (near.name)
		return wrong(parse, "unknown option '--%s' (did you mean '--%s'?)", name,
			     near.name);
	return wrong(parse, "unknown option '--%s'", name);
}

static enum outcome unknown_option(struct parse *parse, const char *word, int code)
{
	const struct option_spec *spec = spec_of(code);
	cleanup_free char *name = NULL;

	if (spec) /* known, so it can only be an argument too many */
		return wrong(parse, "option '--%s' takes no argument", spec->name);
	if (code)
		return wrong(parse, "unknown option '-%c'", code);
	word += strspn(word, "-");
	name = xstrndup(word, strcspn(word, "="));
	return unknown_name(parse, name);
}

static enum outcome take_colour(struct parse *parse, const char *argument)
{
	static const char *const modes[] = {
		[COLOUR_AUTO] = "auto",
		[COLOUR_ALWAYS] = "always",
		[COLOUR_NEVER] = "never",
	};

	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
		if (strcmp(argument, modes[i]) == 0) {
			parse->options->colour = (enum colour_mode)i;
			return OUTCOME_RUN;
		}
	return wrong(parse, "option '--color' expects auto, always or never, not '%s'",
		     argument);
}

/* As QEMU's -m takes it. */
static enum outcome take_size(struct parse *parse, const char *argument)
{
	static const char units[] = "KMGT";
	char *end;
	const char *unit;
	unsigned long long size;
	unsigned shift = 20;

	errno = 0;
	size = strtoull(argument, &end, 10);
	unit = *end ? strchr(units, toupper((unsigned char)*end)) : NULL;
	if (unit) {
		shift = 10 * (unsigned)(unit - units + 1);
		end++;
	}
	if (errno || !isdigit((unsigned char)*argument) || *end || !size ||
	    size > UINT64_MAX >> shift)
		return wrong(
			parse,
			"option '--memory' expects a size such as 4096M or 16G, not '%s'",
			argument);
	parse->options->memory = (uint64_t)size << shift;
	return OUTCOME_RUN;
}

static enum outcome take_boot(struct parse *parse, const char *argument)
{
	char *end;
	long boot;

	errno = 0;
	boot = strtol(argument, &end, 10);
	if (errno || end == argument || *end || boot > 0 || boot < INT_MIN)
		return wrong(
			parse,
			"option '--boot' expects 0 for this boot or a number such as -1 for the one before, not '%s'",
			argument);
	parse->options->has_boot = true;
	parse->options->boot = (int)boot;
	return OUTCOME_RUN;
}

static enum outcome take_option(struct parse *parse, size_t row, const char *argument)
{
	const struct option_spec *spec = &option_specs[row];
	void *field = (char *)parse->options + spec->offset;

	if (argument && !*argument)
		return wrong(parse, "option '--%s' expects %s, not an empty text",
			     spec->name, spec->argument);
	parse->given[row] = true;
	switch (spec->kind) {
	case OPTION_FLAG:
		*(bool *)field = true;
		break;
	case OPTION_COUNT:
		++*(int *)field;
		break;
	case OPTION_QUIET:
		*(int *)field = -1;
		break;
	case OPTION_TEXT:
		*(const char **)field = argument;
		break;
	case OPTION_LIST:
		strings_add(field, argument);
		break;
	case OPTION_COLOUR:
		return take_colour(parse, argument);
	case OPTION_FORMAT:
		parse->format = argument;
		break;
	case OPTION_SIZE:
		return take_size(parse, argument);
	case OPTION_BOOT:
		return take_boot(parse, argument);
	case OPTION_HELP:
	case OPTION_VERSION:
		break;
	}
	return OUTCOME_RUN;
}

static enum outcome missing_argument(struct parse *parse, int code)
{
	const struct option_spec *spec = spec_of(code);

	assert(spec &&
	       spec->argument); /* getopt_long() knows only what is in the table */
	return wrong(parse, "option '--%s' expects %s", spec->name, spec->argument);
}

static enum outcome take_words(struct parse *parse, int argc, char *argv[])
{
	enum outcome outcome = OUTCOME_RUN;
	int code;

	optind = 0; /* glibc: start anew, so that this may be called more than once */
	opterr = 0;
	while (outcome == OUTCOME_RUN && (code = getopt_long(argc, argv, parse->letters,
							     parse->table, NULL)) != -1) {
		if (code == 1)
			outcome = take_operand(parse, optarg);
		else if (code == '?')
			outcome = unknown_option(parse, argv[optind - 1], optopt);
		else if (code == ':')
			outcome = missing_argument(parse, optopt);
		else
			outcome = take_option(
				parse, (size_t)(spec_of(code) - option_specs), optarg);
	}
	while (outcome == OUTCOME_RUN && optind < argc) /* past a '--' */
		outcome = take_operand(parse, argv[optind++]);
	return outcome;
}

char *options_verbs(unsigned verbs, const char *quote)
{
	size_t size;
	char *text;
	FILE *out = xopen_memstream(&text, &size);

	for (unsigned i = 0; verbs >> i; i++) {
		if (!(verbs >> i & 1))
			continue;
		if (verbs & ((1u << i) - 1))
			fputs(verbs >> i == 1 ? " and " : ", ", out);
		fprintf(out, "%s%s%s", quote, verb_specs[i].name, quote);
	}
	fclose(out);
	return text;
}

static enum outcome check_verb(struct parse *parse)
{
	enum verb verb = parse->options->verb;

	for (size_t i = 0; i < n_option_specs; i++) {
		const struct option_spec *spec = &option_specs[i];
		cleanup_free char *others = NULL;

		if (!parse->given[i] || spec->verbs >> verb & 1)
			continue;
		others = options_verbs(spec->verbs, "'");
		return wrong(parse, "option '--%s' is not for '%s' but for %s",
			     spec->name, verb_specs[verb].name, others);
	}
	return OUTCOME_RUN;
}

/* Once the command is known. */
static enum outcome check_format(struct parse *parse)
{
	static const struct {
		const char *name;
		enum output_format format;
		unsigned verbs;
	} formats[] = {
		{ "text", FORMAT_TEXT, 1u << VERB_VERIFY },
		{ "qemu", FORMAT_QEMU, 1u << VERB_ATTACH },
		{ "libvirt", FORMAT_LIBVIRT, 1u << VERB_ATTACH },
		{ "json", FORMAT_JSON, 1u << VERB_VERIFY | 1u << VERB_ATTACH },
		{ "prometheus", FORMAT_PROMETHEUS, 1u << VERB_VERIFY },
	};
	cleanup_strings struct strings names = { 0 };
	cleanup_free char *list = NULL;

	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		if (!(formats[i].verbs >> parse->options->verb & 1))
			continue;
		strings_add(&names, formats[i].name);
		if (!parse->format || strcmp(parse->format, formats[i].name) != 0)
			continue;
		parse->options->format = formats[i].format;
		parse->options->json |= formats[i].format == FORMAT_JSON;
		return OUTCOME_RUN;
	}
	if (!parse->format)
		return OUTCOME_RUN;
	list = strings_join(&names, ", ");
	return wrong(parse, "option '--format' expects one of %s, not '%s'", list,
		     parse->format);
}

static enum outcome check_operands(struct parse *parse)
{
	const struct options *options = parse->options;
	const struct verb_spec *verb = &verb_specs[options->verb];

	if (!options->operands.n || verb->operands)
		return OUTCOME_RUN;
	return wrong(parse, "unexpected operand '%s': '%s' takes only options",
		     options->operands.v[0], verb->name);
}

static bool is_given(const struct parse *parse, const char *name)
{
	for (size_t i = 0; i < n_option_specs; i++)
		if (strcmp(option_specs[i].name, name) == 0)
			return parse->given[i];
	return false;
}

static enum outcome check_conflicts(struct parse *parse)
{
	for (size_t i = 0; i < sizeof conflicts / sizeof *conflicts; i++)
		if (is_given(parse, conflicts[i].one) &&
		    is_given(parse, conflicts[i].other))
			return wrong(parse,
				     "options '--%s' and '--%s' exclude each other",
				     conflicts[i].one, conflicts[i].other);
	return OUTCOME_RUN;
}

/* The hardware of another machine is no plan for the files of this one, unless that is
 * said. */
static enum outcome check_snapshot(struct parse *parse)
{
	if (parse->options->verb != VERB_GENERATE || !is_given(parse, "snapshot") ||
	    is_given(parse, "root") || is_given(parse, "output") ||
	    is_given(parse, "dry-run"))
		return OUTCOME_RUN;
	return wrong(
		parse,
		"option '--snapshot' needs '--root DIR' ('--root /' for this system), '--output DIR' or '--dry-run': this system may have other hardware");
}

static enum outcome conclude(struct parse *parse)
{
	enum outcome outcome;

	if (is_given(parse, "help"))
		return OUTCOME_HELP;
	if (is_given(parse, "version"))
		return OUTCOME_VERSION;
	if (parse->options->verb == VERBS) {
		cleanup_free char *verbs = options_verbs(EVERY_VERB, "'");

		return wrong(parse,
			     "expected a command, one of %s; '--help' tells about them",
			     verbs);
	}
	outcome = check_operands(parse);
	if (outcome == OUTCOME_RUN)
		outcome = check_verb(parse);
	if (outcome == OUTCOME_RUN)
		outcome = check_conflicts(parse);
	if (outcome == OUTCOME_RUN)
		outcome = check_snapshot(parse);
	return outcome == OUTCOME_RUN ? check_format(parse) : outcome;
}

enum outcome options_parse(int argc, char *argv[], struct options *ret, char **ret_error)
{
	struct parse parse = { .options = ret, .ret_error = ret_error };
	enum outcome outcome;

	assert(n_option_specs <= SPECS_MAX);
	*ret = (struct options){ .verb = VERBS, .root = "/" };
	*ret_error = NULL;
	make_getopt_table(&parse);
	outcome = take_words(&parse, argc, argv);
	return outcome == OUTCOME_RUN ? conclude(&parse) : outcome;
}

void options_free(struct options *options)
{
	strings_free(&options->config);
	strings_free(&options->operands);
}
