"""Finding things: the one search."""
