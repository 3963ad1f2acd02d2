"""Tests of finding: the index, the search page, the command."""
