"""Signing in through one's own organisation, page by page, with real issuers at the other end."""
