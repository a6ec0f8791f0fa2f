"""Slugs of posts, made of their titles."""

from uuid import UUID

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.content.posts.models import PostSlug
from mercat.kit.slugs import is_reachable, slug_of

ADDRESSES = {"export", "feed", "search", "tags"}
"""What comes after `/posts/` and is not a post, or may come to be one day."""


async def claim(session: AsyncSession, post_id: UUID, title: str, current: str | None = None) -> str:
    """Return a slug for a title that no other post has or had; `remember` it once the post is written.

    A slug that was made of an equal title stays. Writers of the same slug wait for each other until they commit, so
    that looking and taking are one step.
    """
    base = slug_of(title, "post")
    if current is not None and _made_of(current, base):
        return current
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 2))"), {"key": base})
    alike = select(PostSlug.slug, PostSlug.post_id).where((PostSlug.slug == base) | PostSlug.slug.like(f"{base}-%"))
    owners = {row.slug: row.post_id for row in await session.execute(alike)}
    candidates = [base, *(f"{base}-{number}" for number in range(2, len(owners) + 3))]
    usable = (slug for slug in candidates if is_reachable(slug, ADDRESSES))
    return next(slug for slug in usable if owners.get(slug, post_id) == post_id)


async def remember(session: AsyncSession, post_id: UUID, slug: str) -> None:
    """Let a slug be this post's for as long as there is the post."""
    known = await session.scalar(select(PostSlug.slug).where(PostSlug.slug == slug, PostSlug.post_id == post_id))
    if known is None:
        await session.execute(insert(PostSlug).values(slug=slug, post_id=post_id))


def _made_of(slug: str, base: str) -> bool:
    stem, _, number = slug.rpartition("-")
    return slug == base or (stem == base and number.isdigit())
