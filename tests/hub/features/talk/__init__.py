"""Talking in spaces and about documents."""
