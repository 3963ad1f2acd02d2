"""Letters that the hub sent."""
