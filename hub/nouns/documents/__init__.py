"""Documents: text or files with a marking, a state, an owner and revisions."""
