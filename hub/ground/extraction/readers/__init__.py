"""One module for each family of formats. A reader gets a path and a sink, fills the sink, and returns a title or None.

Readers run in the killable child only. They raise Unreadable with a plain reason; anything else they raise is a damaged
file to the child.
"""
