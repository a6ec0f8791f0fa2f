"""What posts know about a person."""

from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import files, translations
from mercat.content.posts import queries
from mercat.content.posts.models import Post
from mercat.content.posts.schemas import PostRecord
from mercat.content.posts.translated_kind import POST


async def record_of(session: AsyncSession, user_id: UUID) -> PostRecord:
    """Return what a person wrote, drafts too."""
    found = await queries.in_transaction(session)(
        f"SELECT {queries.WHOLE} {queries.FROM} WHERE p.author_id = %(user)s ORDER BY p.id",
        {"user": user_id},
    )
    return PostRecord(written=[queries.read_row(row) for row in found])


async def forget(session: AsyncSession, user_id: UUID) -> list[UUID]:
    """Delete a person's drafts, and take their name off what was published: that is the marketplace's to keep.

    Returns the drafts that are gone.
    """
    mine = await session.scalars(select(Post).where(Post.author_id == user_id).order_by(Post.id).with_for_update())
    drafts = [post for post in mine if not post.published]
    pictures = [post.image_file_id for post in drafts if post.image_file_id is not None]
    await session.execute(delete(Post).where(Post.id.in_([post.id for post in drafts])))
    await translations.forget(session, POST.name, [str(post.id) for post in drafts])
    await files.release(session, pictures)
    await session.execute(
        update(Post).where(Post.author_id == user_id).values(author_id=None, updated_at=Post.updated_at)
    )
    return [post.id for post in drafts]
