"""Hearing of what was said: following, and notices that hold ids only and are judged each time they are looked at."""
