"""The knowledge hub: the only package that knows HTTP, tables and templates."""
