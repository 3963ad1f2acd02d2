"""One file for each migration: `NNNN_what_it_does.py`."""
