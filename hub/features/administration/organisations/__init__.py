"""Organisations at the command line."""
