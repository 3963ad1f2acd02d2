"""Folders of real files become documents: every file ends searchable, or stored with the reason why it is not."""
