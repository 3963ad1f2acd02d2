"""Signing in, library by library, against certified providers and an issuer that lies."""
