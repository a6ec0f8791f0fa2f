"""Verbs that change pages: nothing is overwritten, a page gets another version."""

import asyncio

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit
from mercat.auth import Actor
from mercat.content.pages import queries
from mercat.content.pages.exceptions import PageNotFound, PageVersionPublished
from mercat.content.pages.models import ContentPage, PageVersion
from mercat.content.pages.schemas import PageCreate, PageRead, VersionWrite
from mercat.kit import clock
from mercat.kit.ids import new_id
from mercat.kit.markup import render


async def create(session: AsyncSession, actor: Actor, new: PageCreate) -> PageRead:
    """Make a page with its first version.

    Raises:
        PageExists: another page has the slug.
    """
    rendered = await asyncio.to_thread(render, new.content)
    page = ContentPage(id=new_id(), slug=new.slug)
    session.add(page)
    await session.flush()
    await _write(session, page, 1, new, rendered)
    changes = {"slug": new.slug, "version": 1, "title": new.title, "published": new.published}
    await audit.record(session, actor, "page.created", page.id, changes=audit.difference({}, changes))
    return await queries.one(session, new.slug, 1, drafts=True)


async def write(session: AsyncSession, actor: Actor, slug: str, new: VersionWrite) -> PageRead:
    """Give a page another version; former ones stay. Two at the same moment get a number each.

    Raises:
        PageNotFound: there is none.
    """
    rendered = await asyncio.to_thread(render, new.content)
    page, there = await queries.for_update(session, slug)
    number = there[-1].version + 1
    await _write(session, page, number, new, rendered)
    changes = {"version": number, "title": new.title, "published": new.published}
    await audit.record(session, actor, "page.version_written", page.id, changes=audit.difference({}, changes))
    return await queries.one(session, slug, number, drafts=True)


async def publish(session: AsyncSession, actor: Actor, slug: str, number: int) -> PageRead:
    """Publish a draft: it is the current version from now on.

    Raises:
        PageNotFound: there is no such version.
        PageVersionPublished: it is published, or a later one is.
    """
    page, there = await queries.for_update(session, slug)
    wanted = next((one for one in there if one.version == number), None)
    if wanted is None:
        raise PageNotFound
    if any(one.published_at is not None and one.version >= number for one in there):
        raise PageVersionPublished
    wanted.published_at = clock.now()
    await session.flush()
    was = max((one.version for one in there if one.published_at is not None and one is not wanted), default=None)
    changes = audit.difference({"current": was}, {"current": number})
    await audit.record(session, actor, "page.published", page.id, changes=changes)
    return await queries.one(session, slug, number, drafts=True)


async def _write(session: AsyncSession, page: ContentPage, number: int, new: VersionWrite, rendered: str) -> None:
    now = clock.now()
    session.add(
        PageVersion(
            page_id=page.id, version=number, title=new.title, content=new.content, content_html=rendered,
            note=new.note, created_at=now, published_at=now if new.published else None,
        )
    )  # fmt: skip
    await session.flush()
