# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Sourced by lib/scenario: what a boot left behind, against what was to be. Each judge_X
# prints what is wrong, one line for each, and nothing when all is well.
# shellcheck disable=SC2154 # $here

# drivers REPORT: 'ADDRESS DRIVER' of every function, 'none' where nothing holds it, but for
# the disk of -uki and -bls (lib/boot), which the native boot does without.
drivers() {
	{
		sed -n 's|.*/devices/\([^/]*\)/driver -> .*/\([^/]*\)$|\1 \2|p' "$1/drivers"
		sed 's|.*/\(.*\)$|\1 none|' "$1/functions"
	} | sort -s -u -k 1,1 | sed '/^0000:00:11\.0 /d'
}

# probes REPORT: 'ADDRESS DRIVER' of every probe of a PCI driver, in order. The driver core
# prints them when dyndbg asks (drivers/base/dd.c): whoever else is silent, it is not.
probes() {
	sed -n -e "s/.*pci \([^ ]*\): bus: 'pci': really_probe: probing driver \([^ ]*\) with device.*/\1 \2/p" \
		-e "s/.*bus: 'pci': really_probe: probing driver \([^ ]*\) with device \([^ ]*\).*/\2 \1/p" \
		"$1/kernel.log"
}

# judge_native MACHINE REPORT: the functions are there, with the drivers that the machine
# says, and nobody reserved anything.
judge_native() {
	sed -n 's/^native //p' "$here/machines/$1" | while read -r address driver; do
		drivers "$2" | grep -qxF "$address $driver" ||
			echo "$address is not with its own driver $driver: $(drivers "$2" | grep "^$address")"
	done
	drivers "$2" | grep -E ' (vfio-pci|pci-stub)$'
	[ -n "$(probes "$2")" ] || echo "the kernel log has no line of the driver core"
}

# The targets of a row, one address a line: 'held' those that the driver has in the end,
# 'late' those of them that another had before ('~'), 'lost' those that it does not get
# although it is to ('-').
targets() {
	for target in $2; do
		case $1$target in
		late~* | lost-?*) echo "0000:${target#?}" ;;
		held~*) echo "0000:${target#?}" ;;
		held-* | late* | lost*) ;;
		*) echo "0000:$target" ;;
		esac
	done
}

# judge_drivers NATIVE REPORT DRIVER TARGETS: the held targets have the driver, and all
# other functions what they had on the same machine without configuration.
judge_drivers() {
	drivers "$1" | awk -v driver="$3" -v held="$(targets held "$4" | tr '\n' ' ')" '
		BEGIN { n = split(held, list, " "); for (i = 1; i <= n; i++) is_held[list[i]] = 1 }
		{ print $1, $1 in is_held ? driver : $2 }
	' >"$2/drivers.expected"
	drivers "$2" | diff -U 0 "$2/drivers.expected" - | sed -n 's/^\([-+]0000:\)/held by \1/p'
}

# judge_probes REPORT DRIVER TARGETS: no other driver touched a held target, and the driver
# touched nothing that is not a target.
judge_probes() {
	probes "$1" >"$1/probes"
	[ -s "$1/probes" ] || echo "the kernel log has no line of the driver core"
	for address in $(targets held "$3"); do
		targets late "$3" | grep -qxF "$address" && continue
		sed -n "s/^$address //p" "$1/probes" | grep -vxF "$2" |
			sed "s/^/$address was probed by /"
	done
	{ targets held "$3" && targets lost "$3"; } >"$1/wanted"
	sed -n "s/ $2\$//p" "$1/probes" | grep -vxFf "$1/wanted" | sed "s/^/$2 probed /"
}

# judge_verify REPORT EXPECTED SAYS: EXPECTED is the verdict and, as STATUS:CODE, every
# check that does not pass; SAYS is in what it tells people.
judge_verify() {
	[ "$2" != - ] || return 0
	verdict=${2%% *}
	case $verdict in
	pass) status=0 ;;
	fail) status=1 ;;
	unknown) status=3 ;;
	esac
	[ "$(cat "$1/verify.status" 2>/dev/null)" = "$status" ] ||
		echo "verify exits with $(cat "$1/verify.status" 2>/dev/null), and not $status"
	echo "$2" | tr ' ' '\n' | sed 1d | sort >"$1/checks.expected"
	grep -o '"code":"[^"]*","status":"[^"]*"' "$1/verify.json" | tr -d '"' | tr , : |
		awk -F : '$4 != "pass" { print $4 ":" $2 }' | sort -u | diff -U 0 "$1/checks.expected" - | sed -n 's/^\([-+][a-z]\)/verify says \1/p'
	[ "$3" = - ] || grep -qF -e "$3" "$1/verify" || echo "verify does not say '$3'"
}

# judge_passthrough REPORT TARGETS: a machine in the guest got each target.
judge_passthrough() {
	targets held "$2" | while read -r address; do
		grep -qxF "taken $address" "$1/did" || echo "no machine in the guest got $address"
	done
	grep -vE '^taken ' "$1/did" || :
}

# judge_steps REPORT: what ran in the guest says 'ok STEP' and no other thing, to its end.
judge_steps() {
	grep -v '^ok ' "$1/did"
	tail -n 1 "$1/did" | grep -qxF 'ok end' || echo "it did not come to its end"
}
