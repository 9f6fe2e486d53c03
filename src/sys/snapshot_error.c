/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/snapshot.h"

#include <errno.h>
#include <string.h>

/* Those that reading sysfs and procfs gives. */
static const struct {
	int error;
	const char *name;
} errors[] = {
	{ EACCES, "EACCES" },	    { EAGAIN, "EAGAIN" },	  { EBUSY, "EBUSY" },
	{ EFBIG, "EFBIG" },	    { EINVAL, "EINVAL" },	  { EIO, "EIO" },
	{ EISDIR, "EISDIR" },	    { ELOOP, "ELOOP" },		  { ENODEV, "ENODEV" },
	{ ENOMEM, "ENOMEM" },	    { ENOSYS, "ENOSYS" },	  { ENOTDIR, "ENOTDIR" },
	{ ENXIO, "ENXIO" },	    { EOPNOTSUPP, "EOPNOTSUPP" }, { EPERM, "EPERM" },
	{ ETIMEDOUT, "ETIMEDOUT" },
};

int snapshot_error(const char *name)
{
	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
		if (strcmp(errors[i].name, name) == 0)
			return errors[i].error;
	return 0;
}

const char *snapshot_error_name(int error)
{
	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
		if (errors[i].error == error)
			return errors[i].name;
	return NULL;
}
