"""Reviews of a vendor's products, over HTTP for its members."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from mercat.kit.conditional import IfMatch, tagged
from mercat.kit.database import PrimarySession, Session
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, envelope
from mercat.kit.problems import PreconditionFailed
from mercat.reviews import queries, replies
from mercat.reviews.exceptions import ReviewNotFound
from mercat.reviews.schemas import ReplyWrite, ReviewFilter, VendorReview
from mercat.vendors import IN_PORTAL, RequiresVendorRole, VendorContext, VendorPermission

router = APIRouter(prefix="/vendor/reviews", tags=["vendor portal"])
Portal = Annotated[VendorContext, Depends(RequiresVendorRole(VendorPermission.reviews))]


@router.get("", responses=refusals(*IN_PORTAL))
async def list_vendor_reviews(
    listing: Annotated[ReviewFilter, Query()], context: Portal, session: PrimarySession
) -> Page[VendorReview]:
    """List the reviews of the vendor's products, the newest first; `?answered=false` waits for a reply."""
    found, total = await queries.of_vendor(session, context.vendor_id, listing)
    return envelope(found, listing, total)


@router.get("/{review_id}", responses=refusals(*IN_PORTAL, ReviewNotFound))
async def read_vendor_review(
    review_id: UUID, context: Portal, session: PrimarySession, response: Response
) -> VendorReview:
    """Return a review of one of the vendor's products, with an ETag to base a reply on."""
    return tagged(response, await queries.one_for_vendor(session, context.vendor_id, review_id), replies.ANSWERED)


@router.put("/{review_id}/reply", responses=refusals(*IN_PORTAL, ReviewNotFound, PreconditionFailed))
async def reply_to_review(
    review_id: UUID, new: ReplyWrite, context: Portal, session: Session, response: Response, if_match: IfMatch = None
) -> VendorReview:
    """Reply to a review of one of the vendor's products, or change the reply. It is public; its author is told."""
    replied = await replies.reply(session, context, review_id, new.body, if_match=if_match)
    return tagged(response, replied, replies.ANSWERED)


@router.delete("/{review_id}/reply", status_code=204, responses=refusals(*IN_PORTAL, ReviewNotFound))
async def remove_reply(review_id: UUID, context: Portal, session: Session) -> None:
    """Delete the vendor's reply."""
    await replies.take_reply_back(session, context, review_id)
