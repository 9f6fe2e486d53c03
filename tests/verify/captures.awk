# SPDX-License-Identifier: GPL-2.0-or-later
# What is true, the causes, then verify --json: a line of the table of captures-table.
function value(key) {
	if (!match($0, "\"" key "\":\"[^\"]*\""))
		return "unknown"
	return substr($0, RSTART + length(key) + 4, RLENGTH - length(key) - 5)
}
$1 == "cause" {
	address_of[++n_causes] = $2
	code_of[n_causes] = $3
	sub(/^[^ ]* [^ ]* [^ ]* /, "")
	cause[n_causes] = $0
	next
}
/^[^{]/ && !/"code":/ {
	if ($1 == "function") {
		driver[$2] = $3
		has_groups = has_groups || $4 != "-"
	} else if ($1 == "remapping") {
		remaps = $2
	} else if ($1 == "opened") {
		opened[$2] = $3
	}
	next
}
/"code":/ {
	for (i = 1; i <= n_causes; i++)
		if ($0 ~ "\"code\":\"" code_of[i] && ($0 ~ address_of[i] || address_of[i] == "-") &&
				index($0, cause[i]))
			named[i] = 1
}
/"code":/ {
	code = value("code")
	address = value("address")
	if (code == "target-bound")
		bound[address] = value("status")
	else if (code == "group-viable")
		viable[address] = value("status")
	else
		status[code] = value("status")
}
function wrong(what) {
	complaints = complaints "\n\tWRONG: " what
}
# 'on', 'off' or 'unknown', or what is wrong of it.
function judge(code, is_on) {
	if (status[code] == "unknown" || is_on == "")
		return status[code] == "pass" ? "on" : status[code] == "unknown" ? "unknown" : "off"
	if ((status[code] == "pass") != (is_on == "on"))
		wrong(code " is " status[code] ", and it is " is_on)
	return is_on
}
END {
	for (address in driver) {
		is_bound = driver[address] == "vfio-pci"
		if (bound[address] == "unknown")
			n_unknown++
		else if ((bound[address] ~ /pass|warn/) != is_bound)
			wrong("target-bound " address " is " bound[address] ", and " driver[address] " has it")
		else
			n_right++
	}
	iommu = judge("iommu-enabled", has_groups ? "on" : "off")
	remapping = judge("interrupt-remapping", remaps)
	for (address in opened) {
		fails = viable[address] == "fail" ? "group" : \
			status["interrupt-remapping"] == "fail" ? "remapping" : "ok"
		if (viable[address] == "unknown")
			continue
		if (fails != opened[address])
			wrong(address " is judged '" fails "', and opening it was '" opened[address] "'")
		else
			n_opened++
	}
	for (i = 1; i <= n_causes; i++)
		if (named[i])
			complaints = complaints "\n\t" code_of[i] ": " cause[i]
		else if (name !~ /its log/)
			wrong(code_of[i] " does not say: " cause[i])
	printf "%-46s %2d right %2d unknown     %-8s %-8s %s%s\n", name, n_right, n_unknown,
		iommu, remapping, n_opened ? n_opened " right" : "-", complaints
}
