"""Comments over HTTP, for readers and those who write them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from mercat.auth import REFUSED, Public, SignedIn, paced
from mercat.content import posts
from mercat.content.comments import queries, service
from mercat.content.comments.exceptions import CommentNotFound, OwnComment
from mercat.content.comments.schemas import (
    CommentListing,
    CommentRead,
    CommentReportCreate,
    CommentWrite,
    OwnCommentListing,
    OwnCommentRead,
)
from mercat.content.pace import COMMENTING, REPORTING
from mercat.kit.conditional import CHECKED
from mercat.kit.database import PrimarySession, Session
from mercat.kit.openapi import refusals
from mercat.kit.pagination import BadCursor, CursorPage, Page
from mercat.kit.problems import Invalid

router = APIRouter(tags=["comments"])
Written, Reported = (Depends(paced(policy)) for policy in (COMMENTING, REPORTING))


@router.get(
    "/posts/{post_id}/comments",
    dependencies=[Public],
    responses=refusals(posts.PostNotFound, BadCursor, Invalid),
)
async def list_comments_of_post(
    post_id: UUID, listing: Annotated[CommentListing, Query()], session: PrimarySession, response: Response
) -> Page[CommentRead] | CursorPage[CommentRead]:
    """List the comments on a published post, the oldest first, by numbered page or by cursor (`?cursor=`)."""
    await posts.require_published(session, post_id)
    response.headers["Cache-Control"] = CHECKED.decode()
    return await queries.of_post(session, post_id, listing)


@router.post(
    "/posts/{post_id}/comments",
    status_code=201,
    dependencies=[Written],
    responses=refusals(*REFUSED, posts.PostNotFound, Invalid),
)
async def write_comment(post_id: UUID, new: CommentWrite, actor: SignedIn, session: Session) -> OwnCommentRead:
    """Comment on a published post. It is `published` at once, or `pending` until a moderator has looked at it."""
    return await service.write(session, actor, post_id, new)


@router.get("/users/me/comments", responses=refusals(*REFUSED, Invalid))
async def list_own_comments(
    listing: Annotated[OwnCommentListing, Query()], actor: SignedIn, session: PrimarySession
) -> Page[OwnCommentRead]:
    """List one's own comments with their status, the newest first unless another order is asked for."""
    return await queries.of_author(session, actor.user_id, listing)


@router.patch("/comments/{comment_id}", dependencies=[Written], responses=refusals(*REFUSED, CommentNotFound, Invalid))
async def change_comment(comment_id: UUID, new: CommentWrite, actor: SignedIn, session: Session) -> OwnCommentRead:
    """Change one's own comment. One that a moderator has rejected is moderated again."""
    return await service.change(session, actor, comment_id, new)


@router.delete("/comments/{comment_id}", status_code=204, responses=refusals(*REFUSED, CommentNotFound, Invalid))
async def delete_comment(comment_id: UUID, actor: SignedIn, session: Session) -> None:
    """Delete one's own comment, for good."""
    await service.delete(session, actor, comment_id)


@router.post(
    "/comments/{comment_id}/reports",
    status_code=204,
    dependencies=[Reported],
    responses=refusals(*REFUSED, CommentNotFound, OwnComment, Invalid),
)
async def report_comment(comment_id: UUID, new: CommentReportCreate, actor: SignedIn, session: Session) -> None:
    """Report another person's comment to a moderator. It stays until they decide; once per person."""
    await service.report(session, actor, comment_id, new)
