"""What buyers say about a shop's products, over HTTP for its people."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from mercat.kit.conditional import IfMatch, tagged
from mercat.kit.database import PrimarySession, Session
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, envelope
from mercat.kit.problems import PreconditionFailed
from mercat.reviews import queries, replying
from mercat.reviews.exceptions import ReviewNotFound
from mercat.reviews.schemas import ReplyWrite, ShopListing, ShopReview
from mercat.vendors import AT_DESK, AtDesk, Duty, Seat

router = APIRouter(prefix="/vendor/reviews", tags=["shop desk"])
Desk = Annotated[Seat, Depends(AtDesk(Duty.reviews))]


@router.get("", responses=refusals(*AT_DESK))
async def list_reviews_of_shop(
    listing: Annotated[ShopListing, Query()], seat: Desk, session: PrimarySession
) -> Page[ShopReview]:
    """List what buyers say about the shop's products, the newest first; `?answered=false` waits for a reply."""
    found, total = await queries.of_shop(session, seat.vendor_id, listing)
    return envelope(found, listing, total)


@router.get("/{review_id}", responses=refusals(*AT_DESK, ReviewNotFound))
async def read_review_of_shop(review_id: UUID, seat: Desk, session: PrimarySession, response: Response) -> ShopReview:
    """Return a review of one of the shop's products, with an ETag to base a reply on."""
    return tagged(response, await queries.one_for_shop(session, seat.vendor_id, review_id), replying.ANSWERED)


@router.put("/{review_id}/reply", responses=refusals(*AT_DESK, ReviewNotFound, PreconditionFailed))
async def reply_to_review(
    review_id: UUID, new: ReplyWrite, seat: Desk, session: Session, response: Response, if_match: IfMatch = None
) -> ShopReview:
    """Reply to a review of one of the shop's products, or change the reply. Everybody sees it; its author is told."""
    replied = await replying.reply(session, seat, review_id, new.body, if_match=if_match)
    return tagged(response, replied, replying.ANSWERED)


@router.delete("/{review_id}/reply", status_code=204, responses=refusals(*AT_DESK, ReviewNotFound))
async def remove_reply(review_id: UUID, seat: Desk, session: Session) -> None:
    """Take the shop's reply away."""
    await replying.take_reply_back(session, seat, review_id)
