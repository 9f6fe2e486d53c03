# SPDX-License-Identifier: GPL-2.0-or-later
# verify --json of one target as five words.
function value(key) {
	if (!match($0, "\"" key "\":\"[^\"]*\""))
		return "unknown"
	return substr($0, RSTART + length(key) + 4, RLENGTH - length(key) - 5)
}
BEGIN {
	iommu["pass"] = remapping["pass"] = "on"
	iommu["fail"] = remapping["fail"] = remapping["warn"] = "off"
	binding["pass"] = binding["warn"] = "bound"
	binding["fail"] = "not-bound"
	faults["pass"] = "none"
	faults["warn"] = "faults"
	iommu["unknown"] = remapping["unknown"] = binding["unknown"] = "unknown"
	faults["unknown"] = first = "unknown"
	split("iommu-enabled interrupt-remapping target-bound dma-faults", codes, " ")
}
/"code":/ && !(value("code") in status) { status[value("code")] = value("status") }
/"first_driver":/ { first = value("first_driver") }
END {
	if (!("iommu-enabled" in status)) # nothing that verify knows
		for (i in codes)
			status[codes[i]] = "unknown"
	print iommu[status["iommu-enabled"]], remapping[status["interrupt-remapping"]],
		binding[status["target-bound"]], first, faults[status["dma-faults"]]
}
