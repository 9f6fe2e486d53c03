#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# No function above 60 lines, no file above 450. A function is what stands between a "{"
# and the next "}" that are alone at the start of a line, as clang-format leaves them.
. "$(dirname "$0")/files.sh"

c_files | xargs awk -f tests/lint/functions.awk
