"""Tests of reading files: what people store becomes text or a plain reason, and nothing falls over."""
