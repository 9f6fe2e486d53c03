# The file of softdeps is not written.
# in: src/artifact/modprobe.c
# caught by: competitor-first-dracut competitor-first-tools
s/if (!plan->n_softdeps)/if (plan)/
