# SPDX-License-Identifier: GPL-2.0-or-later
# modules.list -> $tree/asm/*.s, modules.order, modules.builtin and modinfo.
# Every module exports one symbol, by which depmod sees who needs whom.
BEGIN {
	FS = " *[|] *"
	split_into(builtin, is_builtin)
	split_into(missing, is_missing)
	system("mkdir -p '" tree "/asm'")
	printf "" >(tree "/modules.order")
	printf "" >(tree "/modules.builtin")
	printf "" >(tree "/modinfo")
}

/^#/ || /^$/ { next }

{
	name = $1
	sub(".*/", "", name)
	file = name
	sub("[.]ko$", "", file)
	name = file
	gsub("-", "_", name)
	n = split($4, alias, " ")
}

name in is_missing { next }

name in is_builtin {
	print "kernel/" $1 >(tree "/modules.builtin")
	print name ".license=GPL" >(tree "/modinfo")
	# Before kernel 7 the PCI aliases of built-in drivers are not kept.
	for (i = 1; i <= n; i++)
		if (aliases != "" || alias[i] !~ /^(vfio_)?pci:/)
			print name ".alias=" alias[i] >(tree "/modinfo")
	next
}

{
	print "kernel/" $1 >(tree "/modules.order")
	out = tree "/asm/" file ".s"
	print "\t.section .modinfo,\"a\"" >out
	for (i = 1; i <= n; i++)
		print "\t.asciz \"alias=" alias[i] "\"" >out
	if ($3 != "-")
		print "\t.asciz \"softdep=" $3 "\"" >out
	print "\t.asciz \"license=GPL\"" >out
	print "\t.asciz \"name=" name "\"" >out
	print "\t.globl __crc_fake_" name "\n\t__crc_fake_" name " = 1" >out
	print "\t.data" >out
	m = $2 == "-" ? 0 : split($2, need, " ")
	for (i = 1; i <= m; i++)
		if (!(need[i] in is_builtin) && !(need[i] in is_missing)) {
			depends = depends (depends == "" ? "" : ",") need[i]
			print "\t.dc.a fake_" need[i] >out
		}
	print "\t.section .modinfo,\"a\"\n\t.asciz \"depends=" depends "\"" >out
	depends = ""
	close(out)
}

function split_into(words, set,    v, i, k) {
	k = split(words, v, " ")
	for (i = 1; i <= k; i++)
		set[v[i]] = 1
}
