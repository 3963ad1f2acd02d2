"""Alembic migrations, run by `hub/schema.py`; new ones are written by `make migration NAME=…`."""
