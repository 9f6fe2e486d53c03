/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/json.h"
#include "report/report.h"

static json_t *competitors(const struct target *target)
{
	json_t *array = json_array();

	for (size_t i = 0; i < target->n_competitors; i++)
		json_append(array, json_module(target->competitors[i].module,
					       target->competitors[i].is_builtin));
	return array;
}

static void put_identity(json_t *object, const struct identity_pattern *pattern)
{
	bool is_known = pattern->id.vendor != 0; /* 0 is no vendor */
	bool has_subsystem = is_known && pattern->has_subsystem;

	json_put(object, "vendor",
		 is_known ? json_hex(pattern->id.vendor, 4) : json_null());
	json_put(object, "device",
		 is_known ? json_hex(pattern->id.device, 4) : json_null());
	json_put(object, "subsystem_vendor",
		 has_subsystem ? json_hex(pattern->id.subsystem_vendor, 4) : json_null());
	json_put(object, "subsystem_device",
		 has_subsystem ? json_hex(pattern->id.subsystem_device, 4) : json_null());
}

static json_t *target_value(const struct target *target)
{
	const struct function *function = target->function;
	json_t *object = json_object();

	json_put(object, "name", json_text(target->rule->name));
	json_put(object, "address",
		 target->has_bdf ? json_address(target->bdf) : json_null());
	json_put(object, "path", json_text(function ? function->path : NULL));
	put_identity(object, &target->id);
	json_put(object, "class", function ? json_hex(function->class, 6) : json_null());
	json_put(object, "iommu_group",
		 json_group(function ? function->iommu_group : NO_GROUP));
	json_put(object, "driver", json_text(function ? function->driver : NULL));
	json_put(object, "claim", json_text(claim_name(target->claim)));
	json_put(object, "reason", json_text(target->reason));
	json_put(object, "competitors", competitors(target));
	return object;
}

static json_t *kernel_value(const struct plan_kernel *kernel)
{
	json_t *object = json_object();

	json_put(object, "release", json_text(kernel->kernel->release));
	json_put(object, "driver", json_text(module_state_name(kernel->driver)));
	json_put(object, "modules", json_strings(&kernel->modules));
	return object;
}

static json_t *initramfs_names(const struct plan *plan)
{
	json_t *array = json_array();

	for (int i = 0; i < INITRAMFS_KINDS; i++)
		if (plan->uses_initramfs[i])
			json_append(array,
				    json_text(initramfs_name((enum initramfs_kind)i)));
	return array;
}

static json_t *bootloader_names(const struct plan *plan)
{
	json_t *array = json_array();

	for (int i = 0; i < BOOTLOADER_KINDS; i++)
		if (plan->uses_bootloader[i])
			json_append(array,
				    json_text(bootloader_name((enum bootloader_kind)i)));
	return array;
}

static json_t *file_value(const char *path, const char *action, mode_t mode,
			  const char *bytes, size_t size)
{
	json_t *object = json_object();

	json_put(object, "path", json_text(path));
	json_put(object, "action", json_text(action));
	json_put(object, "mode",
		 bytes ? json_sprintf("%04o", mode & 07777) : json_null());
	json_put(object, "content", bytes ? json_bytes(bytes, size) : json_null());
	return object;
}

/* Without a root to compare with (`changes` is NULL) there is no action. */
static void write_files(FILE *out, const struct changes *changes,
			const struct artifacts *artifacts)
{
	json_open_array(out, "files");
	for (size_t i = 0; changes && i < changes->n; i++) {
		const struct change *change = &changes->v[i];

		json_write_element(out, i,
				   file_value(change->path, action_name(change->action),
					      change->mode, change->after,
					      change->after_size));
	}
	for (size_t i = 0; !changes && i < artifacts->n; i++) {
		const struct artifact *artifact = &artifacts->v[i];

		json_write_element(out, i,
				   file_value(artifact->path, NULL, artifact->mode,
					      artifact->bytes, artifact->size));
	}
	json_close_array(out);
}

static void write_key(FILE *out, const char *key, json_t *value)
{
	fprintf(out, ",\"%s\":", key);
	json_write(out, value);
}

static void write_decisions(FILE *out, const struct plan *plan)
{
	json_open_array(out, "targets");
	for (size_t i = 0; i < plan->n_targets; i++)
		json_write_element(out, i, target_value(&plan->targets[i]));
	json_close_array(out);
	write_key(out, "cmdline", json_strings(&plan->cmdline));
	fputc(',', out);
	json_open_array(out, "kernels");
	for (size_t i = 0; i < plan->n_kernels; i++)
		json_write_element(out, i, kernel_value(&plan->kernels[i]));
	json_close_array(out);
	write_key(out, "initramfs", initramfs_names(plan));
	write_key(out, "bootloader", bootloader_names(plan));
}

void report_plan_json(FILE *out, const struct plan *plan, const struct changes *changes,
		      const struct artifacts *artifacts, const struct findings *findings)
{
	fputs("{\"schema\":\"vfio-bootcfg.plan/1\"", out);
	write_key(out, "driver", json_text(plan->driver));
	fputc(',', out);
	write_decisions(out, plan);
	fputc(',', out);
	write_files(out, changes, artifacts);
	fputc(',', out);
	json_open_array(out, "commands");
	for (size_t i = 0; i < artifacts->n_commands; i++)
		json_write_element(out, i, json_strings(&artifacts->commands[i].argv));
	json_close_array(out);
	fputc(',', out);
	json_write_findings(out, findings);
	fputs("}\n", out);
}
