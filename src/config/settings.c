/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/choices.h"
#include "config/keys.h"
#include "config/path.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define LETTERS_AND_DIGITS \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

enum { DEVICE_NAME_MAX = 64, DRIVER_NAME_MAX = 55 /* MODULE_NAME_LEN less the NUL */ };

/* Names become words of shell files and arguments: none may begin like an option. */
static bool name_fits(const char *name, const char *alphabet, size_t n_max)
{
	size_t n = strlen(name);

	return n >= 1 && n <= n_max && strspn(name, alphabet) == n && *name != '-' &&
	       *name != '.';
}

bool name_fits_device(const char *name)
{
	return name_fits(name, LETTERS_AND_DIGITS "._-", DEVICE_NAME_MAX);
}

static void replace_text(char **slot, const char *text)
{
	free(*slot);
	*slot = text ? xstrdup(text) : NULL;
}

static struct strings words_of(const struct setting *setting)
{
	struct strings words = { 0 };

	strings_split(&words, setting->value, ", \t");
	return words;
}

static void set_driver(const struct setting *setting)
{
	if (!name_fits(setting->value, LETTERS_AND_DIGITS "_-", DRIVER_NAME_MAX)) {
		fault_add(
			setting->faults, "config-value", setting->where,
			"'%s' cannot name a driver: expected 1 to %d of A-Z a-z 0-9 _ -, such as 'vfio-pci'",
			setting->value, DRIVER_NAME_MAX);
		return;
	}
	replace_text(&setting->config->driver, setting->value);
	replace_text(&setting->config->where_driver, setting->where);
}

static void refuse_choice(const struct setting *setting, const struct strings *choices,
			  const char *word)
{
	cleanup_free char *hint = choices_hint(choices, word);

	fault_add(setting->faults, "config-value", setting->where,
		  "'%s' is no value of '%s': %s", word, setting->key->name, hint);
}

/* The position of the value among the choices, or -1 with a fault. */
static int choose(const struct setting *setting, const char *word)
{
	struct strings choices cleanup_strings = choices_of(setting->key->values);
	int i = choice_index(&choices, word);

	if (i < 0)
		refuse_choice(setting, &choices, word);
	return i;
}

static void set_iommu(const struct setting *setting)
{
	int i = choose(setting, setting->value);

	if (i >= 0)
		setting->config->iommu = (enum iommu_request)i;
}

static void set_fallback_entry(const struct setting *setting)
{
	static const char *const spellings[][2] = {
		{ "true", "yes" }, { "on", "yes" }, { "1", "yes" },
		{ "false", "no" }, { "off", "no" }, { "0", "no" },
	};
	const char *word = setting->value;
	int i;

	for (size_t k = 0; k < sizeof spellings / sizeof *spellings; k++)
		if (strcasecmp(spellings[k][0], setting->value) == 0)
			word = spellings[k][1];
	i = choose(setting, word);
	if (i >= 0)
		setting->config->fallback_entry = i == 0;
}

static void set_choices(const struct setting *setting, struct strings *list)
{
	struct strings choices cleanup_strings = choices_of(setting->key->values);
	struct strings words cleanup_strings = words_of(setting);

	strings_free(list);
	for (size_t i = 0; i < words.n; i++) {
		int k = choice_index(&choices, words.v[i]);

		if (k < 0)
			refuse_choice(setting, &choices, words.v[i]);
		else if (strings_has(list, choices.v[k]))
			fault_add(setting->faults, "config-value", setting->where,
				  "'%s' is listed twice", choices.v[k]);
		else
			strings_add(list, choices.v[k]);
	}
}

static void set_backends(const struct setting *setting, struct strings *list)
{
	static const char *const alone[] = { "auto", "none" };

	set_choices(setting, list);
	for (size_t i = 0; i < sizeof alone / sizeof *alone; i++)
		if (list->n > 1 && strings_has(list, alone[i]))
			fault_add(setting->faults, "config-contradiction", setting->where,
				  "'%s' stands alone: '%s' cannot list more beside it",
				  alone[i], setting->key->name);
	if (strings_has(list, "auto"))
		strings_free(list);
}

static void set_initramfs(const struct setting *setting)
{
	set_backends(setting, &setting->config->initramfs);
}

static void set_bootloader(const struct setting *setting)
{
	set_backends(setting, &setting->config->bootloader);
}

