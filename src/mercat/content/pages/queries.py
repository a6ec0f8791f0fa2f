"""Reads of pages. Versions that are not published are for operators."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg.rows import TupleRow
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import translations
from mercat.content.pages.exceptions import PageNotFound
from mercat.content.pages.models import ContentPage, PageVersion
from mercat.content.pages.schemas import PageRead, PageSummary, VersionSummary
from mercat.content.pages.translated_kind import PAGE
from mercat.kit.cache import Answer
from mercat.kit.database import Reads, driver
from mercat.kit.pagination import complete
from mercat.kit.rows import required

CURRENT = """(SELECT max(c.version) FROM page_versions c WHERE c.page_id = p.id AND c.published_at IS NOT NULL)"""
SUMMARY = f"p.slug, v.title, v.version, v.published_at, v.id, v.note, v.version = {CURRENT}, v.created_at"
FROM = "FROM pages p JOIN page_versions v ON v.page_id = p.id"


async def current(reads: Reads, slug: str, locale: str | None) -> Answer:
    """Return the current version of a page in a language as JSON, or a 404."""
    rows = await reads.rows(
        f"SELECT {SUMMARY}, v.content, v.content_html {FROM} WHERE p.slug = %(slug)s AND v.version = {CURRENT}",
        {"slug": slug},
    )
    if not rows:
        return Answer(b"", 404)
    page = _read(rows[0])
    if locale is not None:
        thing = translations.Key(PAGE.name, slug)
        texts = await translations.load_for_readers(reads, [thing], locale)
        found = texts.of(thing, locale, written={"title": page.title, "content": page.content})
        names = {"title": "title", "content": "content", "content_html": "content.html"}
        page = page.model_copy(update={name: found[kept] for name, kept in names.items() if kept in found})
    return Answer(page.model_dump_json().encode())


async def listed(reads: Reads, locale: str | None) -> bytes:
    """Return all pages that have a current version, by slug, with titles in a language."""
    rows = await reads.rows(f"SELECT {SUMMARY} {FROM} WHERE v.version = {CURRENT} ORDER BY p.slug")
    pages = [PageSummary(slug=row[0], title=row[1], version=row[2], published_at=row[3]) for row in rows]
    if locale is not None:
        things = [translations.Key(PAGE.name, page.slug) for page in pages]
        texts = await translations.load_for_readers(reads, things, locale, without=("content", "content.html"))
        translated = [
            texts.of(thing, locale, written={"title": page.title}) for page, thing in zip(pages, things, strict=True)
        ]
        pages = [page.model_copy(update=dict(found)) for page, found in zip(pages, translated, strict=True)]
    return complete(pages).model_dump_json().encode()


async def versions(session: AsyncSession, slug: str, *, drafts: bool) -> list[VersionSummary]:
    """Return the versions of a page, the newest first.

    Raises:
        PageNotFound: there is none that may be seen.
    """
    rows = await _rows(
        session,
        f"SELECT {SUMMARY} {FROM} WHERE p.slug = %s AND (%s OR v.published_at IS NOT NULL) ORDER BY v.version DESC",
        (slug, drafts),
    )
    if not rows:
        raise PageNotFound
    return [VersionSummary(**_fields(row)) for row in rows]


async def one(session: AsyncSession, slug: str, version: int, *, drafts: bool) -> PageRead:
    """Return a version of a page.

    Raises:
        PageNotFound: there is none that may be seen.
    """
    rows = await _rows(
        session,
        f"SELECT {SUMMARY}, v.content, v.content_html {FROM} "
        "WHERE p.slug = %s AND v.version = %s AND (%s OR v.published_at IS NOT NULL)",
        (slug, version, drafts),
    )
    if not rows:
        raise PageNotFound
    return _read(rows[0])


async def for_update(session: AsyncSession, slug: str) -> tuple[ContentPage, Sequence[PageVersion]]:
    """Return a page, locked, and its versions.

    Raises:
        PageNotFound: there is none.
    """
    page = await required(session, select(ContentPage).where(ContentPage.slug == slug), PageNotFound, lock=True)
    found = await session.scalars(
        select(PageVersion).where(PageVersion.page_id == page.id).order_by(PageVersion.version)
    )
    return page, list(found)


async def _rows(session: AsyncSession, sql: str, params: tuple[str | int | UUID, ...]) -> list[TupleRow]:
    await session.flush()
    return await (await (await driver(session)).execute(sql, params)).fetchall()


def _read(row: TupleRow) -> PageRead:
    return PageRead(**_fields(row), content=row[-2], content_html=row[-1])


def _fields(row: TupleRow) -> dict[str, Any]:
    names = ("slug", "title", "version", "published_at", "id", "note", "is_current", "created_at")
    return {**dict(zip(names, row, strict=False)), "is_current": bool(row[6])}
