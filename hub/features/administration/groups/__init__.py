"""An organisation's groups, and who belongs to them."""
