"""Finding things: the home page and the one search."""
