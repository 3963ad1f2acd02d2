"""What runs the hub: its processes, and what its commands share."""
