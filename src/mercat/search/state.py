"""Which engine answers, whether it is there, and how far behind it is: for operators."""

from dataclasses import dataclass

import psycopg

from mercat.search.engines import remote
from mercat.search.exceptions import EngineError

BEHIND = """
SELECT (SELECT count(*) FROM search_changes), (SELECT count(*) FROM search_documents),
       EXISTS (SELECT FROM search_indexes WHERE server = %(where)s AND is_active),
       EXISTS (SELECT FROM search_indexes WHERE server = %(where)s AND NOT is_active)
"""
INSTEAD = "PostgreSQL answers meanwhile, unless MERCAT_SEARCH_FALLBACK is false"


@dataclass(frozen=True, slots=True)
class EngineState:
    """What there is to say about the engine; `ok` unless search is not answered by it as it should be."""

    ok: bool
    says: str


async def state(database_url: str) -> EngineState:
    """Look at the engine that is set up."""
    other = remote()
    if other is None:
        return EngineState(ok=True, says="by PostgreSQL")
    about = other.where
    try:
        about = f"{await other.about()} at {other.where}"
        async with await psycopg.AsyncConnection.connect(database_url, connect_timeout=5) as connection:
            found = await (await connection.execute(BEHIND, {"where": other.where})).fetchone()
        waiting, documents, has_index, is_filled = found or (0, 0, False, False)
        held = await other.count() if has_index else 0
    except EngineError as error:
        return EngineState(ok=False, says=f"MERCAT_SEARCH_URL: {error}; {INSTEAD}")
    except psycopg.Error as error:
        return EngineState(ok=False, says=f"{about} answers; the database does not: {str(error).splitlines()[0]}")
    if not has_index:
        todo = "its index is being filled"
        if not is_filled:
            todo = "it has no index yet, a worker begins to fill one within a minute (`mercat reindex` does so at once)"
        return EngineState(ok=False, says=f"{about}: {todo}; {INSTEAD}")
    says = f"{about} has {held:,} of {documents:,} documents"
    if waiting:
        return EngineState(ok=False, says=f"{says}; {waiting:,} products wait to be sent to it")
    return EngineState(ok=held == documents, says=says if held == documents else f"{says}; run `mercat reindex`")
