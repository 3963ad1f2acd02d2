"""What the hub asks of every noun: one value for each kind of thing that policy speaks of."""
