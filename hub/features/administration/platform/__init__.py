"""The whole hub, for those who run it."""
