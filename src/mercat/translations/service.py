"""Verbs that change translations."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, outbox
from mercat.auth import Actor
from mercat.kit.conditional import etag_of, require_match
from mercat.kit.database import driver
from mercat.kit.ids import parse_id
from mercat.translations import queries, slugs, sources, texts_taken
from mercat.translations.events import TranslationsChanged
from mercat.translations.exceptions import BadText
from mercat.translations.kinds import Kind, kind_called
from mercat.translations.rights import scope_of
from mercat.translations.schemas import TranslationRead, TranslationWrite
from mercat.translations.sources import NONE, Kept, Source, digest

MOST_KEYS = 500
"""Things of one event."""
WRITE = """
UPDATE translations t SET texts = n.texts, sources = n.sources, made = n.made, version = t.version + 1,
    updated_at = now()
FROM jsonb_to_recordset(%s) AS n(key text, texts jsonb, sources jsonb, made jsonb)
WHERE t.kind = %s AND t.locale = %s AND t.key = n.key
"""
EMPTY = "DELETE FROM translations WHERE kind = %s AND locale = %s AND key = ANY(%s) AND (version = 0 OR texts = '{}')"
REMOVE = "DELETE FROM translations WHERE kind = %s AND locale = %s AND key = ANY(%s)"
FORGET_TEXTS = "DELETE FROM translations WHERE kind = %s AND key = ANY(%s)"
FORGET_SLUGS = "DELETE FROM translated_slugs WHERE kind = %s AND key = ANY(%s)"


@dataclass(frozen=True, slots=True)
class Edit:
    """Texts of a thing to be set, by field; None removes one, and what is not named stays.

    `based_on` has digests of what was translated, where that is not what is written now.
    """

    key: str
    texts: Mapping[str, str | None]
    slug: str | None = None
    slug_from: str | None = None
    """A slug that is as good with a number behind it."""
    based_on: Mapping[str, str] = field(default_factory=dict)


async def replace(  # noqa: PLR0913 - whose, what, where and based on which
    session: AsyncSession,
    actor: Actor,
    kind: Kind,
    key: str,
    locale: str,
    new: TranslationWrite,
    *,
    if_match: str | None,
) -> TranslationRead:
    """Make the texts of a thing in one language what `new` says.

    Raises:
        NothingToTranslate: there is no such thing, or it is none of the actor's business.
        UnknownLocale, BadText, SlugTaken, PreconditionFailed: what the names say.
    """
    locale = sources.target_locale(locale)
    source = await _mine(session, actor, kind, key, lock=True)
    connection = await driver(session)
    before = (await sources.for_update(connection, kind, [source.key], locale))[source.key]
    if if_match is not None:
        require_match(if_match, etag_of(await queries.shown(connection, kind, source, locale, before), queries.EDITED))
    given, errors = texts_taken.taken(kind, source, new.texts)
    if errors:
        raise BadText(errors=errors)
    if new.slug is not None and kind.slugs is None:
        raise BadText(errors=(texts_taken.no_slug(),))
    # what is not there any more cannot be shown, and so is not replaced: a value of an attribute may return
    left_out = {name: None for name in before.texts if name in source.texts and name not in given}
    edit = Edit(source.key, {**left_out, **given}, new.slug)
    await _save(session, actor, kind, locale, {source.key: source}, {source.key: before}, [edit])
    return await queries.shown(connection, kind, source, locale)


async def remove(
    session: AsyncSession, actor: Actor, kind: Kind, key: str, locale: str, *, if_match: str | None
) -> None:
    """Remove the texts of a thing in one language; its slug there stays reserved for it.

    Raises:
        NothingToTranslate: there is no such thing, or it is none of the actor's business.
        UnknownLocale, PreconditionFailed: what the names say.
    """
    locale = sources.target_locale(locale)
    source = await _mine(session, actor, kind, key, lock=True)
    connection = await driver(session)
    before = (await sources.for_update(connection, kind, [source.key], locale))[source.key]
    shown = await queries.shown(connection, kind, source, locale, before)
    if if_match is not None:
        require_match(if_match, etag_of(shown, queries.EDITED))
    await connection.execute(REMOVE, (kind.name, locale, [source.key]))
    await connection.execute(slugs.FORMER, (kind.name, locale, [source.key]))
    if before.version:
        entry = _entry(kind, locale, source.key, (before.texts, shown.slug), ({}, None))
        await audit.record_many(session, actor, [entry])
        await _announce(session, kind, [source.key], locale)


async def apply(
    session: AsyncSession, actor: Actor, kind: Kind, locale: str, found: Mapping[str, Source], edits: Sequence[Edit]
) -> set[str]:
    """Make edits of many things at once; returns the keys of those that changed. What stays the same is not locked.

    The caller has read the sources, and has asked for rights and for what texts may be (`texts_taken`).
    """
    connection = await driver(session)
    keys = [edit.key for edit in edits]
    before = await sources.kept(connection, kind, keys, locale)
    changing = [edit for edit in edits if _changes(before.get(edit.key, NONE), found[edit.key], edit)]
    named = {edit.key: edit.slug_from for edit in edits if edit.slug_from}
    if named:
        has = await slugs.current(connection, kind, sorted(named), locale)
        same = {edit.key for edit in changing}
        changing += [edit for edit in edits if edit.key in named.keys() - same and has.get(edit.key) != named[edit.key]]
    if not changing:
        return set()
    keys = sorted(edit.key for edit in changing)
    await sources.lock(connection, kind, keys)
    there = await sources.some(connection, kind, keys)
    locked = await sources.for_update(connection, kind, [key for key in keys if key in there], locale)
    return await _save(session, actor, kind, locale, there, locked, [edit for edit in changing if edit.key in there])


async def bring_in(
    session: AsyncSession, actor: Actor, kind_name: str, locale: str, texts: Mapping[str, Mapping[str, str]]
) -> None:
    """Write texts of many things of a kind, by key and field, that come from ourselves; unknown keys are left out.

    Raises:
        LookupError: there is no such kind.
    """
    kind = kind_called(kind_name)
    if kind is None:
        raise LookupError(kind_name)
    found = await sources.some(await driver(session), kind, list(texts))
    edits = [Edit(key, dict(some)) for key, some in texts.items() if key in found]
    await apply(session, actor, kind, locale, found, edits)


async def forget(session: AsyncSession, kind: str, keys: Collection[str]) -> None:
    """Remove everything about things that are removed for good, in the transaction that removes them."""
    connection = await driver(session)
    await connection.execute(FORGET_TEXTS, (kind, list(keys)))
    await connection.execute(FORGET_SLUGS, (kind, list(keys)))


async def _mine(session: AsyncSession, actor: Actor, kind: Kind, key: str, *, lock: bool) -> Source:
    connection = await driver(session)
    if lock:
        await sources.lock(connection, kind, [kind.key(key)])
    source = await queries.find(session, actor, kind, key)
    if kind.selling is not None and source.owner_id is not None and await scope_of(session, actor, kind) is not None:
        await kind.selling(session, source.owner_id)
    return source


def _changes(before: Kept, source: Source, edit: Edit) -> bool:
    after = _after(before, source, edit)
    return (after.texts, after.sources) != (before.texts, before.sources)


def _after(before: Kept, source: Source, edit: Edit) -> Kept:
    """Return what there is after an edit."""
    texts, translated = dict(before.texts), dict(before.sources)
    for name, text in edit.texts.items():
        if text is None:
            texts.pop(name, None)
            translated.pop(name, None)
        else:
            texts[name] = text
            translated[name] = edit.based_on.get(name) or digest(source.texts.get(name, ""))
    return Kept(texts, translated, before.version, before.updated_at)


async def _save(  # noqa: PLR0913, PLR0917 - what there was, what shall be, and by whom
    session: AsyncSession,
    actor: Actor,
    kind: Kind,
    locale: str,
    found: Mapping[str, Source],
    before: Mapping[str, Kept],
    edits: Sequence[Edit],
) -> set[str]:
    """Write edits of things whose translations are locked; returns the keys of those that changed."""
    connection = await driver(session)
    after = {edit.key: _after(before[edit.key], found[edit.key], edit) for edit in edits}
    had = await slugs.current(connection, kind, list(after), locale)
    has = {**had, **await _claim(connection, kind, locale, had, after, edits)}
    changed = {
        key
        for key, now in after.items()
        if (now.texts, now.sources) != (before[key].texts, before[key].sources) or had.get(key) != has.get(key)
    }
    rows: list[dict[str, object]] = [
        {
            "key": key,
            "texts": dict(after[key].texts),
            "sources": dict(after[key].sources),
            "made": await _made(kind, after[key].texts),
        }
        for key in sorted(changed)
    ]
    if rows:
        await connection.execute(WRITE, (sources.as_rows(rows), kind.name, locale))
    await connection.execute(EMPTY, (kind.name, locale, [key for key in after if key not in has]))
    entries = [
        _entry(kind, locale, key, (before[key].texts, had.get(key)), (after[key].texts, has.get(key)))
        for key in sorted(changed)
    ]
    await audit.record_many(session, actor, entries)
    await _announce(session, kind, changed, locale)
    return changed


async def _made(kind: Kind, texts: Mapping[str, str]) -> dict[str, str]:
    """Return what is made of texts, beside the event loop: a long one with much markup takes a second."""
    return {} if kind.made is None else dict(await asyncio.to_thread(kind.made, texts))


async def _claim(
    connection: AsyncConnection[TupleRow],
    kind: Kind,
    locale: str,
    had: Mapping[str, str],
    after: Mapping[str, Kept],
    edits: Sequence[Edit],
) -> dict[str, str]:
    """Give slugs to those that ask for another one, and to those that have none and a text to make it of."""
    rule = kind.slugs
    if rule is None:
        return {}
    claims = []
    for edit in edits:
        text = edit.slug_from or after[edit.key].texts.get(rule.of, "")
        asked = edit.slug or edit.slug_from
        if asked != had.get(edit.key) if asked else text and edit.key not in had:
            claims.append(slugs.Claim(edit.key, edit.slug, text))
    return await slugs.claim(connection, kind, rule, locale, claims) if claims else {}


Told = tuple[Mapping[str, str], str | None]


def _entry(kind: Kind, locale: str, key: str, before: Told, after: Told) -> audit.Entry:
    texts = audit.difference(before[0], after[0])
    changes = {f"slug.{locale}": audit.Change(before[1], after[1])} if before[1] != after[1] else {}
    if texts:
        changes[f"texts.{locale}"] = audit.Change(
            {name: change.before for name, change in texts.items()},
            {name: change.after for name, change in texts.items()},
        )
    target = parse_id(key) or audit.target_named(kind.name, key)
    if kind.by_people:
        return audit.Entry(f"{kind.name}.translated", target, personal=changes)
    if not kind.by_id:
        changes["key"] = audit.Change(key, key)
    return audit.Entry(f"{kind.name}.translated", target, changes)


async def _announce(session: AsyncSession, kind: Kind, keys: Iterable[str], locale: str) -> None:
    changed = tuple(sorted(keys))
    for start in range(0, len(changed), MOST_KEYS):
        event = TranslationsChanged(kind=kind.name, keys=changed[start : start + MOST_KEYS], locales=(locale,))
        await outbox.publish(session, event)
