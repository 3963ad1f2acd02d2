"""Tests of the demo: its world, its policies, its issuers."""
