/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ostree and bootc. A deployed tree gets its kernel command line through rpm-ostree; an
 * image that is being built carries it in a file. A package of theirs alone proves
 * nothing: machines that only build such images have them, too.
 */
#include "probe/detect.h"

#include "base/memory.h"

void detect_ostree(const struct root *root, struct system *system)
{
	static const char *const deployed[] = { "run/ostree-booted", "ostree/deploy",
						"sysroot/ostree/deploy", NULL };
	static const char *const programs[] = { "usr/bin/bootc", "usr/bin/rpm-ostree",
						NULL };
	static const char *const images[] = { "ostree", "usr/lib/bootc",
					      "usr/lib/ostree/prepare-root.conf", NULL };
	struct detection *detection = &system->bootloader[BOOTLOADER_OSTREE];
	const char *place = detect_first(root, deployed);
	const char *program = detect_first(root, programs);
	const char *image = detect_first(root, images);

	system->chain.has_rpm_ostree = root_exists(root, "usr/bin/rpm-ostree");
	system->chain.is_ostree_deployed = place != NULL;
	if (place)
		detect_found(detection, "%s", place);
	else if (program && image && root_exists(root, "sysroot"))
		detect_found(detection, "%s, %s and sysroot", program, image);
}
