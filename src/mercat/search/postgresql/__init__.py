"""The default engine: PostgreSQL itself, with a document a row. It is kept whichever engine answers."""

from mercat.search.postgresql.engine import PostgresEngine
from mercat.search.postgresql.facet_values import ids_of, named
from mercat.search.postgresql.index import index, remove
from mercat.search.postgresql.vocabulary import count_lexemes

__all__ = ["PostgresEngine", "count_lexemes", "ids_of", "index", "named", "remove"]
