"""Files that were uploaded by those who translate, and their outcomes."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import i18n, outbox
from mercat.auth import Actor, Permission
from mercat.kit import clock
from mercat.kit.database import Database
from mercat.kit.ids import new_id
from mercat.translations.kinds import Kind, kinds_asked_for
from mercat.translations.rights import Scope, scope_of
from mercat.translations.sources import target_locale
from mercat.translations.translator_files import jobs
from mercat.translations.translator_files.exceptions import ImportGivenUp, ImportNotFound
from mercat.translations.translator_files.export import exported
from mercat.translations.translator_files.models import TranslationImport
from mercat.translations.translator_files.schemas import (
    ImportOutcome,
    TranslationImportFailure,
    TranslationImportRead,
)


async def scopes_of(session: AsyncSession, actor: Actor, name: str | None = None) -> dict[str, tuple[Kind, Scope]]:
    """Return the kinds of which an actor may translate anything, each with the scope of it.

    Raises:
        Invalid: there is no kind of this name.
    """
    found = {kind.name: (kind, await scope_of(session, actor, kind)) for kind in kinds_asked_for(name)}
    return {name: (kind, scope) for name, (kind, scope) in found.items() if scope is None or scope}


async def write(  # noqa: PLR0913 - what a file for translators shall hold
    database: Database,
    path: Path,
    actor: Actor,
    locale: str,
    *,
    kind: str | None,
    form: Literal["csv", "xliff"],
    only: Literal["all", "missing"],
) -> int:
    """Write a file for translators, which is there when it is complete; returns its bytes.

    Raises:
        UnknownLocale, Invalid: there is no such language, or kind.
    """
    locale = target_locale(locale)
    async with database.primary_session() as session:
        scopes = await scopes_of(session, actor, kind)
    unfinished = path.with_name(f".{path.name}.part")
    try:
        with unfinished.open("wb") as file:
            async for chunk in exported(database, scopes, locale, form, only):
                await asyncio.to_thread(file.write, chunk)
            size = file.tell()
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return size


async def everything(database: Database) -> dict[str, None]:
    """Return the scopes of an import that may set the texts of everybody's things."""
    async with database.primary_session() as session:
        return dict.fromkeys(await scopes_of(session, Actor.system()))


async def bring(session: AsyncSession, actor: Actor, content: bytes) -> TranslationImportRead:
    """Store a file and queue it. Whose texts it may set is decided now."""
    scopes = await scopes_of(session, actor)
    everything = actor.can(Permission.translations_write)
    brought = TranslationImport(
        id=new_id(),
        vendors=None if everything else sorted(_vendors_in(scopes)),
        scopes={name: None if scope is None else sorted(map(str, scope)) for name, (_, scope) in scopes.items()},
        state="waiting",
        size=len(content),
        content=content,
        created_at=clock.now(),
    )
    session.add(brought)
    await session.flush()
    await outbox.defer(session, jobs.take_in, import_id=str(brought.id), user_id=str(actor.user_id))
    return _shown(brought)


async def read(session: AsyncSession, actor: Actor, import_id: UUID, locale: str) -> TranslationImportRead:
    """Return an import and its outcome.

    Raises:
        ImportNotFound: there is none, or it may have set texts of others.
    """
    found = await session.get(TranslationImport, import_id)
    if found is None:
        raise ImportNotFound
    if not actor.can(Permission.translations_write):
        scopes = await scopes_of(session, actor)
        of_own_vendors = found.vendors and _vendors_in(scopes).issuperset(found.vendors)
        if not of_own_vendors and not _covered(found.scopes, scopes):
            raise ImportNotFound
    if await _given_up(session, found):
        message = i18n.translate(locale, ImportGivenUp.detail)
        return _shown(found, TranslationImportFailure(code=ImportGivenUp.code, message=message))
    return _shown(found)


async def _given_up(session: AsyncSession, row: TranslationImport) -> bool:
    """Whether an import waits for a job that will not run by itself: it was parked or cancelled."""
    if row.state != "waiting" or await outbox.is_queued(session, jobs.take_in, import_id=str(row.id)):
        return False
    await session.refresh(row)  # or it has just been done, between two statements
    return row.state == "waiting"


def _vendors_in(scopes: Mapping[str, tuple[Kind, Scope]]) -> set[UUID]:
    return {vendor_id for kind, scope in scopes.values() if not kind.by_people for vendor_id in scope or ()}


def _covered(then: Mapping[str, list[str] | None], now: Mapping[str, tuple[Kind, Scope]]) -> bool:
    """Whether somebody may translate all that a file may have set, and it might have set something."""
    return bool(then) and all(
        name in now
        and ((mine := now[name][1]) is None or (owners is not None and set(map(str, mine)).issuperset(owners)))
        for name, owners in then.items()
    )


def _shown(row: TranslationImport, failure: TranslationImportFailure | None = None) -> TranslationImportRead:
    return TranslationImportRead(
        id=row.id,
        state="failed" if failure else "done" if row.state == "done" else "waiting",
        failure=failure,
        size=row.size,
        report=ImportOutcome.model_validate(row.report) if row.report is not None else None,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )
