"""Talking in spaces and about documents: asking, answering, accepting, and what is done to what was said."""
