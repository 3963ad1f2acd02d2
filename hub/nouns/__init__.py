"""The things that policy speaks of, in the order in which they lean on one another."""
