"""Reviews over HTTP, for readers and those who write them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from mercat.auth import REFUSED, Public, SignedIn, paced
from mercat.catalog import ProductNotFound
from mercat.i18n import AnswerLocale
from mercat.kit.conditional import CHECKED
from mercat.kit.database import PrimarySession, ReplicaSession, Session
from mercat.kit.openapi import refusals
from mercat.kit.pagination import BadCursor, CursorPage, Page, envelope
from mercat.kit.problems import Invalid
from mercat.reviews import queries, service, votes
from mercat.reviews.exceptions import AlreadyReviewed, NotReceived, OwnProduct, OwnReview, ReviewNotFound
from mercat.reviews.pace import REPORTING, VOTING, WRITING
from mercat.reviews.schemas import (
    OwnListing,
    OwnReviewRead,
    ReportCreate,
    ReviewCreate,
    ReviewListing,
    ReviewPage,
    ReviewRead,
    ReviewUpdate,
)

router = APIRouter(tags=["reviews"])
Written, Voted, Reported = (Depends(paced(policy)) for policy in (WRITING, VOTING, REPORTING))


@router.get(
    "/products/{product_id}/reviews", dependencies=[Public], responses=refusals(ProductNotFound, BadCursor, Invalid)
)
async def list_reviews_of_product(
    product_id: UUID, listing: Annotated[ReviewListing, Query()], session: ReplicaSession, response: Response
) -> ReviewPage | CursorPage[ReviewRead]:
    """List the reviews of a product on sale, by numbered page with all its ratings, or by cursor (`?cursor=`).

    May be read from a replica and be as old as that.
    """
    await queries.require_shown(session, product_id)
    response.headers["Cache-Control"] = CHECKED.decode()
    if listing.cursor is not None:
        found, following = await queries.by_cursor(session, product_id, listing)
        return CursorPage(items=found, next_cursor=following)
    found, total = await queries.page(session, product_id, listing)
    numbered = envelope(found, listing.numbered, total)
    return ReviewPage(**dict(numbered), ratings=await queries.stand(session, product_id))


@router.post(
    "/products/{product_id}/reviews",
    status_code=201,
    dependencies=[Written],
    responses=refusals(*REFUSED, NotReceived, OwnProduct, ProductNotFound, AlreadyReviewed, Invalid),
)
async def write_review(
    product_id: UUID, new: ReviewCreate, actor: SignedIn, session: Session, locale: AnswerLocale
) -> OwnReviewRead:
    """Review a product, once. It is `published` at once, or `pending` until a moderator has looked at it.

    `verified` says that the product was delivered to the author. A second review of the same product is a 409.
    """
    return await service.write(session, actor, product_id, new, locale=locale)


@router.get("/users/me/reviews", responses=refusals(*REFUSED, Invalid))
async def list_own_reviews(
    listing: Annotated[OwnListing, Query()], actor: SignedIn, session: PrimarySession, locale: AnswerLocale
) -> Page[OwnReviewRead]:
    """List one's own reviews with their status, the newest first unless another order is asked for."""
    found, total = await queries.of_author(session, actor.user_id, listing, locale=locale)
    return envelope(found, listing, total)


@router.patch("/reviews/{review_id}", dependencies=[Written], responses=refusals(*REFUSED, ReviewNotFound, Invalid))
async def change_review(
    review_id: UUID, changes: ReviewUpdate, actor: SignedIn, session: Session, locale: AnswerLocale
) -> OwnReviewRead:
    """Change one's own review; what is left out stays. One that a moderator has rejected is moderated again."""
    return await service.change(session, actor, review_id, changes, locale=locale)


@router.delete("/reviews/{review_id}", status_code=204, responses=refusals(*REFUSED, ReviewNotFound, Invalid))
async def delete_review(review_id: UUID, actor: SignedIn, session: Session) -> None:
    """Delete one's own review for good, with its votes and the vendor's reply. One may write another."""
    await service.take_back(session, actor, review_id)


@router.post(
    "/reviews/{review_id}/helpful",
    dependencies=[Voted],
    responses=refusals(*REFUSED, ReviewNotFound, OwnReview, Invalid),
)
async def vote_for_review(review_id: UUID, actor: SignedIn, session: Session) -> ReviewRead:
    """Vote that another person's review was helpful. Idempotent."""
    return await votes.find_helpful(session, actor, review_id)


@router.delete(
    "/reviews/{review_id}/helpful", dependencies=[Voted], responses=refusals(*REFUSED, ReviewNotFound, Invalid)
)
async def take_vote_back(review_id: UUID, actor: SignedIn, session: Session) -> ReviewRead:
    """Take back that a review was helpful."""
    return await votes.find_helpful_no_more(session, actor, review_id)


@router.post(
    "/reviews/{review_id}/reports",
    status_code=204,
    dependencies=[Reported],
    responses=refusals(*REFUSED, ReviewNotFound, OwnReview, Invalid),
)
async def report_review(review_id: UUID, new: ReportCreate, actor: SignedIn, session: Session) -> None:
    """Report another person's review to a moderator. It keeps its status until they decide; once per person."""
    await votes.report(session, actor, review_id, new)