/* Which key would take the word, or NULL. */
static const char *key_that_takes(const char *word)
{
	cleanup_free char *path = path_canonical(word);
	struct identity_pattern id;
	struct bdf bdf;

	if (bdf_parse(word, &bdf))
		return "address";
	if (identity_pattern_parse(word, &id))
		return "id";
	return path ? "path" : NULL;
}

static void refuse_word(const struct setting *setting, const char *word)
{
	const char *key = key_that_takes(word);
	cleanup_free char *hint =
		key ? xasprintf(" (did you mean '%s = %s'?)", key, word) : xstrdup("");

	fault_add(setting->faults, "config-value", setting->where,
		  "'%s' is no %s: expected '%s'%s", word, setting->key->name,
		  setting->key->values, hint);
}

static void set_address(const struct setting *setting)
{
	struct device_rule *device = setting->device;
	struct strings words cleanup_strings = words_of(setting);
	struct bdf bdf;

	replace_text(&device->where_address, setting->where);
	for (size_t i = 0; i < words.n; i++) {
		if (bdf_parse(words.v[i], &bdf))
			*array_add(device->addresses, device->n_addresses) = bdf;
		else
			refuse_word(setting, words.v[i]);
	}
}

static void set_path(const struct setting *setting)
{
	struct strings words cleanup_strings = words_of(setting);

	replace_text(&setting->device->where_path, setting->where);
	for (size_t i = 0; i < words.n; i++) {
		char *path = path_canonical(words.v[i]);

		if (path)
			strings_take(&setting->device->paths, path);
		else
			refuse_word(setting, words.v[i]);
	}
}

static void set_id(const struct setting *setting)
{
	struct device_rule *device = setting->device;
	struct strings words cleanup_strings = words_of(setting);
	struct identity_pattern id;

	replace_text(&device->where_id, setting->where);
	for (size_t i = 0; i < words.n; i++) {
		if (identity_pattern_parse(words.v[i], &id))
			*array_add(device->ids, device->n_ids) = id;
		else
			refuse_word(setting, words.v[i]);
	}
}

static void set_functions(const struct setting *setting)
{
	int i = choose(setting, setting->value);

	if (i >= 0)
		setting->device->functions = (enum functions_request)i;
}

static void set_claim(const struct setting *setting)
{
	int i = choose(setting, setting->value);

	if (i < 0)
		return;
	setting->device->claim = (enum claim)i;
	replace_text(&setting->device->where_claim, setting->where);
}

static void set_allow(const struct setting *setting)
{
	set_choices(setting, &setting->device->allow);
}

static void (*const setters[])(const struct setting *setting) = {
	[KEY_DRIVER] = set_driver,
	[KEY_IOMMU] = set_iommu,
	[KEY_INITRAMFS] = set_initramfs,
	[KEY_BOOTLOADER] = set_bootloader,
	[KEY_FALLBACK_ENTRY] = set_fallback_entry,
	[KEY_ADDRESS] = set_address,
	[KEY_PATH] = set_path,
	[KEY_ID] = set_id,
	[KEY_FUNCTIONS] = set_functions,
	[KEY_CLAIM] = set_claim,
	[KEY_ALLOW] = set_allow,
};
_Static_assert(sizeof setters / sizeof *setters == KEYS, "every key has a setter");

void setting_apply(const struct setting *setting)
{
	size_t row = (size_t)(setting->key - config_keys);
	const char *value = setting->value + strspn(setting->value, " \t");
	struct setting stripped = *setting;
	cleanup_free char *copy = xstrdup(value);
	size_t n = strlen(copy);

	/* Quotes keep blanks at the ends, which no value has. */
	while (n && isblank((unsigned char)copy[n - 1]))
		copy[--n] = '\0';
	stripped.value = copy;
	if (!copy[strspn(copy, ", \t")] && row != KEY_ALLOW)
		fault_add(setting->faults, "config-value", setting->where,
			  "key '%s' has no value: expected '%s'", setting->key->name,
			  setting->key->values);
	else
		setters[row](&stripped);
}

void setting_apply_defaults(const char *section, struct config *config,
			    struct device_rule *device, struct faults *faults)
{
	for (size_t i = 0; i < KEYS; i++) {
		struct setting setting = { .key = &config_keys[i],
					   .value = config_keys[i].standard,
					   .config = config,
					   .device = device,
					   .faults = faults };

		if (strcmp(config_keys[i].section, section) == 0 && *setting.value)
			setting_apply(&setting);
	}
}
