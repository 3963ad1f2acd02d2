"""Alembic migrations, run by `hub/ground/schema.py`; new ones are written by `make migration NAME=…`."""
