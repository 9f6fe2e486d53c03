#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The rooms without ⚠ in src/README.md are pure: their objects may call only what
# tests/lint/purity.txt lists with its reason, and what other pure rooms define.
. "$(dirname "$0")/files.sh"
need nm

# cli/ walks the rooms and prints.
pure=$(sed -n 's/^| .\([a-z]*\)\/. | .*/\1/p' src/README.md | grep -vx cli)
[ -n "$pure" ] || { echo "src/README.md names no pure room" && exit 1; }
for room in $pure; do
	[ -e "$BUILD/src/libroom_$room.a" ] || { echo "$BUILD has no room '$room'" && exit 2; }
done

for room in $pure; do
	nm -A "$BUILD/src/libroom_$room.a" | sed "s/^/$room /"
done | awk -f tests/lint/purity.awk tests/lint/purity.txt -
