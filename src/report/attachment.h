/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a virtual machine is told to have the targets. */
#pragma once

#include "plan/attachment.h"
#include "verify/verify.h"

#include <stdio.h>

/* The words for QEMU's q35: none of them has a character that a shell would take. */
struct strings qemu_arguments(const struct attachment *attachment);

/* The same on one line, so that "$(…)" and eval take it alike. */
void report_attachment_qemu(FILE *out, const struct attachment *attachment);

/* <hostdev> elements, for the <devices> of a domain. */
void report_attachment_libvirt(FILE *out, const struct attachment *attachment);

/* All of it, and whether it will start. */
void report_attachment_json(FILE *out, const struct attachment *attachment,
			    const struct verification *verification);
