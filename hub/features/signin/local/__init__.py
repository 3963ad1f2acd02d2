"""Signing in of guests whose firm has no issuer: by a code sent to their address, or by a passkey."""
