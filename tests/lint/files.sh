# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Sourced by the lints: which files there are. They look at the tree as it lies there, not
# at what is committed, so that they say the same before and after a commit.

LC_ALL=C
export LC_ALL
cd "${SOURCE:=$(dirname "$0")/../..}" || exit 2
BUILD=${BUILD:-build/dev}

# What a test exits with when a tool that it needs is not installed.
skip() {
	echo "skipped: $*"
	exit 77
}

need() {
	command -v "$1" >/dev/null || skip "$1 is not installed"
}

project_files() {
	# Packages are built in a folder of the sources that is not 'build'.
	find . \( -path ./.git -o -path ./build -o -path ./.cache -o \
		-path "./${BUILD#"$PWD/"}" \) -prune -o -type f -print | sort
}

c_files() {
	find src tests docs -name '*.[ch]' | sort
}

# By the first line, and where files are sourced without one, by the folder.
shell_files() {
	project_files | while IFS= read -r file; do
		case $file in
		*.sh | ./dracut-module/*/* | ./mkinitcpio-hook/*/* | ./initramfs-tools-hook/*/*)
			case $file in
			*.md | *.conf | *.service) ;;
			*) echo "$file" ;;
			esac
			;;
		*.[ch] | *.md | *.json | *.txt | *.snapshot | *.bats) ;;
		*)
			# Fuzz inputs hold NUL bytes, which a variable cannot.
			head -c 64 "$file" | tr -d '\000' | head -n 1 |
				grep -Eq '^#! ?/(usr/)?bin/(env )?(ba|da|a|k)?sh' && echo "$file"
			;;
		esac
	done
}

bats_files() {
	find tests -name '*.bats' | sort
}
