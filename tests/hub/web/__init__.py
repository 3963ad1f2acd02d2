"""The shell and every page, rendered and looked at."""
