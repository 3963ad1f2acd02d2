"""The desk: where somebody starts, what waits for them, what they go on with, and what they begin anew."""
