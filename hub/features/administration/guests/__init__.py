"""An organisation's guests."""
