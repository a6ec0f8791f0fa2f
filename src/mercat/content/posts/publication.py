"""When posts are seen: published by their authors, or by themselves when they are due; and who is told of it."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, outbox, realtime
from mercat.auth import Actor
from mercat.content.posts import queries, search_document
from mercat.content.posts.events import PostPublished
from mercat.content.posts.models import Post
from mercat.kit import clock

BATCH = 200
TOPIC = "posts"


async def settle(session: AsyncSession, post: Post, *, published: bool | None = None) -> None:
    """Write a locked post that was changed; publish it or take it back, unless `published` is None.

    Each time that it is published, an event says so, and open pages hear of it after the commit. A job indexes it.
    """
    was, post.published = post.published, post.published if published is None else published
    if post.published:
        post.publish_at = None
        post.published_at = post.published_at or clock.now()
    await session.flush()
    if was or post.published:
        await outbox.defer(session, search_document.index_post, post_id=str(post.id))
    if post.published and not was:
        await outbox.publish(session, PostPublished(post_id=post.id))
        await _broadcast(session, post.id)


async def _broadcast(session: AsyncSession, post_id: UUID) -> None:
    post = await queries.shown(session, post_id)
    body: realtime.Body = {
        "type": "post.published",
        "topic": TOPIC,
        "id": str(post.id),
        "slug": post.slug,
        "title": post.title,
        "excerpt": post.excerpt,
        "author": post.author.name if post.author else None,
        "tags": post.tags,
        "published_at": post.published_at.isoformat() if post.published_at else None,
    }
    realtime.tell(session, realtime.Message((TOPIC,), body))


async def due(session: AsyncSession, *, leaving: Collection[UUID] = (), after: UUID | None = None) -> Sequence[UUID]:
    """Return drafts that are due, in the order of their ids; `leaving` is left out."""
    wanted = select(Post.id).where(_due(), Post.id.not_in(leaving))
    if after is not None:
        wanted = wanted.where(Post.id > after)
    return (await session.scalars(wanted.order_by(Post.id).limit(BATCH))).all()


async def publish_due(session: AsyncSession, post_ids: Collection[UUID]) -> None:
    """Publish those of these drafts that are due. Locks them, and skips locked ones."""
    found = await session.scalars(
        select(Post).where(_due(), Post.id.in_(post_ids)).order_by(Post.id).with_for_update(skip_locked=True)
    )
    published = []
    for post in list(found):
        was = {"published": False, "publish_at": post.publish_at}
        post.version += 1
        await settle(session, post, published=True)
        published.append(audit.Entry("post.published", post.id, audit.difference(was, {"published": True})))
    await audit.record_many(session, Actor.system(), published)


def _due() -> ColumnElement[bool]:
    return and_(Post.publish_at <= clock.now(), Post.published.is_(False))
