"""Drafts while typing: forms are kept as they are written, listed on home, and offered when they are opened again."""
