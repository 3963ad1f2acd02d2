"""Organisations: the legal bodies that take part."""
