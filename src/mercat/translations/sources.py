"""What is written in the source language, read through the statement of each kind; and what there is in another."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import md5
from typing import LiteralString
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb

from mercat import i18n
from mercat.kit.ids import parse_id
from mercat.translations.exceptions import UnknownLocale
from mercat.translations.kinds import Kind
from mercat.translations.rights import Scope

THESE: LiteralString = """
SELECT s.id::text, s.owner_id, s.texts FROM ({sources}) s WHERE s.id = ANY(%(keys)s::{type}[])
"""
KEPT = """
SELECT t.key, t.texts, t.sources, t.version, t.updated_at FROM translations t
WHERE t.kind = %s AND t.key = ANY(%s) AND t.locale = %s
"""
# makes the row where there is none, so that two first translations of a thing wait for each other too
LOCKED = """
INSERT INTO translations AS t (kind, key, locale, version)
SELECT %s, k, %s, 0 FROM unnest(%s::text[]) k ORDER BY k
ON CONFLICT (kind, key, locale) DO UPDATE SET version = t.version
RETURNING t.key, t.texts, t.sources, t.version, t.updated_at
"""


@dataclass(frozen=True, slots=True)
class Source:
    """A thing and what is written in it, by field."""

    key: str
    owner_id: UUID | None
    """The vendor whose it is, or of what people write in their own name its author; None: the marketplace's."""
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """What there is of a thing in one language: its texts, and digests of what they translate. Version 0 is nothing."""

    texts: Mapping[str, str]
    sources: Mapping[str, str]
    version: int
    updated_at: datetime | None


NONE = Kept({}, {}, 0, None)


def digest(text: str) -> str:
    """Return a text's digest, as PostgreSQL's `md5` has it: it tells that a text is another one, nothing more."""
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def is_outdated(kept: Kept, source: Source, field: str) -> bool:
    """Whether a field was translated from another text than the one of now."""
    return field in kept.texts and kept.sources.get(field) != digest(source.texts.get(field, ""))


def target_locale(written: str) -> str:
    """Return a language that texts are translated into.

    Raises:
        UnknownLocale: texts are not kept in it, or are written in it.
    """
    tag = i18n.canonical(written) if len(written) <= i18n.LONGEST_TAG else ""
    if tag not in i18n.content_locales()[1:]:
        raise UnknownLocale(locales=list(i18n.content_locales()[1:]))
    return tag


async def parameters(connection: AsyncConnection[TupleRow], kind: Kind) -> dict[str, object]:
    """Return what the statement of a kind needs beside its own text."""
    return {} if kind.prepare is None else await kind.prepare(connection)


def around(kind: Kind, statement: LiteralString) -> LiteralString:
    """Return a statement about the sources of a kind."""
    return statement.replace("{sources}", kind.sources).replace("{type}", kind.type)


def whose(scope: Scope) -> list[UUID] | None:
    """Return a scope as a parameter: the owners whose things are meant, None for everybody's."""
    return None if scope is None else sorted(scope)


async def some(connection: AsyncConnection[TupleRow], kind: Kind, keys: Collection[str]) -> dict[str, Source]:
    """Return these things by key; those that are not there are left out."""
    known = [key for key in keys if not kind.by_id or parse_id(key)]
    if not known:
        return {}
    more = await parameters(connection, kind)
    rows = await connection.execute(around(kind, THESE), {**more, "keys": known})
    return {key: Source(key, owner_id, texts) async for key, owner_id, texts in rows}


async def lock(connection: AsyncConnection[TupleRow], kind: Kind, keys: Collection[str]) -> None:
    """Lock things against being purged while something is written about them, in the order of keys."""
    known = [key for key in keys if parse_id(key)]
    if kind.locked is not None and known:
        await connection.execute(kind.locked, (known,))


async def kept(
    connection: AsyncConnection[TupleRow], kind: Kind, keys: Collection[str], locale: str
) -> dict[str, Kept]:
    """Return what there is of these things in one language, by key."""
    rows = await connection.execute(KEPT, (kind.name, list(keys), locale))
    return {row[0]: Kept(*row[1:]) async for row in rows}


async def for_update(
    connection: AsyncConnection[TupleRow], kind: Kind, keys: Sequence[str], locale: str
) -> dict[str, Kept]:
    """Return what there is of these things in one language, locked; where there is nothing, that is locked too."""
    rows = await connection.execute(LOCKED, (kind.name, locale, list(keys)))
    return {row[0]: Kept(*row[1:]) async for row in rows}


def as_rows(rows: list[dict[str, object]]) -> Jsonb:
    """Return rows as one parameter."""
    return Jsonb(rows)
