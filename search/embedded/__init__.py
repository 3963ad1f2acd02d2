"""The embedded engine: tantivy in this process, files in one folder. The only package that uses tantivy.

Many processes read; one writes (`SecondIndexer` for the next). Readers see a commit when `reload_if_behind` is called
with a sequence that they have not seen, and a new generation as soon as it is in force.
"""

from search.embedded.engine import EmbeddedEngine

__all__ = ["EmbeddedEngine"]
