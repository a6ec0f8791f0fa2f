"""Verbs that change posts. Locks in the house's order: the author's account, the post, the slug."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from uuid import UUID

from sqlalchemy import delete as delete_rows
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, auth, files, translations
from mercat.auth import Actor, Permission
from mercat.content.posts import publication, queries, slugs
from mercat.content.posts.exceptions import PostNotFound
from mercat.content.posts.excerpts import excerpt_of
from mercat.content.posts.models import Post, PostProduct, PostTag, PostTagging
from mercat.content.posts.schemas import PostCreate, PostRead, PostReplace, PostUpdate
from mercat.content.posts.translated_kind import POST
from mercat.content.writers import may_moderate, require_writer
from mercat.kit.conditional import require_match, version_etag
from mercat.kit.ids import new_id
from mercat.kit.markup import render, words
from mercat.kit.problems import Unauthenticated
from mercat.kit.slugs import name_slug

WHEN_IT_IS_SEEN = frozenset({"published", "publish_at"})
"""What a replacement that leaves it out keeps: nobody takes a post back by forgetting a field."""


@dataclass(frozen=True, slots=True)
class Written:
    """A text and what is made of it."""

    content: str
    content_html: str
    excerpt: str


async def written(content: str) -> Written:
    """Render a text. Beside the event loop: a long one with much markup takes a second."""
    rendered = await asyncio.to_thread(render, content)
    return Written(content, rendered, excerpt_of(words(rendered)))


async def create(session: AsyncSession, actor: Actor, new: PostCreate) -> PostRead:
    """Write a post: a draft, or published at once.

    Raises:
        NotAllowed: the actor does not write posts.
        UnknownProducts: it names a product that does not exist.
    """
    author_id = require_writer(actor)
    text = await written(new.content)
    if await auth.hold(session, author_id) is None:
        raise Unauthenticated
    post = Post(id=new_id(), author_id=author_id, title=new.title, published=False, publish_at=new.publish_at)
    _put(post, text)
    post.slug = await slugs.claim(session, post.id, new.title)
    session.add(post)
    await session.flush()
    await slugs.remember(session, post.id, post.slug)
    await tag(session, post.id, new.tags)
    await relate(session, post.id, new.product_ids)
    await publication.settle(session, post, published=new.published)
    made = await queries.shown(session, post.id)
    await _record(session, actor, "post.created", None, made)
    return made


async def replace(
    session: AsyncSession, actor: Actor, post_id: UUID, new: PostReplace, *, if_match: str | None
) -> PostRead:
    """Make a post what `new` says.

    Raises:
        PostNotFound, NotAllowed, PreconditionFailed: see `for_update`.
        UnknownProducts: it names a product that does not exist.
    """
    stays = WHEN_IT_IS_SEEN - new.model_fields_set
    given = {name: value for name, value in dict(new).items() if name not in stays}
    return await update(session, actor, post_id, PostUpdate.model_validate(given), if_match=if_match)


async def update(
    session: AsyncSession, actor: Actor, post_id: UUID, changes: PostUpdate, *, if_match: str | None
) -> PostRead:
    """Change what is given, leave the rest. Another title gives it another slug; the former one leads there.

    Raises:
        PostNotFound, NotAllowed, PreconditionFailed: see `for_update`.
        UnknownProducts: it names a product that does not exist.
    """
    text = None if changes.content is None else await written(changes.content)
    post = await for_update(session, actor, post_id, if_match)
    was = await queries.shown(session, post.id)
    if text is not None and text.content != post.content:
        _put(post, text)
    if changes.title is not None and changes.title != post.title:
        post.slug = await slugs.claim(session, post.id, changes.title, post.slug)
        post.title = changes.title
        await slugs.remember(session, post.id, post.slug)
    if changes.tags is not None:
        await tag(session, post.id, changes.tags)
    if changes.product_ids is not None:
        await relate(session, post.id, changes.product_ids)
    if "publish_at" in changes.model_fields_set:
        post.publish_at = changes.publish_at
    post.version += 1
    await publication.settle(session, post, published=changes.published)
    now = await queries.shown(session, post.id)
    await _record(session, actor, "post.updated", was, now)
    return now


async def delete(session: AsyncSession, actor: Actor, post_id: UUID, *, if_match: str | None) -> None:
    """Delete a post with its comments and its picture, for good. Its slugs are free again.

    Raises:
        PostNotFound, NotAllowed, PreconditionFailed: see `for_update`.
    """
    post = await for_update(session, actor, post_id, if_match)
    was = await queries.shown(session, post.id)
    file_id = post.image_file_id
    await session.execute(delete_rows(Post).where(Post.id == post.id))
    await translations.forget(session, POST.name, [str(post.id)])
    if file_id is not None:
        await files.release(session, [file_id])
    await _record(session, actor, "post.deleted", was, None)


async def require_editable(session: AsyncSession, actor: Actor, post_id: UUID) -> None:
    """Refuse before anything is uploaded for a post that the actor may not change; `for_update` looks again.

    Raises:
        PostNotFound, NotAllowed: see `for_update`.
    """
    require_writer(actor)
    post = (await session.execute(select(Post.author_id, Post.published).where(Post.id == post_id))).one_or_none()
    _require_own(actor, *(post or (None, None)))


async def for_update(session: AsyncSession, actor: Actor, post_id: UUID, if_match: str | None) -> Post:
    """Return a post that the actor may change, locked.

    Raises:
        PostNotFound: there is none, or it is a draft of somebody else's.
        NotAllowed: it is somebody else's, or the actor does not write posts.
        PreconditionFailed: the actor has read another version.
    """
    require_writer(actor)
    locked = select(Post).where(Post.id == post_id).with_for_update(key_share=True)
    post = await session.scalar(locked.execution_options(populate_existing=True))
    _require_own(actor, *((post.author_id, post.published) if post else (None, None)))
    if post is None:
        raise PostNotFound
    require_match(if_match, version_etag(post.version))
    return post


def _require_own(actor: Actor, author_id: UUID | None, published: bool | None) -> None:  # noqa: FBT001 - a row
    """Refuse unless the actor may change a post; `published` is None of one that does not exist."""
    if published is None:
        raise PostNotFound
    if may_moderate(actor) or (author_id is not None and author_id == actor.user_id):
        return
    if not published:
        raise PostNotFound
    actor.require(Permission.posts_moderate)


def _put(post: Post, text: Written) -> None:
    post.content, post.content_html, post.excerpt = text.content, text.content_html, text.excerpt


async def tag(session: AsyncSession, post_id: UUID, names: Sequence[str]) -> None:
    """Give a post these tags and no others; each is made if it was not there."""
    by_slug: dict[str, str] = {}
    for name in names:
        by_slug.setdefault(name_slug(name), name)
    await session.execute(delete_rows(PostTagging).where(PostTagging.post_id == post_id))
    if not by_slug:
        return
    # in the order of slugs: two writers of the same new tags never wait for each other crosswise
    new = [{"id": new_id(), "slug": slug, "name": by_slug[slug]} for slug in sorted(by_slug)]
    await session.execute(insert(PostTag).values(new).on_conflict_do_nothing(index_elements=["slug"]))
    rows = await session.execute(select(PostTag.slug, PostTag.id).where(PostTag.slug.in_(by_slug)))
    ids = {row.slug: row.id for row in rows}
    tagged = [{"post_id": post_id, "tag_id": ids[slug], "position": n} for n, slug in enumerate(by_slug)]
    await session.execute(insert(PostTagging).values(tagged))


async def relate(session: AsyncSession, post_id: UUID, product_ids: Sequence[UUID]) -> None:
    """Say which products a post is about. The foreign key refuses what is no product."""
    await session.execute(delete_rows(PostProduct).where(PostProduct.post_id == post_id))
    related = [
        {"post_id": post_id, "product_id": product_id, "position": n}
        for n, product_id in enumerate(dict.fromkeys(product_ids))
    ]
    if related:
        await session.execute(insert(PostProduct).values(related))


async def _record(session: AsyncSession, actor: Actor, action: str, was: PostRead | None, now: PostRead | None) -> None:
    """Write down what differs; what somebody wrote is among the personal values, so that it can be forgotten."""
    of = now or was
    if of is not None:
        changes, words = (audit.difference(look(was), look(now)) for look in (_state, _words))
        await audit.record(session, actor, action, of.id, changes=changes, personal=words)


def _state(post: PostRead | None) -> dict[str, object]:
    """Return what the log says of a post: of its text, which it shall not hold for ever, a digest."""
    if post is None:
        return {}
    return {
        "text": blake2b(post.content.encode(), digest_size=8).hexdigest(),
        "published": post.published,
        "publish_at": post.publish_at,
        "product_ids": [str(product_id) for product_id in post.product_ids],
    }


def _words(post: PostRead | None) -> dict[str, object]:
    return {} if post is None else {"title": post.title, "slug": post.slug, "tags": post.tags}
