"""What files say about a person: that they uploaded them."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.files.models import StoredFile
from mercat.files.schemas import FileRecord


async def record_of(session: AsyncSession, user_id: UUID) -> list[FileRecord]:
    """Return what a person uploaded, the oldest first."""
    rows = await session.scalars(
        select(StoredFile)
        .where(StoredFile.uploaded_by == user_id, StoredFile.state != "released")
        .order_by(StoredFile.id)
    )
    return [
        FileRecord(id=row.id, purpose=row.purpose, media_type=row.media_type, size=row.size, uploaded_at=row.created_at)
        for row in rows
    ]


async def forget(session: AsyncSession, user_id: UUID) -> None:
    """Forget who uploaded files. What they show stays with what it was uploaded for; that room lets it go or not."""
    await session.execute(
        update(StoredFile)
        .where(StoredFile.uploaded_by == user_id)
        .values(uploaded_by=None, updated_at=StoredFile.updated_at)
    )
