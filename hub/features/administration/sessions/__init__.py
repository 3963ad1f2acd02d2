"""How long sessions of an organisation's people last."""
