"""Who will see this: what a change shows to whom and takes from whom, counted and asked about before it is saved."""
