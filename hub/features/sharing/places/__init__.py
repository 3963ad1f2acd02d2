"""Spaces and folders: made, named, moved, put away, deleted."""
