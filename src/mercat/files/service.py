"""Taking files in and letting them go, in steps between which the storage is asked.

`accept` writes a row, commits, and only then puts the bytes where it says. `keep` belongs to the transaction of what
the file is for, and fails if that comes too late. `release` belongs to one too; a job deletes the bytes afterwards.
Whatever dies between two steps leaves a row by which `jobs.sweep` finds what is left over.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import UploadFile

from mercat import auth, outbox
from mercat.auth import Actor
from mercat.files import jobs
from mercat.files.config import settings
from mercat.files.exceptions import FileNotFound, UnknownKind, UploadExpired
from mercat.files.kinds import HEAD, PDF, TAKEN, Content, kind_of
from mercat.files.links import PUBLIC_PATH, picture, shown, signed_path
from mercat.files.models import StoredFile
from mercat.files.schemas import FileRead, Picture
from mercat.files.storage import storage
from mercat.kit.database import Database
from mercat.kit.ids import new_id
from mercat.kit.problems import FieldError, Invalid, Unauthenticated


@dataclass(frozen=True, slots=True)
class Purpose:
    """What files are for. Private ones have no public address and no further sizes, and may be PDFs as well."""

    name: str
    private: bool = False


async def accept(database: Database, actor: Actor, uploads: Sequence[UploadFile], purpose: Purpose) -> list[UUID]:
    """Take files in: all of them or none. Returns their ids for `keep`. Not to be called in a transaction.

    Raises:
        UnknownKind, PictureBroken, TooManyPixels: one of them is not what it should be; `errors` says which.
        StorageAway: nothing was kept.
    """
    made = [await _made(upload, purpose, place) for place, upload in enumerate(uploads)]
    rows = [_row(one, actor, purpose) for one in made]
    async with database.transaction() as session:
        if actor.user_id is not None and await auth.hold(session, actor.user_id) is None:
            raise Unauthenticated
        session.add_all(rows)
    for row, one in zip(rows, made, strict=True):
        await storage().put(row.key, one.content, row.media_type)
    return [row.id for row in rows]


async def keep(session: AsyncSession, file_id: UUID, belongs_to: UUID) -> FileRead:
    """Keep an accepted file for good, in the transaction of what it is for; other sizes are drawn afterwards.

    Raises:
        UploadExpired: it waited for more than an hour, and is gone.
    """
    kept = await session.scalar(
        update(StoredFile)
        .where(StoredFile.id == file_id, StoredFile.state == "incoming")
        .values(state="kept", belongs_to=belongs_to)
        .returning(StoredFile)
    )
    if kept is None:
        raise UploadExpired
    if kept.link_key is None:
        await outbox.defer(session, jobs.draw, file_id=str(kept.id), key=kept.key)
    return shown(kept)


async def for_update(session: AsyncSession, file_ids: Collection[UUID]) -> None:
    """Lock files, in the order of their ids: whether they are used can be looked at now, and stays so."""
    wanted = select(StoredFile.id).where(StoredFile.id.in_(file_ids)).order_by(StoredFile.id)
    await session.execute(wanted.with_for_update())


async def release(session: AsyncSession, file_ids: Collection[UUID]) -> None:
    """Let files go that nothing refers to any more; their bytes are deleted once this is committed."""
    gone = await session.execute(
        update(StoredFile)
        .where(StoredFile.id.in_(file_ids), StoredFile.state != "released")
        .values(state="released")
        .returning(StoredFile.id, StoredFile.key)
    )
    for row in sorted(gone.all()):
        await outbox.defer(session, jobs.remove, file_id=str(row.id), key=row.key)


async def read(session: AsyncSession, file_ids: Collection[UUID]) -> dict[UUID, FileRead]:
    """Return kept files by their ids; others are left out."""
    found = await session.scalars(
        select(StoredFile)
        .where(StoredFile.id.in_(file_ids), StoredFile.state == "kept")
        .execution_options(populate_existing=True)
    )
    return {file.id: shown(file) for file in found}


async def ids_by_url(session: AsyncSession, urls: Collection[str]) -> dict[str, UUID]:
    """Return the kept files behind addresses, as they are written down; those of other places are left out.

    They are held until the transaction ends: nobody lets go of them before it is seen that they are used.
    """
    keys = [url.removeprefix("/") for url in urls if url.startswith(PUBLIC_PATH)]
    if not keys:
        return {}
    found = select(StoredFile.key, StoredFile.id).where(StoredFile.key.in_(keys), StoredFile.state == "kept")
    held = found.order_by(StoredFile.id).with_for_update(read=True)
    return {f"/{row.key}": row.id for row in await session.execute(held)}


async def pictures(session: AsyncSession, alts: Mapping[str, str]) -> dict[str, Picture]:
    """Return the pictures at addresses as they are written down, each with its alt text. Nothing is asked of others."""
    keys = [url.removeprefix("/") for url in alts if url.startswith(PUBLIC_PATH)]
    kept = {}
    if keys:
        found = select(StoredFile).where(StoredFile.key.in_(keys), StoredFile.state == "kept")
        kept = {f"/{file.key}": file for file in await session.scalars(found)}
    return {
        url: picture(url, alt, kept[url].width, kept[url].height, kept[url].renditions)
        if url in kept
        else picture(url, alt)
        for url, alt in alts.items()
    }


async def private_url(session: AsyncSession, file_id: UUID, *, seconds: int = 300) -> str:
    """Return a link to a private file that expires. Who may have it is for the caller to know.

    Raises:
        FileNotFound: there is no such private file.
    """
    file = await session.get(StoredFile, file_id)
    if file is None or file.link_key is None or file.state != "kept":
        raise FileNotFound
    direct = await storage().sign(file.key, seconds)  # made here: nobody is asked
    return direct or signed_path(file.id, file.link_key, seconds=seconds)


async def _made(upload: UploadFile, purpose: Purpose, place: int) -> Content:
    from mercat.files.picture_encoder import in_turn, redraw  # noqa: PLC0415 - Pillow, for those who take pictures

    head = await upload.read(HEAD)
    await upload.seek(0)
    try:
        if purpose.private and kind_of(head) == PDF:
            return Content(await upload.read(), PDF, "pdf")  # as it came: it is never shown, only downloaded
        most = settings().upload_max_pixels
        # a large one lies on disk until its turn: memory holds one upload and its pixels, however many come at once
        return await in_turn(lambda: redraw(upload.file.read(), most_pixels=most))
    except Invalid as refusal:
        kinds = {"kinds": f"{TAKEN}, PDF"} if isinstance(refusal, UnknownKind) and purpose.private else refusal.extras
        wrong = FieldError(f"file.{place}", refusal.detail, refusal.code.rpartition(".")[2], kinds)
        raise type(refusal)(errors=(wrong,), **kinds) from refusal


def _row(made: Content, actor: Actor, purpose: Purpose) -> StoredFile:
    name = secrets.token_hex(16)
    folder = "private" if purpose.private else "media/files"
    plain = "document" if made.media_type == PDF else "picture"
    return StoredFile(
        id=new_id(),
        key=f"{folder}/{name[:2]}/{name}/{plain}.{made.extension}",
        purpose=purpose.name,
        media_type=made.media_type,
        size=len(made.content),
        width=made.width,
        height=made.height,
        link_key=secrets.token_bytes(32) if purpose.private else None,
        uploaded_by=actor.user_id,
    )
