"""Feeds: what is new, read in a feed reader or a calendar at a secret address, judged each time as its person."""
