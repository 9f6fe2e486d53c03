#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by dracut: there is no root to wait for.
# shellcheck disable=SC2034 # dracut reads them
root=boot-test
# shellcheck disable=SC2034
rootok=1
