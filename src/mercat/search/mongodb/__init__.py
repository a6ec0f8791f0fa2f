"""MongoDB, through PyMongo: an index on the coded terms finds what every engine finds."""

from mercat.search.mongodb.index import MongoDB

__all__ = ["MongoDB"]
