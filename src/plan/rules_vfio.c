/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the reserving driver or VFIO itself would refuse, however it gets the target. */
#include "plan/view.h"

#include <stdlib.h>
#include <string.h>

char *target_is_iommu(const struct view *view, const struct target *target)
{
	/* Of the PCI Code and ID Assignment: AMD's IOMMU is a function, and virtio's. */
	if (target->function->class >> 8 != 0x0806)
		return NULL;
	return xasprintf(
		"%s is an IOMMU itself (class %06x), which no virtual machine can be given",
		bdf_text(target->bdf).s, target->function->class);
}

/* drivers/vfio/pci/vfio_pci.c, vfio_pci_dev_in_denylist(): the first six since 5.10, the
 * last two since 2024, in stable kernels too. */
static const struct identity denied[] = {
	{ 0x8086, 0x19e2, 0, 0 },			    /* QAT of Atom C3000 */
	{ 0x8086, 0x19e3, 0, 0 },			    /* its virtual functions */
	{ 0x8086, 0x37c8, 0, 0 },			    /* QAT of chipset C62x */
	{ 0x8086, 0x37c9, 0, 0 }, { 0x8086, 0x0435, 0, 0 }, /* QAT of chipset DH895x */
	{ 0x8086, 0x0443, 0, 0 }, { 0x8086, 0x0b25, 0, 0 }, /* DSA of Sapphire Rapids */
	{ 0x8086, 0x0cfe, 0, 0 },			    /* IAX of the same */
};

/* As the kernel reads a boolean parameter (lib/kstrtox.c, kstrtobool), where one without
 * a value is true. */
static bool is_true(const char *value)
{
	return !*value || strchr("1yYtT", *value) || strcasecmp(value, "on") == 0;
}

char *denylist(const struct view *view, const struct target *target)
{
	cleanup_free char *disabled = NULL;
	size_t i = 0;

	while (i < sizeof denied / sizeof *denied &&
	       !identity_same_device(target->function->id, denied[i]))
		i++;
	if (i == sizeof denied / sizeof *denied ||
	    strcmp(view->plan->driver, "vfio-pci") != 0)
		return NULL;
	disabled = driver_option(view, "disable_denylist");
	if (disabled && is_true(disabled))
		return NULL;
	return xasprintf("%s ('%s') is on the denylist of 'vfio-pci', which refuses it "
			 "(error -22)",
			 bdf_text(target->bdf).s,
			 identity_device_text(target->function->id).s);
}

char *no_iommu_group(const struct view *view, const struct target *target)
{
	if (!view->machine->has_sysfs || target->function->iommu_group != NO_GROUP ||
	    view->machine->iommu.active != YES)
		return NULL;
	return xasprintf(
		"%s has no IOMMU group, so 'vfio-pci' will refuse it (error -22)",
		bdf_text(target->bdf).s);
}

/*
 * Intel's RMRR; USB and display functions are excepted, for which the kernel says
 * 'direct-relaxable' (drivers/iommu/intel/iommu.c, device_rmrr_is_relaxable). Since 6.6
 * the core refuses, whoever made the IOMMU (drivers/iommu/iommu.c, require_direct).
 */
char *direct_region(const struct view *view, const struct target *target)
{
	if (!target->function->has_direct_region)
		return NULL;
	return xasprintf(
		"firmware keeps memory mapped for IOMMU group %d of %s (a 'direct' region), so VFIO will refuse to give it to a virtual machine",
		target->function->iommu_group, bdf_text(target->bdf).s);
}

static const struct kernel *first_before_6_0(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_kernels; i++)
		if (kernel_is_before(plan->kernels[i].kernel, 6, 0))
			return plan->kernels[i].kernel;
	return NULL;
}

/* Since 6.0 vfio-pci takes the framebuffer away, from VGA functions alone
 * (drivers/vfio/pci/vfio_pci_core.c, vfio_pci_vga_init). */
char *framebuffer_overlap(const struct view *view, const struct target *target)
{
	const struct kernel *old = first_before_6_0(view->plan);
	const struct function *function = target->function;
	cleanup_free char *reason = NULL;

	if (!function->framebuffer)
		return NULL;
	if (strcmp(view->plan->driver, "pci-stub") == 0)
		reason = xstrdup("'pci-stub' leaves it there");
	else if (function->class >> 8 != 0x0300)
		reason = xstrdup("the kernel takes it from VGA functions alone");
	else if (old)
		reason = xasprintf("kernel '%s' leaves it there", old->release);
	else
		return NULL;
	return xasprintf(
		"the firmware's framebuffer '%s' lies in a BAR of %s, and %s, so that a virtual machine cannot have that BAR",
		function->framebuffer, bdf_text(target->bdf).s, reason);
}

char *virtual_function(const struct view *view, const struct target *target)
{
	if (!target->function->is_virtual_function)
		return NULL;
	return xasprintf(
		"%s is a virtual function, which exists only after its physical function's driver made it",
		bdf_text(target->bdf).s);
}

/* drivers/vfio/pci/vfio_pci_core.c, vfio_pci_core_register_device(): -EBUSY */
char *has_virtual_functions(const struct view *view, const struct target *target)
{
	if (!target->function->n_virtual_functions)
		return NULL;
	return xasprintf(
		"%s has %zu virtual functions, and 'vfio-pci' refuses it while it has any (error -16)",
		bdf_text(target->bdf).s, target->function->n_virtual_functions);
}

/* VMD counts its domains from here (drivers/pci/controller/vmd.c,
 * vmd_find_free_domain). */
static bool is_behind_vmd(const struct target *target)
{
	return target->bdf.domain >= 0x10000;
}

char *vmd_child(const struct view *view, const struct target *target)
{
	if (!is_behind_vmd(target) || target->claim == CLAIM_ADDRESS)
		return NULL;
	return xasprintf(
		"%s is behind a VMD controller: it appears once the driver 'vmd' has that controller, and follows it",
		bdf_text(target->bdf).s);
}

char *late_device(const struct view *view, const struct target *target)
{
	if (!is_behind_vmd(target) || target->claim != CLAIM_ADDRESS)
		return NULL;
	return xasprintf(
		"%s is behind a VMD controller: it appears once the driver 'vmd' has that controller, after the early binder has looked for it",
		bdf_text(target->bdf).s);
}

char *removable_device(const struct view *view, const struct target *target)
{
	if (!target->function->is_removable || target->claim != CLAIM_ADDRESS)
		return NULL;
	return xasprintf(
		"%s is behind a port for removable devices (Thunderbolt, USB4): where it is plugged in or authorized after the early binder has looked, its own driver takes it",
		bdf_text(target->bdf).s);
}
