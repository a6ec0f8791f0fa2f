"""Texts into a translator's file, as they stream out of the database: memory does not grow with the catalogue."""

from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing
from typing import Literal, LiteralString

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from mercat import i18n
from mercat.kit.database import Database
from mercat.translations import sources
from mercat.translations.kinds import Kind
from mercat.translations.rights import Scope
from mercat.translations.sources import Kept, Source
from mercat.translations.translator_files import csv_file, xliff_writer
from mercat.translations.translator_files.rows import Exported, State

BATCH = 500
Format = Literal["csv", "xliff"]
Only = Literal["all", "missing"]
TEXTS: LiteralString = """
SELECT s.id::text, s.texts, coalesce(t.texts, '{}'), coalesce(t.sources, '{}'), ARRAY(
    SELECT jsonb_object_keys(n.texts) FROM translations n
    WHERE n.kind = %(kind)s AND n.key = s.id::text AND n.locale = ANY(%(inherited)s))
FROM ({sources}) s
LEFT JOIN translations t ON t.kind = %(kind)s AND t.key = s.id::text AND t.locale = %(locale)s
WHERE (%(owners)s::uuid[] IS NULL OR s.owner_id = ANY(%(owners)s::uuid[])) ORDER BY s.id
"""


async def exported(
    database: Database, kinds: Mapping[str, tuple[Kind, Scope]], locale: str, form: Format, only: Only
) -> AsyncGenerator[bytes, None]:
    """Yield the file of some kinds, of each what the scope has. The connection is one of its own."""
    async with database.streaming() as connection:
        xliff = form == "xliff"
        yield (xliff_writer.head(i18n.source_locale(), locale) if xliff else csv_file.written((), header=True)).encode()
        for kind, scope in kinds.values():
            begun = False
            async with aclosing(_batches(connection, kind, scope, locale, only)) as batches:
                async for rows in batches:
                    text = xliff_writer.written(rows) if xliff else csv_file.written(rows)
                    yield (xliff_writer.opening(kind.name) + text if xliff and not begun else text).encode()
                    begun = True
            if xliff and begun:
                yield xliff_writer.CLOSING.encode()
        if xliff:
            yield xliff_writer.TAIL.encode()


async def _batches(
    connection: AsyncConnection[TupleRow], kind: Kind, scope: Scope, locale: str, only: Only
) -> AsyncGenerator[list[Exported], None]:
    parameters = {
        **await sources.parameters(connection, kind),
        "kind": kind.name,
        "locale": locale,
        "inherited": [one for one in i18n.fallbacks(locale)[:-1] if one != locale],
        "owners": sources.whose(scope),
    }
    async with connection.cursor(f"exported_{kind.name}") as cursor:
        await cursor.execute(sources.around(kind, TEXTS), parameters)
        while rows := await cursor.fetchmany(BATCH):
            found = [one for row in rows for one in _rows(kind, row, locale, only)]
            if found:
                yield found


def _rows(kind: Kind, row: TupleRow, locale: str, only: Only) -> Iterator[Exported]:
    key, texts, translated, digests, inherited = row
    source, kept = Source(key, None, texts), Kept(translated, digests, 1, None)
    for name in sorted(texts, key=lambda name: (list(kind.fields).index(name) if name in kind.fields else 99, name)):
        what, text = kind.field(name), translated.get(name, "")
        if not texts[name] and not text:
            continue
        state: State = "translated" if text else "missing"
        if text and sources.is_outdated(kept, source, name):
            state = "outdated"
        if only == "all" or (state != "translated" and not (state == "missing" and name in inherited)):
            html = what is not None and what.html
            yield Exported(kind.name, key, name, locale, texts[name], text, state, html)
