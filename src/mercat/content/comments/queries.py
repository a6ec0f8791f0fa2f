"""Reads of comments: who may see which, and how they look."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import users
from mercat.content.comments.exceptions import CommentNotFound
from mercat.content.comments.lifecycle import Status
from mercat.content.comments.models import Comment, CommentReport
from mercat.content.comments.schemas import (
    CommentListing,
    CommentQueue,
    CommentRead,
    CommentReportRead,
    ModeratedComment,
    OwnCommentListing,
    OwnCommentRead,
)
from mercat.kit.pagination import CursorPage, Page, PageParams, envelope
from mercat.kit.rows import required
from mercat.kit.sorts import Sorts, numbered_page

SORTS = Sorts(Comment.id, {"created_at": Comment.created_at, "report_count": Comment.report_count})


async def of_post(
    session: AsyncSession, post_id: UUID, listing: CommentListing
) -> Page[CommentRead] | CursorPage[CommentRead]:
    """Return a page of the comments on a post that everybody sees."""
    wanted = select(Comment).where(Comment.post_id == post_id, Comment.status == Status.published)
    if listing.cursor is not None:
        found, following = await SORTS.page_after(session, wanted, listing.sort, listing)
        return CursorPage(items=await read(session, [row for (row,) in found]), next_cursor=following)
    rows, total = await _page(session, SORTS.ordered(wanted, listing.sort), listing.numbered)
    return envelope(await read(session, rows), listing.numbered, total)


async def of_author(session: AsyncSession, user_id: UUID | None, listing: OwnCommentListing) -> Page[OwnCommentRead]:
    """Return a page of a person's own comments."""
    wanted = select(Comment).where(Comment.author_id == user_id)
    rows, total = await _page(session, SORTS.ordered(wanted, listing.sort), listing)
    return envelope(await owned(session, rows), listing, total)


async def queue(session: AsyncSession, listing: CommentQueue) -> Page[ModeratedComment]:
    """Return a page of all comments, for moderators."""
    wanted = select(Comment)
    wanted = wanted.where(Comment.status.in_(listing.status)) if listing.status else wanted
    if listing.reported is not None:
        wanted = wanted.where(Comment.report_count > 0 if listing.reported else Comment.report_count == 0)
    rows, total = await _page(session, SORTS.ordered(wanted, listing.sort), listing)
    return envelope(await moderated(session, rows), listing, total)


async def for_update(session: AsyncSession, comment_id: UUID) -> Comment:
    """Return a comment, locked and as it is now.

    Raises:
        CommentNotFound: there is none.
    """
    wanted = select(Comment).where(Comment.id == comment_id).execution_options(populate_existing=True)
    return await required(session, wanted, CommentNotFound, lock=True)


async def read(session: AsyncSession, rows: Sequence[Comment]) -> list[CommentRead]:
    """Return comments as everybody sees them."""
    return [CommentRead(**fields) for fields in await _fields(session, rows)]


async def owned(session: AsyncSession, rows: Sequence[Comment]) -> list[OwnCommentRead]:
    """Return comments as their author sees them."""
    fields = await _fields(session, rows)
    return [OwnCommentRead(**shown, **_decided(row)) for row, shown in zip(rows, fields, strict=True)]


async def moderated(session: AsyncSession, rows: Sequence[Comment]) -> list[ModeratedComment]:
    """Return comments as moderators see them."""
    reports: dict[UUID, list[CommentReportRead]] = defaultdict(list)
    said = select(CommentReport).where(CommentReport.comment_id.in_([row.id for row in rows]))
    for told in await session.scalars(said.order_by(CommentReport.created_at, CommentReport.user_id)):
        fields = {"reason": told.reason, "note": told.note, "at": told.created_at}
        reports[told.comment_id].append(CommentReportRead.model_validate(fields))
    return [
        ModeratedComment(
            **shown, **_decided(row), signals=row.signals, report_count=row.report_count, reports=reports[row.id]
        )
        for row, shown in zip(rows, await _fields(session, rows), strict=True)
    ]


async def _page(session: AsyncSession, wanted: Select[Comment], params: PageParams) -> tuple[list[Comment], int]:
    rows, total = await numbered_page(session, wanted, params)
    return list(rows.scalars()), total


async def _fields(session: AsyncSession, rows: Sequence[Comment]) -> list[dict[str, Any]]:
    people = await users.public(session, [row.author_id for row in rows])
    return [
        {
            "id": row.id,
            "post_id": row.post_id,
            "author": people.get(row.author_id) or users.UserPublic(id=row.author_id, name=users.public_name("")),
            "body": row.body,
            "created_at": row.created_at,
            "edited_at": row.edited_at,
        }
        for row in rows
    ]


def _decided(row: Comment) -> dict[str, Any]:
    return {"status": Status(row.status), "reason": row.reason}
