"""Pages of browse."""
