"""The default engine: PostgreSQL itself, with a document a row. It is kept whichever engine answers."""

from mercat.search.postgresql.copies import copies_of, next_copies
from mercat.search.postgresql.engine import PostgresEngine
from mercat.search.postgresql.facet_values import Count, ids_of, named
from mercat.search.postgresql.index import index, remove
from mercat.search.postgresql.kept_counts import fold_counts, keep_counts
from mercat.search.postgresql.vocabulary import choose_leading, count_lexemes

__all__ = [
    "Count",
    "PostgresEngine",
    "choose_leading",
    "copies_of",
    "count_lexemes",
    "fold_counts",
    "ids_of",
    "index",
    "keep_counts",
    "named",
    "next_copies",
    "remove",
]
