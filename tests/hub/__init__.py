"""Tests of the hub, feature by feature."""
