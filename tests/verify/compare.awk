# SPDX-License-Identifier: GPL-2.0-or-later
# LOG ADDRESS EXPECTED SAID WHY, with tabs between: a table, and what disagrees.
BEGIN {
	FS = "\t"
	split("IOMMU remapping binding first faults", names, " ")
	printf "%-46s %-8s %-8s %-8s %-10s %-14s %s\n", "log", "address", "IOMMU",
		"remap", "binding", "first claim", "faults"
}
{
	split($3, expected, " ")
	n_said = split($4, said, " ")
	differs = n_said != 5
	for (i = 1; i <= 5; i++) {
		if (expected[i] == "-")
			n_silent[i]++
		else if (expected[i] == said[i])
			n_equal[i]++
		else {
			n_other[i]++
			differs = 1
			said[i] = said[i] "/" expected[i]
		}
	}
	printf "%-46s %-8s %-8s %-8s %-10s %-14s %s\n", $1, $2, said[1], said[2], said[3],
		said[4], said[5]
	if (differs)
		printf "\t%s\n", $5 ? "-> " $5 : "UNEXPLAINED"
	n_unexplained += differs && !$5
	n_idle += $5 && !differs
}
END {
	print ""
	for (i = 1; i <= 5; i++)
		printf "%-10s %3d agree, %d differ, %d where the index says nothing\n", names[i],
			n_equal[i], n_other[i], n_silent[i]
	if (n_idle)
		printf "%d explanations without a difference\n", n_idle
	exit n_unexplained || n_idle ? 1 : 0
}
