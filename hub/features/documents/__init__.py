"""A document's pages: read, downloaded, its revisions, uploaded."""
