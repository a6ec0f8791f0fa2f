"""Posts that were written elsewhere or long ago: written as they were, without publishing events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import files
from mercat.content.posts import search_document, service, slugs
from mercat.content.posts.models import Post, PostSlug
from mercat.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class PastPost:
    """A post that is published already. `picture` is an uploaded file and its alt text."""

    author_id: UUID | None
    title: str
    content: str
    tags: tuple[str, ...]
    product_ids: tuple[UUID, ...]
    at: datetime
    picture: tuple[UUID, str] | None = None


async def record_past(session: AsyncSession, past: Sequence[PastPost]) -> list[UUID]:
    """Write posts that can be found at once; returns their ids. Publishes nothing."""
    return [await _record(session, one) for one in past]


async def _record(session: AsyncSession, past: PastPost) -> UUID:
    text = await service.written(past.content)
    post = Post(
        id=new_id(), author_id=past.author_id, title=past.title, content=text.content, content_html=text.content_html,
        excerpt=text.excerpt, published=True, published_at=past.at, created_at=past.at, updated_at=past.at,
    )  # fmt: skip
    post.slug = await slugs.claim(session, post.id, past.title)
    if past.picture is not None:
        kept = await files.keep(session, past.picture[0], post.id)
        post.image_file_id, post.image_url, post.image_alt = kept.id, files.written_url(kept.url), past.picture[1]
        post.image_width, post.image_height = kept.width, kept.height
    session.add(post)
    await session.flush()
    await session.execute(insert(PostSlug).values(slug=post.slug, post_id=post.id))
    await service.tag(session, post.id, past.tags)
    await service.relate(session, post.id, past.product_ids)
    await search_document.index(session, post.id)
    return post.id
