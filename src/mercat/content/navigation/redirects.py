"""Redirects: where former paths of the storefront lead. None leads in a circle."""

from typing import Annotated, Literal
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit
from mercat.auth import Actor
from mercat.content.navigation.exceptions import RedirectExists, RedirectLoop, RedirectNotFound
from mercat.content.navigation.models import Redirect
from mercat.kit.ids import new_id
from mercat.kit.pagination import Page, PageParams, envelope
from mercat.kit.rows import required
from mercat.kit.shapes import Shape
from mercat.kit.sorts import Sorts, numbered_page

SORTS = Sorts(Redirect.id, {"created_at": Redirect.created_at, "from_path": func.lower(Redirect.from_path)})


def _bare(path: str) -> str:
    """Return a path without the slash at its end: both are one."""
    return path.rstrip("/") or "/"


Path = Annotated[
    str,
    StringConstraints(max_length=500, pattern=r"^/([^\s/?#\\\x00-\x1f\x7f][^\s?#\\\x00-\x1f\x7f]*)?$"),
    AfterValidator(_bare),
]
Goal = Annotated[str, StringConstraints(max_length=1000, pattern=r"^/([^\s/\\\x00-\x1f\x7f][^\s\\\x00-\x1f\x7f]*)?$")]


class RedirectCreate(Shape):
    """A path that has moved."""

    from_path: Path = Field(examples=["/summer-sale"])
    to_path: Goal = Field(examples=["/categories/sale"])
    """A path of the storefront, maybe with a query."""
    status: Literal[301, 308] = Field(301, examples=[301])
    """308 lets a form be sent again as it was; 301 is what most want."""


class RedirectRead(Shape):
    """Where a path leads."""

    id: UUID
    from_path: str = Field(examples=["/summer-sale"])
    to_path: str = Field(examples=["/categories/sale"])
    status: int = Field(examples=[301])


class RedirectListing(PageParams):
    """Which redirects, in which order, and which page of them."""

    path: Path | None = Field(None, examples=["/summer-sale"])
    """Only the redirect of this path."""
    sort: Literal["from_path", "-from_path"] = "from_path"
    """Order of the list: downward with a minus sign."""


async def listed(session: AsyncSession, listing: RedirectListing) -> Page[RedirectRead]:
    """Return a page of the redirects."""
    wanted = select(Redirect)
    wanted = wanted.where(Redirect.from_path == listing.path) if listing.path is not None else wanted
    rows, total = await numbered_page(session, SORTS.ordered(wanted, listing.sort), listing)
    return envelope([_read(row) for row in rows.scalars()], listing, total)


async def create(session: AsyncSession, actor: Actor, new: RedirectCreate) -> RedirectRead:
    """Redirect a path. Writers wait for each other: two halves of a circle are not written at the same moment.

    Raises:
        RedirectExists: the path is redirected already.
        RedirectLoop: following it would lead back to it.
    """
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('redirects', 4))"))
    if await _next(session, new.from_path) is not None:
        raise RedirectExists
    passed, at = {new.from_path}, _bare(urlsplit(new.to_path).path)
    while at not in passed:
        following = await _next(session, at)
        if following is None:
            break
        passed.add(at)
        at = _bare(urlsplit(following).path)
    else:
        raise RedirectLoop
    row = Redirect(id=new_id(), from_path=new.from_path, to_path=new.to_path, status=new.status)
    session.add(row)
    await session.flush()
    changes = audit.difference({}, new.model_dump())
    await audit.record(session, actor, "redirect.created", row.id, changes=changes)
    return _read(row)


async def delete(session: AsyncSession, actor: Actor, redirect_id: UUID) -> None:
    """Let a path be itself again.

    Raises:
        RedirectNotFound: there is none.
    """
    row = await required(session, select(Redirect).where(Redirect.id == redirect_id), RedirectNotFound, lock=True)
    was = {"from_path": row.from_path, "to_path": row.to_path, "status": row.status}
    await session.delete(row)
    await session.flush()
    await audit.record(session, actor, "redirect.deleted", redirect_id, changes=audit.difference(was, {}))


async def _next(session: AsyncSession, path: str) -> str | None:
    return await session.scalar(select(Redirect.to_path).where(Redirect.from_path == path))


def _read(row: Redirect) -> RedirectRead:
    return RedirectRead(id=row.id, from_path=row.from_path, to_path=row.to_path, status=row.status)
