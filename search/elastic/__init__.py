"""The Elasticsearch engine. The only package that uses the `elasticsearch` client.

It asks of the server only what a full Elasticsearch 9 has built in. Versions are external, so that writers may overlap;
the index is reached through an alias, behind which `begin_rebuild` puts new generations.
"""

from search.elastic.engine import ElasticEngine

__all__ = ["ElasticEngine"]
