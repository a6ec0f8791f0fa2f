"""Which engine answers, by the settings."""

from mercat.kit.database import Reads
from mercat.search.engine import Engine
from mercat.search.postgresql import PostgresEngine


def engine_for(reads: Reads) -> Engine:
    """Return the engine that answers a request; `reads` is where the request reads what PostgreSQL holds."""
    return PostgresEngine(reads)
