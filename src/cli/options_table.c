/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/options.h"

/* The texts stand in --help and in the manual page alike. */
const struct verb_spec verb_specs[] = {
	[VERB_LIST] = {
		"list", NULL,
		"show functions by IOMMU group, and what stands in the way of each",
		"What stands in the way of reserving a function is what the machine would lose with it, its twins, and the modules that would take it first. Functions that share a group can only be given away together. On a terminal the groups are a tree; in a pipe each function is one line that begins with its group and its address.",
	},
	[VERB_GENERATE] = {
		"generate", NULL,
		"resolve the configuration and write the boot configuration",
		"Every decision is printed with its reason. All files are written, or none; what was there before is kept for revert. The commands that make the change take effect are printed, or run with --rebuild.",
	},
	[VERB_CHECK] = {
		"check", NULL,
		"before a reboot: will every installed kernel bind as planned?",
		"What generate wrote is compared with the plan, the initramfs of each kernel is looked into, and so is the entry that will boot. A failure names the link of the chain that is broken and the command that mends it. Nothing is changed.",
	},
	[VERB_VERIFY] = {
		"verify", NULL,
		"after a reboot: did this boot bind as planned, and if not, why?",
		"Each check passes, warns, fails, or is unknown where the evidence is missing. A device that was not reserved gets a timeline, one sentence of cause and a remedy.",
	},
	[VERB_REVERT] = {
		"revert", NULL,
		"restore every file to what it was before the first generate",
		"An edit that was made since is kept where that loses nothing; otherwise the file is named, and nothing is changed.",
	},
	[VERB_SNAPSHOT] = {
		"snapshot", NULL,
		"save this machine as one text file, for bug reports and tests",
		"The text goes to standard output and holds what matters of sysfs, procfs and the kernel log. Serial numbers, host names, network addresses and file system labels are replaced, the same value always by the same word.",
	},
	[VERB_ATTACH] = {
		"attach", "[NAME|ADDRESS]...",
		"print what a virtual machine needs to get the devices",
		"QEMU's arguments are one line that a shell can take: \"qemu-system-x86_64 -machine q35 ... $(vfio-bootcfg attach)\". Whether the machine will start is said first, on standard error; where it would not, nothing is printed. The functions of a slot stay together, each slot behind a root port of its own.",
	},
	[VERB_BIND] = {
		"bind", "[NAME|ADDRESS]...",
		"give the devices to the reserving driver now, without a reboot",
		"What generate refuses is refused, and what is in use at this moment. All functions are taken, or each has its own driver again. The next boot knows nothing of it.",
	},
	[VERB_RELEASE] = {
		"release", "[NAME|ADDRESS]...",
		"give the devices back to the drivers that they had",
		"Without operands, everything that bind took since the boot. A device that was reserved at boot goes to the driver of its module, until the next boot.",
	},
};
_Static_assert(sizeof verb_specs / sizeof *verb_specs == VERBS, "every verb has a row");

#define ON(verb)    (1u << VERB_##verb)
#define MACHINE	    (ON(LIST) | ON(GENERATE) | ON(CHECK) | ON(VERIFY))
#define NOW	    (ON(ATTACH) | ON(BIND) | ON(RELEASE))
#define FIELD(name) offsetof(struct options, name)

/* In the order of --help. */
const struct option_spec option_specs[] = {
	{ "config", 'c', "FILE",
	  "read FILE instead of /etc/vfio-bootcfg.conf and /etc/vfio-bootcfg.conf.d/*.conf; may be repeated",
	  ON(GENERATE) | ON(CHECK) | ON(VERIFY) | NOW, OPTION_LIST, FIELD(config) },
	{ "root", 0, "DIR",
	  "use the operating system under DIR instead of the one that runs",
	  MACHINE | ON(REVERT) | NOW, OPTION_TEXT, FIELD(root) },
	{ "snapshot", 0, "PATH",
	  "use the hardware in PATH instead of this machine: a directory with sys/, proc/ and kernel.log, a file that 'snapshot' wrote, what 'lspci -x' printed; for verify also a kernel log",
	  MACHINE | NOW, OPTION_TEXT, FIELD(snapshot) },
	{ "json", 0, NULL, "print JSON", MACHINE | NOW, OPTION_FLAG, FIELD(json) },
	{ "format", 0, "FORM",
	  "how it is printed: by verify as text, json, or prometheus, which is metrics for the textfile collector of node_exporter; by attach for qemu, libvirt or as json",
	  ON(VERIFY) | ON(ATTACH), OPTION_FORMAT, 0 },
	{ "memory", 'm', "SIZE",
	  "the guest will have SIZE of memory, such as 16G, which must be locked; without a unit it is MiB, as for QEMU",
	  ON(ATTACH), OPTION_SIZE, FIELD(memory) },
	{ "system", 0, NULL,
	  "show the installed kernels, initramfs generators and boot loaders as well",
	  ON(LIST), OPTION_FLAG, FIELD(system) },
	{ "dry-run", 'n', NULL, "print what would be done and change nothing",
	  ON(GENERATE) | ON(REVERT) | ON(BIND) | ON(RELEASE), OPTION_FLAG,
	  FIELD(dry_run) },
	{ "output", 'o', "DIR", "write the files under DIR and touch nothing else",
	  ON(GENERATE), OPTION_TEXT, FIELD(output) },
	{ "rebuild", 0, NULL,
	  "also run the commands that make the change take effect at the next boot",
	  ON(GENERATE), OPTION_FLAG, FIELD(rebuild) },
	{ "forensic", 0, NULL,
	  "let the kernel log prove who had each function first: every driver that is tried leaves a line",
	  ON(GENERATE) | ON(CHECK), OPTION_FLAG, FIELD(forensic) },
	{ "kernel", 0, "RELEASE", "check that kernel alone", ON(CHECK), OPTION_TEXT,
	  FIELD(kernel) },
	{ "kernel-log", 0, "FILE",
	  "read the kernel log from FILE, or from standard input where FILE is '-'",
	  ON(VERIFY), OPTION_TEXT, FIELD(kernel_log) },
	{ "boot", 0, "N",
	  "judge boot N by what the journal kept of it: 0 is this one, -1 the one before",
	  ON(VERIFY), OPTION_BOOT, 0 },
	{ "unredacted", 0, NULL, "keep serial numbers, names and addresses as they are",
	  ON(SNAPSHOT), OPTION_FLAG, FIELD(unredacted) },
	{ "color", 0, "WHEN", "colour the output: auto, always or never", EVERY_VERB,
	  OPTION_COLOUR, FIELD(colour) },
	{ "quiet", 'q', NULL, "print only what needs attention", EVERY_VERB, OPTION_QUIET,
	  FIELD(verbosity) },
	{ "verbose", 'v', NULL, "print more; may be repeated", EVERY_VERB, OPTION_COUNT,
	  FIELD(verbosity) },
	{ "help", 'h', NULL, "print this help", EVERY_VERB, OPTION_HELP, 0 },
	{ "version", 'V', NULL, "print the version", EVERY_VERB, OPTION_VERSION, 0 },
};
const size_t n_option_specs = sizeof option_specs / sizeof *option_specs;

const char *const status_helps[STATUSES] = {
	[STATUS_DONE] = "done, or as planned",
	[STATUS_REFUSED] = "not as planned, or refused",
	[STATUS_WRONG_USAGE] = "wrong usage or configuration",
	[STATUS_COULD_NOT_LOOK] =
		"could not look: no permission, or the evidence is missing",
	[STATUS_PUT_BACK] = "writing failed and everything was put back",
};
