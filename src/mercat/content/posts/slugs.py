"""Slugs of posts, made of their titles, and one more in each language that a title is translated to."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import i18n
from mercat.content.posts.models import PostSlug
from mercat.kit.slugs import is_reachable, slug_of

ADDRESSES = {"export", "feed", "search", "tags"}
"""What comes after `/posts/` and is not a post, or may come to be one day."""
TRANSLATED = text("""
SELECT slug, key FROM translated_slugs WHERE kind = 'post' AND (slug = :base OR slug LIKE :numbered)
""")
# a slug of today comes before a former one, that of the language asked for before that of the source, then the others
ADDRESSED = """
SELECT p.id, o.is_current FROM (
    SELECT s.post_id, s.slug = q.slug AS is_current, 2 AS place
    FROM post_slugs s JOIN posts q ON q.id = s.post_id WHERE s.slug = %(slug)s
    UNION ALL
    SELECT CASE WHEN s.kind = 'post' THEN s.key::uuid END, s.is_current AND s.locale = ANY(%(others)s),
           CASE WHEN s.locale = %(locale)s THEN 1 ELSE 3 END
    FROM translated_slugs s WHERE s.kind = 'post' AND s.slug = %(slug)s
) o JOIN posts p ON p.id = o.post_id WHERE p.published ORDER BY NOT o.is_current, o.place, p.id LIMIT 1
"""


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
    elsewhere = await session.execute(TRANSLATED, {"base": base, "numbered": f"{base}-%"})
    owners |= {row.slug: UUID(row.key) for row in elsewhere if owners.get(row.slug, post_id) == post_id}
    candidates = [base, *(f"{base}-{number}" for number in range(2, len(owners) + 3))]
    usable = (slug for slug in candidates if is_reachable(slug, ADDRESSES))
    return next(slug for slug in usable if owners.get(slug, post_id) == post_id)


async def remember(session: AsyncSession, post_id: UUID, slug: str) -> None:
    """Let a slug be this post's for as long as there is the post."""
    known = await session.scalar(select(PostSlug.slug).where(PostSlug.slug == slug, PostSlug.post_id == post_id))
    if known is None:
        await session.execute(insert(PostSlug).values(slug=slug, post_id=post_id))


def in_each(slug: str, translated: Mapping[str, str] | None) -> dict[str, str]:
    """Return the slug of a post in every language of the marketplace; nothing where there is one."""
    source, *others = i18n.content_locales()
    if not others:
        return {}
    known = translated or {}
    nearest = {one: next((known[by] for by in i18n.fallbacks(one)[:-1] if by in known), slug) for one in others}
    return {source: slug} | nearest


def _made_of(slug: str, base: str) -> bool:
    stem, _, number = slug.rpartition("-")
    return slug == base or (stem == base and number.isdigit())
