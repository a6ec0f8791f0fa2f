"""Reviews over HTTP, for moderators."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from mercat.auth import REFUSED, Actor, Permission, Requires
from mercat.kit.database import PrimarySession, Session
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, envelope
from mercat.kit.problems import Forbidden, Invalid
from mercat.reviews import moderation, queries
from mercat.reviews.exceptions import IllegalReviewMove, ReviewChanged, ReviewNotFound
from mercat.reviews.lifecycle import Status
from mercat.reviews.schemas import Approval, ModeratedReview, Queue, Refusal

router = APIRouter(prefix="/reviews", tags=["moderation"])
Moderator = Annotated[Actor, Depends(Requires(Permission.reviews_moderate))]
DECIDED = refusals(*REFUSED, Forbidden, ReviewNotFound, ReviewChanged, IllegalReviewMove, Invalid)


@router.get("", responses=refusals(*REFUSED, Forbidden, Invalid))
async def list_reviews(
    listing: Annotated[Queue, Query()], _actor: Moderator, session: PrimarySession
) -> Page[ModeratedReview]:
    """List all reviews for moderators, the oldest first.

    `?status=pending` waits for a decision, `?reported=true` was reported; `signals` says what looked suspicious.
    """
    found, total = await queries.queue(session, listing)
    return envelope(found, listing, total)


@router.post("/{review_id}/approve", responses=DECIDED)
async def approve_review(review_id: UUID, said: Approval, actor: Moderator, session: Session) -> ModeratedReview:
    """Publish a review, or leave it published: its reports are settled.

    With the `version` of what was looked at, it is a 409 if its author has changed it since.
    """
    return await moderation.decide(session, actor, review_id, Status.published, said)


@router.post("/{review_id}/reject", responses=DECIDED)
async def reject_review(review_id: UUID, said: Refusal, actor: Moderator, session: Session) -> ModeratedReview:
    """Do not let a review out that waits. Its author reads why, and may change it."""
    return await moderation.decide(session, actor, review_id, Status.rejected, said)


@router.post("/{review_id}/hide", responses=DECIDED)
async def hide_review(review_id: UUID, said: Refusal, actor: Moderator, session: Session) -> ModeratedReview:
    """Take a review down that everybody sees; it does not count any more. Approving brings it back."""
    return await moderation.decide(session, actor, review_id, Status.hidden, said)
