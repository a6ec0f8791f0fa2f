"""What moderators decide about reviews."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit
from mercat.auth import Actor
from mercat.reviews import queries, ratings
from mercat.reviews.exceptions import IllegalReviewMove, ReviewChanged
from mercat.reviews.lifecycle import Status, allowed
from mercat.reviews.schemas import Approval, ModeratedReview, Refusal


async def decide(
    session: AsyncSession, actor: Actor, review_id: UUID, target: Status, said: Approval | Refusal
) -> ModeratedReview:
    """Move a review, and settle what was reported about it.

    Raises:
        ReviewNotFound: there is none.
        ReviewChanged: it is not as the moderator saw it.
        IllegalReviewMove: its life does not go that way.
    """
    review = await ratings.for_update(session, review_id)
    if said.version is not None and said.version != (await queries.moderated(session, review)).version:
        raise ReviewChanged
    origin = Status(review.status)
    if not allowed(origin, target):
        raise IllegalReviewMove(current=origin.value, wanted=target.value)
    counted = ratings.counted(review)
    was = {"status": origin.value, "report_count": review.report_count}
    review.status, review.reason, review.report_count = target, said.reason, 0
    await ratings.settle(session, review, counted)
    changes = audit.difference(was, {"status": target.value, "report_count": 0})
    words = {"reason": audit.Change(None, said.reason)} if said.reason else {}
    await audit.record(session, actor, f"review.{DECIDED[target]}", review.id, changes=changes, personal=words)
    return await queries.moderated(session, review)


DECIDED = {Status.published: "approved", Status.rejected: "rejected", Status.hidden: "hidden"}
