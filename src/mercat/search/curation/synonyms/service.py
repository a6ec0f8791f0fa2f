"""Verbs of operators on synonyms. All of them hold the version, so that one goes on after the other."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit
from mercat.auth import Actor
from mercat.kit.conditional import require_match, version_etag
from mercat.kit.ids import new_id
from mercat.search.curation import version
from mercat.search.curation.models import SearchSynonym
from mercat.search.curation.synonyms import queries
from mercat.search.curation.synonyms.exceptions import SynonymTaken, TooManySynonyms
from mercat.search.curation.synonyms.file import Row
from mercat.search.curation.synonyms.schemas import SynonymImport, SynonymRead, SynonymRowError, SynonymWrite

MOST = 2_000
"""Entries there can be: every process holds all of them."""
MOST_ERRORS = 100
FIELDS = ("locale", "terms", "finds", "key")
IN_THE_LOG = ("locale", "terms", "finds")


async def create(session: AsyncSession, actor: Actor, new: SynonymWrite) -> SynonymRead:
    """Keep synonyms. Those that say the same as others are a conflict.

    Raises:
        TooManySynonyms: as many as there can be.
    """
    await version.hold(session)
    if await queries.count(session) >= MOST:
        raise TooManySynonyms(limit=MOST)
    row = _new(session, new)
    await session.flush()
    await version.raise_version(session)
    await session.refresh(row)
    await audit.record(session, actor, "search_synonym.created", row.id, changes=audit.difference({}, _state(row)))
    return queries.shown(row)


async def replace(
    session: AsyncSession, actor: Actor, synonym_id: UUID, new: SynonymWrite, *, if_match: str | None
) -> SynonymRead:
    """Replace synonyms by `new`.

    Raises:
        SynonymNotFound, PreconditionFailed: what the names say.
    """
    await version.hold(session)
    row = await queries.find(session, synonym_id, for_update=True)
    require_match(if_match, version_etag(row.version))
    before = _state(row)
    _write(row, new)
    await session.flush()
    await version.raise_version(session)
    await session.refresh(row)
    changes = audit.difference(before, _state(row))
    await audit.record(session, actor, "search_synonym.updated", synonym_id, changes=changes)
    return queries.shown(row)


async def delete(session: AsyncSession, actor: Actor, synonym_id: UUID, *, if_match: str | None) -> None:
    """Delete synonyms."""
    await version.hold(session)
    row = await queries.find(session, synonym_id, for_update=True)
    require_match(if_match, version_etag(row.version))
    before = _state(row)
    await session.delete(row)
    await session.flush()
    await version.raise_version(session)
    await audit.record(session, actor, "search_synonym.deleted", synonym_id, changes=audit.difference(before, {}))


async def bring_in(
    session: AsyncSession, actor: Actor, rows: Sequence[Row], errors: Sequence[SynonymRowError]
) -> SynonymImport:
    """Take over the rows of a file: a known `id` is updated, what is there already stays, the others are created.

    What cannot be taken is reported beside `errors`, and the others are taken.
    """
    await version.hold(session)
    told = [*errors]
    kept = await queries.everything(session)
    by_id, by_key = {row.id: row for row in kept}, {(row.locale, row.key): row for row in kept}
    created: list[audit.Entry] = []
    updated: list[audit.Entry] = []
    unchanged = 0
    for line in rows:
        new = line.new
        mine, same = by_id.get(line.id) if line.id else None, by_key.get((new.locale, new.key))
        if same is not None and (same.key != new.key or mine not in {None, same}):  # another's, or was another's
            told.append(SynonymRowError(line=line.line, field="", message=SynonymTaken.detail, code="taken"))
            continue
        row = mine or same
        if row is None:
            if len(by_key) >= MOST:
                message = TooManySynonyms.detail.format(limit=MOST)
                told.append(SynonymRowError(line=line.line, field="", message=message, code="too_many"))
                continue
            row = _new(session, new)
            created.append(_entry("created", row.id, {}, row))
        else:
            before = _state(row)
            if mine is None or before == {name: getattr(new, name) for name in IN_THE_LOG}:
                unchanged += 1
                continue
            _write(row, new)
            updated.append(_entry("updated", row.id, before, row))
        by_key[row.locale, row.key] = by_id[row.id] = row
    if created or updated:
        await session.flush()
        await version.raise_version(session)
        await audit.record_many(session, actor, [*created, *updated])
    told.sort(key=lambda error: error.line)
    return SynonymImport(
        read=len(rows) + len(errors),
        created=len(created),
        updated=len(updated),
        unchanged=unchanged,
        error_count=len(told),
        errors=told[:MOST_ERRORS],
    )


def _new(session: AsyncSession, new: SynonymWrite) -> SearchSynonym:
    row = SearchSynonym(id=new_id(), version=0)
    _write(row, new)
    session.add(row)
    return row


def _write(row: SearchSynonym, new: SynonymWrite) -> None:
    for name in FIELDS:
        setattr(row, name, getattr(new, name))
    row.version += 1


def _state(row: SearchSynonym) -> dict[str, object]:
    return {name: getattr(row, name) for name in IN_THE_LOG}


def _entry(verb: str, synonym_id: UUID, before: dict[str, object], row: SearchSynonym) -> audit.Entry:
    return audit.Entry(f"search_synonym.{verb}", synonym_id, audit.difference(before, _state(row)))
