"""What is done with files in the background: drawing sizes, deleting what was let go, sweeping what was left over."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update

from mercat import outbox
from mercat.files.events import PictureReady
from mercat.files.exceptions import FileNotFound
from mercat.files.models import Drawn, StoredFile
from mercat.files.storage import storage

LEFT_OVER_AFTER = timedelta(hours=1)
BATCH = 200


@outbox.job("files.draw", lane=outbox.Lane.bulk)
async def draw(context: outbox.JobContext, file_id: str, key: str) -> None:
    """Draw a picture in all its sizes and say that they are there; of one that was let go meanwhile, nothing stays."""
    from mercat.files.picture_encoder import in_turn, renditions  # noqa: PLC0415 - Pillow, for those who draw pictures

    async with context.database.transaction() as session:
        file = await session.get(StoredFile, UUID(file_id))
    folder = key.rpartition("/")[0]
    drawn: list[Drawn] = []
    if file is not None and file.state == "kept":
        try:
            content = await storage().get(key)
        except FileNotFound:  # let go, and deleted by now
            return
        for size, made in await in_turn(lambda: list(renditions(content))):
            await storage().put(f"{folder}/{size['width']}.{size['format']}", made, f"image/{size['format']}")
            drawn.append(size)
    ready = (
        update(StoredFile)
        .where(StoredFile.id == UUID(file_id), StoredFile.state == "kept")
        .values(renditions=drawn)
        .returning(StoredFile)
    )
    async with context.database.transaction() as session:
        file = await session.scalar(ready)
        if file is not None:
            fact = PictureReady(file_id=file.id, purpose=file.purpose, belongs_to=file.belongs_to)
            await outbox.publish(session, fact)
    if file is None:
        await storage().remove(folder)


@outbox.job("files.remove", lane=outbox.Lane.bulk)
async def remove(context: outbox.JobContext, file_id: str, key: str) -> None:
    """Delete a file that was let go, with everything that was drawn from it, and then its row."""
    await storage().remove(key.rpartition("/")[0])
    async with context.database.transaction() as session:
        await session.execute(delete(StoredFile).where(StoredFile.id == UUID(file_id), StoredFile.state == "released"))


@outbox.every(outbox.hourly(minute=41), "files.sweep", lane=outbox.Lane.bulk)
async def sweep(context: outbox.JobContext) -> None:
    """Delete what was uploaded and never kept, and try again what was let go and is still there."""
    while True:
        async with context.database.transaction() as session:
            left = await session.scalars(
                select(StoredFile)
                .where(StoredFile.state != "kept", StoredFile.updated_at < func.now() - LEFT_OVER_AFTER)
                .order_by(StoredFile.id)
                .limit(BATCH)
                .with_for_update(skip_locked=True)
            )
            found = list(left)
            for file in found:
                file.state, file.updated_at = "released", func.now()
                await outbox.defer(session, remove, file_id=str(file.id), key=file.key)
        if len(found) < BATCH:
            return
