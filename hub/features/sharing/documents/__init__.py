"""Sharing one document with a person, a guest, a group or an organisation, until a day and for a reason."""
