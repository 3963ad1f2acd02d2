"""Signing in through an organisation's own OpenID Connect issuer."""
