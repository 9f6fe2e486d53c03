/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a virtual machine is told to have the targets, for QEMU and for libvirt. */
#include "report/attachment.h"

#include "report/json.h"

/* Root ports of the user's own begin with chassis 0 or 1; two of one chassis and slot are
 * an error of QEMU. */
enum { CHASSIS = 200 };

/* The first bus that libvirt would not give to something else by itself: it makes root
 * ports for what is described, and few machines have so much. */
enum { FIRST_BUS = 16 };

struct strings qemu_arguments(const struct attachment *attachment)
{
	struct strings arguments = { 0 };

	for (size_t i = 0; i < attachment->n; i++) {
		const struct attached_slot *slot = &attachment->slots[i];

		strings_add(&arguments, "-device");
		strings_take(&arguments,
			     xasprintf("pcie-root-port,id=vfio%zu,chassis=%d,slot=%zu", i,
				       CHASSIS, i));
		for (size_t k = 0; k < slot->n; k++) {
			const struct attached_function *function = &slot->functions[k];
			bool is_first = slot->n > 1 && function->number == 0;

			strings_add(&arguments, "-device");
			strings_take(&arguments,
				     xasprintf("vfio-pci,host=%s,bus=vfio%zu,addr=0.%x%s",
					       bdf_text(function->target->bdf).s, i,
					       function->number,
					       is_first ? ",multifunction=on" : ""));
		}
	}
	return arguments;
}

void report_attachment_qemu(FILE *out, const struct attachment *attachment)
{
	cleanup_strings struct strings arguments = qemu_arguments(attachment);
	cleanup_free char *line = strings_join(&arguments, " ");

	fprintf(out, "%s\n", line);
}

/* Only where functions must stay together does libvirt need to be told where. */
static void put_place(FILE *out, const struct attached_slot *slot, size_t position,
		      const struct attached_function *function)
{
	if (slot->n > 1)
		fprintf(out,
			"  <address type='pci' domain='0x0000' bus='0x%02zx' slot='0x00' function='0x%x'%s/>\n",
			FIRST_BUS + position, function->number,
			function->number == 0 ? " multifunction='on'" : "");
}

static void put_hostdev(FILE *out, const struct attached_slot *slot, size_t position,
			const struct attached_function *function)
{
	struct bdf bdf = function->target->bdf;

	/* Not managed: libvirt would give it back to the host's driver afterwards. */
	fputs("<hostdev mode='subsystem' type='pci' managed='no'>\n"
	      "  <driver name='vfio'/>\n"
	      "  <source>\n",
	      out);
	fprintf(out,
		"    <address domain='0x%04x' bus='0x%02x' slot='0x%02x' function='0x%x'/>\n",
		bdf.domain, bdf.bus, bdf.device, bdf.function);
	fputs("  </source>\n", out);
	put_place(out, slot, position, function);
	fputs("</hostdev>\n", out);
}

void report_attachment_libvirt(FILE *out, const struct attachment *attachment)
{
	for (size_t i = 0; i < attachment->n; i++)
		for (size_t k = 0; k < attachment->slots[i].n; k++)
			put_hostdev(out, &attachment->slots[i], i,
				    &attachment->slots[i].functions[k]);
}

static json_t *function_value(const struct attached_function *function)
{
	const struct target *target = function->target;
	json_t *object = json_object();

	json_put(object, "name", json_text(target->rule->name));
	json_put(object, "address", json_address(target->bdf));
	json_put(object, "vendor", json_hex(target->function->id.vendor, 4));
	json_put(object, "device", json_hex(target->function->id.device, 4));
	json_put(object, "iommu_group", json_group(target->function->iommu_group));
	json_put(object, "driver", json_text(target->function->driver));
	json_put(object, "function", json_integer(function->number));
	return object;
}

static json_t *slot_value(const struct attached_slot *slot)
{
	json_t *array = json_array();

	for (size_t i = 0; i < slot->n; i++)
		json_append(array, function_value(&slot->functions[i]));
	return array;
}

static json_t *libvirt_value(const struct attachment *attachment)
{
	cleanup_free char *text = NULL;
	size_t size;
	FILE *out = xopen_memstream(&text, &size);

	report_attachment_libvirt(out, attachment);
	fclose(out);
	return json_text(text);
}

void report_attachment_json(FILE *out, const struct attachment *attachment,
			    const struct verification *verification)
{
	cleanup_strings struct strings arguments = qemu_arguments(attachment);

	fputc('{', out);
	json_write_checks(out, verification);
	json_open_array(out, "slots");
	for (size_t i = 0; i < attachment->n; i++)
		json_write_element(out, i, slot_value(&attachment->slots[i]));
	json_close_array(out);
	fputs(",\"qemu\":", out);
	json_write(out, json_strings(&arguments));
	fputs(",\"libvirt\":", out);
	json_write(out, libvirt_value(attachment));
	fputs("}\n", out);
}
