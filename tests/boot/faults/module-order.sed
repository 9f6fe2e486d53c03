# A module that only older kernels have stands first in the list, before the driver.
# in: src/plan/modules.c
# caught by: no-driver
s/{ driver, "vfio", "vfio_iommu_type1",/{ "vfio_virqfd", driver, "vfio",/
s/"vfio_virqfd" };/"vfio_iommu_type1" };/
s/wanted\[i\]) == MODULE_LOADABLE/wanted[i]) != MODULE_BUILTIN/
