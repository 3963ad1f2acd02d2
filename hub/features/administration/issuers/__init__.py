"""How an organisation's people sign in."""
