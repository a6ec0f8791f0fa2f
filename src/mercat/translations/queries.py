"""Reads of translations for those who make them."""

from collections.abc import Collection, Sequence
from typing import LiteralString
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import i18n
from mercat.auth import Actor
from mercat.kit.conditional import Fields
from mercat.kit.database import driver
from mercat.kit.ids import parse_id
from mercat.kit.pagination import BadCursor, decode_cursor, encode_cursor
from mercat.kit.problems import FieldError
from mercat.translations import slugs, sources
from mercat.translations.exceptions import NothingToTranslate
from mercat.translations.kinds import Kind
from mercat.translations.rights import scope_of
from mercat.translations.schemas import (
    FieldRead,
    KindSummary,
    MissingFilter,
    MissingText,
    TranslationRead,
    TranslationSummary,
)
from mercat.translations.sources import NONE, Kept, Source, is_outdated

EDITED: Fields = {"version", "slug", "updated_at"}
"""What an edit is based on: the source may change without being anybody's edit of the translation."""
CURSOR = "missing"
ALL_KEPT = (
    "SELECT t.locale, t.texts, t.sources, t.version, t.updated_at FROM translations t WHERE t.kind = %s AND t.key = %s"
)
ALL_SLUGS = "SELECT locale, slug FROM translated_slugs WHERE kind = %s AND key = %s AND is_current"
# the digest is made once a text, however many languages there are
STATES: LiteralString = """
FROM ({sources}) s
CROSS JOIN LATERAL (
    SELECT e.key AS field, e.value AS source, md5(e.value) AS digest
    FROM jsonb_each_text(s.texts) e WHERE e.value <> '' OFFSET 0
) f
CROSS JOIN unnest(%(locales)s::text[], %(inherited)s::text[]) AS l(locale, inherited)
LEFT JOIN translations t ON t.kind = %(kind)s AND t.key = s.id::text AND t.locale = l.locale
CROSS JOIN LATERAL (
    SELECT coalesce(t.texts ? f.field, false) AS own,
           coalesce(t.texts ? f.field, false) AND t.sources->>f.field IS DISTINCT FROM f.digest AS outdated
) o
CROSS JOIN LATERAL (
    SELECT NOT o.own AND NOT EXISTS (
        SELECT FROM translations n WHERE l.inherited <> '' AND n.kind = %(kind)s AND n.key = s.id::text
        AND n.locale = ANY(string_to_array(l.inherited, ',')) AND n.texts ? f.field) AS missing
) m
WHERE (%(owners)s::uuid[] IS NULL OR s.owner_id = ANY(%(owners)s::uuid[]))
"""
MISSING: LiteralString = """
SELECT s.id::text, s.owner_id, f.field, l.locale, left(f.source, 200), o.outdated
{states} AND (o.outdated OR m.missing)
AND (%(after)s::{type} IS NULL OR (s.id >= %(after)s::{type} AND (s.id, f.field, l.locale) > (
    %(after)s::{type}, %(field)s::text, %(locale)s::text)))
ORDER BY s.id, f.field, l.locale LIMIT %(size)s
"""
COUNTED: LiteralString = """
SELECT l.locale, count(*)::int, count(*) FILTER (WHERE m.missing)::int, count(*) FILTER (WHERE o.outdated)::int
{states} GROUP BY l.locale
"""


async def find(session: AsyncSession, actor: Actor, kind: Kind, key: str) -> Source:
    """Return what is written in a thing that the actor may translate.

    Raises:
        NothingToTranslate: there is none, or it is none of the actor's business.
    """
    scope = await scope_of(session, actor, kind)
    found = (await sources.some(await driver(session), kind, [kind.key(key)])).get(kind.key(key))
    if found is None or (scope is not None and found.owner_id not in scope):
        raise NothingToTranslate
    return found


async def read(session: AsyncSession, actor: Actor, kind: Kind, key: str, locale: str) -> TranslationRead:
    """Return the texts of a thing in one language, beside what they translate.

    Raises:
        NothingToTranslate, UnknownLocale: see `find` and `sources.target_locale`.
    """
    locale = sources.target_locale(locale)
    source = await find(session, actor, kind, key)
    return await shown(await driver(session), kind, source, locale)


async def shown(
    connection: AsyncConnection[TupleRow], kind: Kind, source: Source, locale: str, kept: Kept | None = None
) -> TranslationRead:
    """Return what there is in one language beside its source."""
    if kept is None:
        kept = (await sources.kept(connection, kind, [source.key], locale)).get(source.key, NONE)
    slug = (await slugs.current(connection, kind, [source.key], locale)).get(source.key)
    fields = {name: _field(kind, source, kept, name) for name in source.texts}
    summary = _summary(source, kept, locale, slug)
    return TranslationRead(
        kind=kind.name,
        key=source.key,
        locale=locale,
        version=kept.version,
        slug=slug,
        fields=fields,
        missing=summary.missing,
        outdated=summary.outdated,
        updated_at=summary.updated_at,
    )


