#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# docs/completion: what the shells offer, each where it is installed.

made=${BUILD:-$BATS_TEST_DIRNAME/../../build/dev}/docs/completion
program=${BUILD:-$BATS_TEST_DIRNAME/../../build/dev}/src/vfio-bootcfg

setup() {
	[ -e "$made/bash/vfio-bootcfg" ] || skip "the completions were not built"
	verbs=$("$program" --help | sed -n '/^Commands:/,/^$/s/^  *\([a-z][a-z-]*\) .*/\1/p')
	[ -n "$verbs" ]
	cd "$BATS_TEST_TMPDIR" || return
	mkdir -p one-dir
	touch one-file 'a file'
}

# bash_offers WORD…: what bash offers for the last word, on one line.
bash_offers() {
	# shellcheck disable=SC2016 # for the inner shell
	bash -c '. "$1"; shift
		COMP_WORDS=(vfio-bootcfg "$@") COMP_CWORD=$#
		_vfio_bootcfg
		printf "%s\n" "${COMPREPLY[@]}" | sort | paste -sd" " -' - "${file:-$made/bash/vfio-bootcfg}" "$@"
}

@test "bash: the commands are offered" {
	for verb in $verbs; do
		[[ " $(bash_offers '') " == *" $verb "* ]]
	done
	[ "$(bash_offers gen)" = generate ]
}

@test "bash: the options of each command are those of its help" {
	for verb in $verbs; do
		help=$("$program" "$verb" --help | grep -oE '^ .*--[a-z-]+' | grep -oE -e '--[a-z-]+' | sort | paste -sd ' ' -)
		[ "$(bash_offers "$verb" --)" = "$help" ]
	done
}

@test "bash: arguments are files, folders or words" {
	[ "$(bash_offers generate --config '')" = "a file one-dir one-file" ]
	[ "$(bash_offers generate --config = one-f)" = "one-file" ]
	[ "$(bash_offers generate -o '')" = "one-dir" ]
	[ "$(bash_offers list --color =)" = "always auto never" ]
	[ "$(bash_offers list --color a)" = "always auto" ]
}

@test "bash: a command is offered what it takes itself" {
	[ "$(bash_offers attach --format '')" = "json libvirt qemu" ]
	[ "$(bash_offers verify --format = '')" = "json prometheus text" ]
	mkdir -p modules/6.1.0-1 modules/6.12.0-2
	sed "s,/lib/modules,$PWD/modules," "$made/bash/vfio-bootcfg" >patched
	[ "$(file=patched bash_offers check --kernel '')" = "6.1.0-1 6.12.0-2" ]
}

@test "bash: devices of the configuration and addresses are offered to commands that take them" {
	mkdir -p etc pci/0000:03:00.0 pci/0000:03:00.1 pci/0000:0a:00.0
	printf '%s\n' '[vfio-bootcfg]' '[device gpu]' 'id = 1:2' '  [device nic-2] ; the other' >etc/site.conf
	sed -e "s,/etc/vfio-bootcfg\.conf /etc/vfio-bootcfg\.conf\.d,$PWD/etc," \
		-e "s,/sys/bus/pci/devices,$PWD/pci," "$made/bash/vfio-bootcfg" >patched
	[ "$(file=patched bash_offers bind n)" = nic-2 ]
	[ "$(file=patched bash_offers attach g)" = gpu ]
	[ "$(file=patched bash_offers list g)" = "" ]
	[ "$(file=patched bash_offers release 0)" = "0000:03:00.0 0000:03:00.1 0000:0a:00.0" ]
	[ "$(file=patched bash_offers list 0)" = "" ]
	# What readline replaces is what stands behind the last colon.
	[ "$(file=patched bash_offers bind 0000 :)" = "03:00.0 03:00.1 0a:00.0" ]
	[ "$(file=patched bash_offers bind 0000 : 03 : 00.1)" = "00.1" ]
}

@test "bash: an option before the command does not hide it" {
	[[ " $(bash_offers --quiet generate --dry) " == *" --dry-run "* ]]
}

@test "zsh reads its file" {
	command -v zsh >/dev/null || skip "zsh is not installed"
	zsh -n "$made/zsh/_vfio-bootcfg"
}

@test "zsh offers the commands" {
	command -v zsh >/dev/null || skip "zsh is not installed"
	cp "$made/zsh/_vfio-bootcfg" .
	# The completion system works in a terminal alone: zpty gives it one.
	cat >script <<-END
		zmodload zsh/zpty
		zpty it zsh -fi
		zpty -w it 'PS1=; fpath=($PWD \$fpath); autoload -U compinit; compinit -u -D'
		sleep 3
		zpty -w -n it \$'vfio-bootcfg rev\t --dry\t'
		sleep 3
		while zpty -r -t it line; do print -r -- "\$line"; done
	END
	TERM=dumb run zsh -f script
	[[ $output == *"vfio-bootcfg revert"*"--dry-run"* ]]
}

@test "fish offers commands and their options" {
	command -v fish >/dev/null || skip "fish is not installed"
	run fish -c "source $made/fish/vfio-bootcfg.fish; complete -C 'vfio-bootcfg '"
	for verb in $verbs; do
		[[ $output == *"$verb"$'\t'* ]]
	done
	run fish -c "source $made/fish/vfio-bootcfg.fish; complete -C 'vfio-bootcfg generate --dry'"
	[[ $output == "--dry-run"* ]]
	run fish -c "source $made/fish/vfio-bootcfg.fish; complete -C 'vfio-bootcfg list --dry'"
	[ "$output" = "" ]
	run fish -c "source $made/fish/vfio-bootcfg.fish; complete -C 'vfio-bootcfg list --color a'"
	[[ $output == *always* ]]
}
