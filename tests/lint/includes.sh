#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The table of src/README.md says which room may include which. This checks every
# #include "…" of src/ against it, and that src/CMakeLists.txt links the same rooms.
. "$(dirname "$0")/files.sh"

find src -name '*.[ch]' | sort | xargs awk -F'|' -f tests/lint/includes.awk src/README.md src/CMakeLists.txt