async def every_language(session: AsyncSession, actor: Actor, kind: Kind, key: str) -> list[TranslationSummary]:
    """Return how far the translation of a thing is, for each language that texts are kept in but their own.

    Raises:
        NothingToTranslate: see `find`.
    """
    source = await find(session, actor, kind, key)
    connection = await driver(session)
    rows = await connection.execute(ALL_KEPT, (kind.name, source.key))
    known = {row[0]: Kept(*row[1:]) async for row in rows}
    named = {locale: slug async for locale, slug in await connection.execute(ALL_SLUGS, (kind.name, source.key))}
    return [
        _summary(source, known.get(locale, NONE), locale, named.get(locale)) for locale in i18n.content_locales()[1:]
    ]


async def missing(
    session: AsyncSession, actor: Actor, kinds: Sequence[Kind], wanted: MissingFilter
) -> tuple[list[MissingText], str | None]:
    """Return texts that are missing or outdated, and where the next ones begin. One statement a kind at most, or two.

    Raises:
        BadCursor: the cursor was not made by this list.
    """
    after = _position(kinds, wanted.cursor)
    locales = [sources.target_locale(wanted.locale)] if wanted.locale else list(i18n.content_locales()[1:])
    found: list[MissingText] = []
    for kind in kinds if locales else ():
        if after is not None and kind.name < after[0]:
            continue
        here = after if after is not None and after[0] == kind.name else None
        parameters = {
            **_wanted(kind, locales, await scope_of(session, actor, kind)),
            "after": here and here[1],
            "field": here and here[2],
            "locale": here and here[3],
            "size": wanted.limit + 1 - len(found),
        }
        found += await _missing(session, kind, parameters)
        if len(found) > wanted.limit:
            last = found[wanted.limit - 1]
            return found[: wanted.limit], encode_cursor(CURSOR, last.kind, last.key, last.field, last.locale)
    return found, None


async def summary(session: AsyncSession, actor: Actor, kinds: Sequence[Kind]) -> list[KindSummary]:
    """Return how far each kind is in each language. One statement a kind, or two."""
    locales = list(i18n.content_locales()[1:])
    found: list[KindSummary] = []
    connection = await driver(session)
    for kind in kinds if locales else ():
        scope = await scope_of(session, actor, kind)
        if scope is not None and not scope:
            continue
        more = await sources.parameters(connection, kind)
        statement = sources.around(kind, COUNTED.replace("{states}", STATES))
        rows = await connection.execute(statement, {**more, **_wanted(kind, locales, scope)})
        counts = {row[0]: row[1:] async for row in rows}
        for locale in locales:
            texts, gone, outdated = counts.get(locale, (0, 0, 0))
            found.append(
                KindSummary(
                    kind=kind.name,
                    locale=locale,
                    texts=texts,
                    translated=texts - gone,
                    missing=gone,
                    outdated=outdated,
                )
            )
    return found


async def _missing(session: AsyncSession, kind: Kind, parameters: dict[str, object]) -> list[MissingText]:
    connection = await driver(session)
    more = await sources.parameters(connection, kind)
    statement = sources.around(kind, MISSING.replace("{states}", STATES))
    rows = await connection.execute(statement, {**more, **parameters})
    return [
        MissingText(
            kind=kind.name,
            key=key,
            vendor_id=None if kind.by_people else owner_id,
            field=field,
            locale=locale,
            source=source,
            outdated=outdated,
        )
        async for key, owner_id, field, locale, source, outdated in rows
    ]


def _wanted(kind: Kind, locales: Sequence[str], scope: Collection[UUID] | None) -> dict[str, object]:
    """Return the parameters of `STATES`. What a language falls back to before the source counts as a translation."""
    inherited = [",".join(one for one in i18n.fallbacks(locale)[:-1] if one != locale) for locale in locales]
    return {"kind": kind.name, "locales": list(locales), "inherited": inherited, "owners": sources.whose(scope)}


def _position(kinds: Sequence[Kind], cursor: str | None) -> tuple[str, str, str, str] | None:
    if not cursor:
        return None
    kind, key, field, locale = (str(part) for part in decode_cursor(cursor, CURSOR, str, str, str, str))
    of = next((one for one in kinds if one.name == kind), None)
    if of is None or (of.by_id and parse_id(key) is None):
        raise BadCursor(errors=(FieldError("cursor", "not a cursor of this list", "bad_cursor"),))
    return kind, key, field, locale


def _field(kind: Kind, source: Source, kept: Kept, name: str) -> FieldRead:
    what = kind.field(name)
    return FieldRead(
        source=source.texts[name],
        text=kept.texts.get(name),
        outdated=is_outdated(kept, source, name),
        html=what is not None and what.html,
        longest=what.longest if what is not None else 0,
    )


def _summary(source: Source, kept: Kept, locale: str, slug: str | None) -> TranslationSummary:
    written = {name for name, text in source.texts.items() if text}
    return TranslationSummary(
        locale=locale,
        translated=len(written & kept.texts.keys()),
        missing=len(written - kept.texts.keys()),
        outdated=sum(is_outdated(kept, source, name) for name in source.texts),
        slug=slug,
        version=kept.version,
        updated_at=kept.updated_at if kept.version else None,
    )
