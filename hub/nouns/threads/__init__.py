"""Conversations in spaces: a question or a discussion, to which people post."""
