"""Builders of examples for the tests."""
