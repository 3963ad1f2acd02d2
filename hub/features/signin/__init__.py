"""Signing in through one's own organisation, and out again."""
