"""Reading targets in parallel, each until the deadline at most."""
