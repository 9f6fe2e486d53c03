/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/redact_match.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

/* Nothing secret is longer; what looks so is not read to its end again and again. */
enum { VALUE_MAX = 255, PAIRS_MIN = 6, PAIRS_MAX = 20 };

bool ends_word(char c)
{
	return !isalnum((unsigned char)c);
}

static size_t hex_run(const char *text)
{
	size_t n = 0;

	while (n <= VALUE_MAX && isxdigit((unsigned char)text[n]))
		n++;
	return n;
}

static size_t match_uuid(const char *text)
{
	static const size_t groups[] = { 8, 4, 4, 4, 12 };
	size_t n = 0;

	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
		if (i && text[n++] != '-')
			return 0;
		if (hex_run(text + n) != groups[i])
			return 0;
		n += groups[i];
	}
	return ends_word(text[n]) ? n : 0;
}

/* Machine ids, and UUIDs without their dashes. */
static size_t match_hex32(const char *text)
{
	return hex_run(text) == 32 && ends_word(text[32]) ? 32 : 0;
}

/* Six pairs, or more: InfiniBand has twenty. */
static size_t match_mac(const char *text)
{
	size_t n = 2, pairs = 1;
	char separator = hex_run(text) == 2 ? text[2] : '\0';

	if (separator != ':' && separator != '-')
		return 0;
	for (; pairs <= PAIRS_MAX && text[n] == separator; n += 3, pairs++)
		if (hex_run(text + n + 1) != 2)
			break;
	return pairs >= PAIRS_MIN && pairs <= PAIRS_MAX && ends_word(text[n]) ? n : 0;
}

static size_t match_address(const char *text, int family, const char *alphabet,
			    size_t shortest)
{
	char address[INET6_ADDRSTRLEN] = { 0 };
	struct in6_addr parsed;
	size_t n = 0;

	while (n < sizeof address && text[n] && strchr(alphabet, text[n]))
		n++;
	/* A full stop or a colon may be the sentence's. */
	if (n > 1 && !isxdigit((unsigned char)text[n - 1]) &&
	    isxdigit((unsigned char)text[n - 2]))
		n--;
	if (n < shortest || n >= sizeof address || !ends_word(text[n]))
		return 0;
	memcpy(address, text, n);
	return inet_pton(family, address, &parsed) == 1 ? n : 0;
}

/* What is secret by its form alone: its length, or 0. All zeros are nobody's. */
static size_t match_form(const char *text)
{
	size_t n = match_uuid(text);

	n = n ? n : match_hex32(text);
	n = n ? n : match_mac(text);
	n = n ? n : match_address(text, AF_INET, "0123456789.", 7);
	n = n ? n : match_address(text, AF_INET6, "0123456789abcdefABCDEF:", 4);
	return strspn(text, "0.:-") >= n ? 0 : n;
}

#define SPACE "\t "
#define LIST  SPACE "\"',;)"

/* What stands before a secret of any form, and what ends that. */
static const struct {
	const char *key, *ends;
	bool is_one; /* even where a part of it has a form of its own */
} keys[] = {
	{ "UUID=", LIST, false },
	{ "PARTUUID=", LIST, false },
	{ "LABEL=", LIST, false },
	{ "PARTLABEL=", LIST, false },
	{ "ID=", LIST, false },
	{ "uuid=", LIST, false },
	{ "label=", LIST, false },
	{ "by-uuid/", LIST, false },
	{ "by-partuuid/", LIST, false },
	{ "by-label/", LIST, false },
	{ "by-partlabel/", LIST, false },
	{ "by-id/", LIST, false },
	/* as systemd names units: 'dev-disk-by\\x2dlabel-root.device' */
	{ "by\\x2duuid-", LIST ".", false },
	{ "by\\x2dpartuuid-", LIST ".", false },
	{ "by\\x2dlabel-", LIST ".", false },
	{ "by\\x2dpartlabel-", LIST ".", false },
	{ "by\\x2did-", LIST ".", false },
	{ "device label ", SPACE, false },
	{ "hostname=", SPACE, false },
	{ "Hostname set to <", ">", false },
	{ "hostname to <", ">", false },
	{ "machine_id=", SPACE, false },
	{ "ip=", SPACE, true },
	{ "nfsaddrs=", SPACE, true },
	{ "nfsroot=", SPACE, true },
	{ "netroot=", SPACE, true },
	{ "password=", SPACE, false },
	{ "initiator=", SPACE, false },
	{ "serial=", LIST, false },
	{ "SerialNumber: ", "", false },
	{ "Serial Number: ", "", false },
};

static size_t value_length(const char *text, const char *ends)
{
	size_t n = 0;

	while (n < VALUE_MAX && text[n] && !strchr(ends, text[n]))
		n++;
	while (n && text[n - 1] == '.')
		n--; /* of the sentence */
	return n;
}

static bool holds_form(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((i == 0 || ends_word(text[i - 1])) && match_form(text + i))
			return true;
	return false;
}

static struct secret match_key(const char *text)
{
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		size_t kept, n;

		if (text[0] != keys[i].key[0])
			continue;
		kept = strlen(keys[i].key);
		if (strncmp(text, keys[i].key, kept) != 0)
			continue;
		n = value_length(text + kept, keys[i].ends);
		/* A value that has a form is left to that, so that it is the same one
		 * where it stands alone. */
		if (!keys[i].is_one && holds_form(text + kept, n))
			break;
		return (struct secret){ kept, n };
	}
	return (struct secret){ 0 };
}

/* Network names may be made of the address: 'enx0123456789ab'. */
static struct secret match_interface(const char *text)
{
	static const char *const prefixes[] = { "enx", "wlx", "wwx" };

	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if (strncmp(text, prefixes[i], 3) == 0 && hex_run(text + 3) == 12)
			return (struct secret){ 3, 12 };
	return (struct secret){ 0 };
}

/* 'Linux version 6.1 (me@my-machine)': who compiled it, and where. */
static struct secret match_builder(const char *text)
{
	static const char prefix[] = "Linux version ";
	size_t kept = strlen(prefix), n;

	if (strncmp(text, prefix, kept) != 0)
		return (struct secret){ 0 };
	kept += value_length(text + kept, SPACE);
	if (strncmp(text + kept, " (", 2) != 0)
		return (struct secret){ 0 };
	kept += 2;
	n = value_length(text + kept, SPACE ")");
	if (!memchr(text + kept, '@', n))
		return (struct secret){ 0 };
	return (struct secret){ kept, n };
}

struct secret secret_at(const char *text)
{
	struct secret secret = { 0, match_form(text) };

	if (!secret.n)
		secret = match_interface(text);
	if (!secret.n)
		secret = match_builder(text);
	return secret.n ? secret : match_key(text);
}
