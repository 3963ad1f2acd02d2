"""Several things of one place changed at once: each is decided for itself, and all are asked about together."""
