"""Chores of developers."""
