"""Rows of a translator's file into the store: a batch a transaction, and the same again changes nothing."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from typing import LiteralString

from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.auth import Actor
from mercat.kit.database import Database, driver
from mercat.kit.problems import FieldError, Problem
from mercat.translations import service, sources, texts_taken
from mercat.translations.exceptions import UnknownLocale
from mercat.translations.kinds import Kind, kind_called
from mercat.translations.rights import Scope
from mercat.translations.service import Edit
from mercat.translations.sources import NONE, Kept, Source, digest
from mercat.translations.translator_files import shopify
from mercat.translations.translator_files.rows import SLUG, BadFile, Refused, Row

BATCH = 2_000
"""Rows of one transaction."""
MOST_REFUSALS = 100
VALUED: LiteralString = """
SELECT s.id::text, v FROM ({sources}) s CROSS JOIN unnest(%(values)s::text[]) v WHERE s.texts ? ('values.' || v)
"""
Scopes = Mapping[str, Scope]


@dataclass(slots=True)
class Report:
    """What became of the rows of a file."""

    read: int = 0
    applied: int = 0
    unchanged: int = 0
    refused: int = 0
    refusals: list[Refused] = field(default_factory=list)
    broken: str | None = None

    def as_json(self) -> dict[str, object]:
        """Return it as JSON can have it."""
        return asdict(self)

    def refuse(self, row: Refused) -> None:
        """Count a row that cannot be taken."""
        self.refused += 1
        if len(self.refusals) < MOST_REFUSALS:
            self.refusals.append(row)


async def take_rows(
    database: Database,
    rows: Iterator[Row | Refused],
    actor: Actor,
    scopes: Scopes,
    *,
    tell: Callable[[int], None] = lambda _: None,
) -> Report:
    """Take the texts of a file that the scopes allow; returns what became of them. An interrupted one may be repeated.

    A text whose source was changed since it was exported is taken and is outdated from then on.
    """
    report = Report()
    while True:
        try:
            batch = await asyncio.to_thread(_next, rows, report)
        except BadFile as error:
            report.broken = str(error)
            return report
        if not batch:
            return report
        report.read += len(batch)
        fresh = replace(report, refusals=list(report.refusals))
        async with database.transaction() as session:
            await _Batch(session, actor, scopes, fresh).take(batch)
        report = fresh
        tell(report.read)


def _next(rows: Iterator[Row | Refused], report: Report) -> list[Row | Refused]:
    """Return the next batch. What was read before the file breaks off is returned before it is told."""
    if report.broken is not None:
        raise BadFile(report.broken)
    batch: list[Row | Refused] = []
    try:
        batch.extend(islice(rows, BATCH))
    except BadFile as error:
        if not batch:
            raise
        report.broken = str(error)
    return batch


class _Batch:
    """Rows that are taken in one transaction."""

    def __init__(self, session: AsyncSession, actor: Actor, scopes: Scopes, report: Report) -> None:
        self._session, self._actor, self._scopes, self._report = session, actor, scopes, report

    async def take(self, batch: Sequence[Row | Refused]) -> None:
        """Take what can be taken, by kind and language."""
        grouped: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in batch:
            if isinstance(row, Refused):
                self._report.refuse(row)
            elif row.text:
                grouped[row.kind, row.locale].append(row)
            else:
                self._report.unchanged += 1
        for (name, written), rows in sorted(grouped.items()):
            kind = kind_called(name)
            try:
                locale = sources.target_locale(written)
            except UnknownLocale as error:
                why = (error.detail, error.code)
            else:
                if kind is not None and name in self._scopes:
                    await self._take_kind(kind, locale, rows)
                    continue
                why = ("there is no such kind of things to translate", "unknown_kind")
            for row in rows:
                self._refuse(row, *why)

    async def _take_kind(self, kind: Kind, locale: str, rows: Sequence[Row]) -> None:
        connection = await driver(self._session)
        meant = await _meant(connection, kind, rows)
        found = await self._mine(connection, kind, {key for keys in meant.values() for key in keys})
        kept = await sources.kept(connection, kind, sorted(found), locale)
        edits: dict[str, Edit] = {}
        keys_of: list[set[str]] = []
        for row in rows:
            keys = [key for key in meant[row.key] if key in found]
            if len(keys) != 1 and not row.key.startswith(shopify.BY_VALUE):
                several = "several things are called so" if keys else "there is no such thing, or it is somebody else's"
                self._refuse(row, several, "ambiguous" if keys else "not_found")
                continue
            made = {key: self._edit(kind, found[key], kept.get(key, NONE), row) for key in keys}
            if any(isinstance(edit, FieldError) for edit in made.values()):
                error = next(edit for edit in made.values() if isinstance(edit, FieldError))
                self._refuse(row, error.told(), error.code)
                continue
            changing = {key: edit for key, edit in made.items() if isinstance(edit, Edit)}
            keys_of.append(set(changing))
            for key, edit in changing.items():
                edits[key] = _joined(edits[key], edit) if key in edits else edit
        done = await service.apply(self._session, self._actor, kind, locale, found, list(edits.values()))
        applied = sum(not done.isdisjoint(keys) for keys in keys_of)
        self._report.applied += applied
        self._report.unchanged += len(keys_of) - applied

    async def _mine(self, connection: AsyncConnection[TupleRow], kind: Kind, keys: set[str]) -> dict[str, Source]:
        """Return the things among these that the scope allows to translate."""
        scope = self._scopes[kind.name]
        found = await sources.some(connection, kind, sorted(keys))
        if scope is None:
            return found
        barred = set()
        for owner_id in {source.owner_id for source in found.values()} & set(scope):
            try:
                if kind.selling is not None and owner_id is not None:
                    await kind.selling(self._session, owner_id)
            except Problem:  # a vendor that was suspended meanwhile
                barred.add(owner_id)
        return {key: source for key, source in found.items() if source.owner_id in set(scope) - barred}

    def _edit(self, kind: Kind, source: Source, kept: Kept, row: Row) -> Edit | FieldError | None:
        """Return what a row changes, None if nothing, or why it cannot."""
        if row.field == SLUG:
            return Edit(source.key, {}, slug_from=row.text) if kind.slugs is not None else texts_taken.no_slug()
        known = kept.texts.get(row.field)
        translated = digest(row.source)
        if row.text != known:
            texts, errors = texts_taken.taken(kind, source, {row.field: row.text})
            if errors:
                return errors[0]
            if texts[row.field] is None:
                return None
            if texts[row.field] != known:
                return Edit(source.key, texts, based_on={row.field: translated})
        # the same words: that they fit another source is only believed to who says so of the source of now
        is_news = row.done and translated == digest(source.texts.get(row.field, "")) != kept.sources.get(row.field)
        return Edit(source.key, {row.field: known}, based_on={row.field: translated}) if is_news and known else None

    def _refuse(self, row: Row, message: str, code: str) -> None:
        self._report.refuse(Refused(row.line, f"{row.kind}/{row.key}/{row.field}"[:200], message, code))


async def _meant(connection: AsyncConnection[TupleRow], kind: Kind, rows: Sequence[Row]) -> dict[str, list[str]]:
    """Return the keys that rows mean by what they name them by."""
    meant: dict[str, list[str]] = {row.key: [] for row in rows}
    handles = [key.removeprefix(shopify.BY_HANDLE) for key in meant if key.startswith(shopify.BY_HANDLE)]
    values = [key.removeprefix(shopify.BY_VALUE) for key in meant if key.startswith(shopify.BY_VALUE)]
    if handles and kind.handles is not None:
        async for handle, key, _ in await connection.execute(kind.handles, (handles,)):
            meant[f"{shopify.BY_HANDLE}{handle}"].append(key)
    if values:
        more = await sources.parameters(connection, kind)
        async for key, value in await connection.execute(sources.around(kind, VALUED), {**more, "values": values}):
            meant[f"{shopify.BY_VALUE}{value}"].append(key)
    for key, keys in meant.items():
        if not key.startswith((shopify.BY_HANDLE, shopify.BY_VALUE)):
            keys.append(kind.key(key))
    return meant


def _joined(one: Edit, other: Edit) -> Edit:
    texts, based_on = {**one.texts, **other.texts}, {**one.based_on, **other.based_on}
    return Edit(one.key, texts, slug_from=other.slug_from or one.slug_from, based_on=based_on)
