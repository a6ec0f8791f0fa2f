"""Comments over HTTP, for moderators."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from mercat.auth import REFUSED, Actor, Permission, Requires
from mercat.content.comments import queries, service
from mercat.content.comments.exceptions import CommentChanged, CommentNotFound, IllegalCommentMove
from mercat.content.comments.lifecycle import Status
from mercat.content.comments.schemas import CommentApproval, CommentQueue, CommentRefusal, ModeratedComment
from mercat.kit.database import PrimarySession, Session
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page
from mercat.kit.problems import Forbidden, Invalid

router = APIRouter(prefix="/comments", tags=["moderation"])
Moderator = Annotated[Actor, Depends(Requires(Permission.posts_moderate))]
DECIDED = refusals(*REFUSED, Forbidden, CommentNotFound, CommentChanged, IllegalCommentMove, Invalid)


@router.get("", responses=refusals(*REFUSED, Forbidden, Invalid))
async def list_comments(
    listing: Annotated[CommentQueue, Query()], _actor: Moderator, session: PrimarySession
) -> Page[ModeratedComment]:
    """List all comments for moderators, the oldest first.

    `?status=pending` waits for a decision, `?reported=true` was reported; `signals` says what looked suspicious.
    """
    return await queries.queue(session, listing)


@router.post("/{comment_id}/approve", responses=DECIDED)
async def approve_comment(
    comment_id: UUID, said: CommentApproval, actor: Moderator, session: Session
) -> ModeratedComment:
    """Publish a comment, or leave it published: its reports are settled.

    With the `version` of what was looked at, it is a 409 if its author has changed it since.
    """
    return await service.decide(session, actor, comment_id, Status.published, said)


@router.post("/{comment_id}/reject", responses=DECIDED)
async def reject_comment(
    comment_id: UUID, said: CommentRefusal, actor: Moderator, session: Session
) -> ModeratedComment:
    """Do not let a comment out that waits. Its author reads why, and may change it."""
    return await service.decide(session, actor, comment_id, Status.rejected, said)


@router.post("/{comment_id}/hide", responses=DECIDED)
async def hide_comment(comment_id: UUID, said: CommentRefusal, actor: Moderator, session: Session) -> ModeratedComment:
    """Take a comment down that everybody sees. Approving brings it back."""
    return await service.decide(session, actor, comment_id, Status.hidden, said)
