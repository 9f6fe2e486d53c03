#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The table of the boot tests names what there is. Neither QEMU nor root is needed for that.

setup() {
	here=$SOURCE/tests/boot
	# shellcheck source=tests/boot/lib/common.sh
	. "$here/lib/common.sh"
}

# each COMMAND…: for every row, with its columns as variables.
each() {
	while IFS='|' read -r name set tree machine iommu boot config words targets verify _; do
		"$@" || {
			echo "row '$name': $*"
			return 1
		}
	done < <(rows "$here/scenarios" | sed 's/ | /|/g')
}

@test "every row has all columns, and a name of its own" {
	run awk -F ' [|] ' 'NF != 11 || seen[$1]++' <(rows "$here/scenarios")
	[ -z "$output" ]
	has_all_words() { [[ $set =~ ^(fast|-)$ ]] && [[ $iommu =~ ^(intel|intel-no-remapping|amd|none)$ ]]; }
	each has_all_words
}

@test "every row names a tree, a machine and a configuration that are there" {
	names_files() {
		field "$here/trees" "$tree" 1 >/dev/null && [ -f "$here/machines/$machine" ] &&
			{ [ "$config" = - ] || [ -f "$here/configs/$config" ]; }
	}
	each names_files
}

@test "every row is booted in a way that there is" {
	is_known() { [[ $boot =~ ^(lean|full|full-grub|lean-uki|lean-bls)$ ]]; }
	each is_known
}

@test "every row's words mean something" {
	words_are_known() {
		for word in $words; do
			case $word in
			- | plain | late | entry=* | +* | s,*,*, | first=* | without=* | kernel=oldest) ;;
			on=*) [ -f "$here/machines/${word#*=}" ] || return ;;
			on-iommu=*) ;;
			do=*) [ -x "$here/guest/do/${word#*=}" ] || return ;;
			*) return 1 ;;
			esac
		done
	}
	each words_are_known
}

@test "every row's targets are addresses, and of its machine where it says what is there" {
	targets_are_addresses() {
		for target in $targets; do
			[ "$target" = - ] || grep -q "^native 0000:${target#[-~]} " "$here/machines/$machine" || return
		done
	}
	each targets_are_addresses
}

@test "every row that fails says what fails" {
	verdict_fits() {
		case $verify in
		pass | pass\ warn:* | - | fail\ *fail:*) ;;
		*) return 1 ;;
		esac
	}
	each verdict_fits
}

@test "every configuration and every machine has its row" {
	for file in "$here"/configs/* "$here"/machines/*; do
		grep -q -e "| ${file##*/} " -e "on=${file##*/} " "$here/scenarios"
	done
}
