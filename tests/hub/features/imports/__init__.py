"""Tests of `hub import`."""
