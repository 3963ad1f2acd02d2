"""Spaces and folders: places shared by organisations, one tree."""
