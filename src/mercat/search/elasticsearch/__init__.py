"""Elasticsearch 8 and 9, OpenSearch 2 and 3: what all of them understand, as plain JSON over HTTP."""

from mercat.search.elasticsearch.index import Elasticsearch

__all__ = ["Elasticsearch"]
