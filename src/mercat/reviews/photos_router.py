"""A review's photos over HTTP, for those who write it and for moderators."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from mercat import files
from mercat.auth import REFUSED, Actor, Permission, Requires, SignedIn, paced
from mercat.i18n import AnswerLocale
from mercat.kit.database import Connections, Session
from mercat.kit.openapi import refusals
from mercat.kit.problems import Forbidden, Invalid
from mercat.reviews import photo_rows, photos
from mercat.reviews.config import ReviewSettings
from mercat.reviews.exceptions import PhotoNotFound, ReviewNotFound, TooManyPhotos
from mercat.reviews.pace import PICTURING
from mercat.reviews.schemas import ModeratedReview, OwnReviewRead, Refusal

router = APIRouter(prefix="/reviews/{review_id}/photos", tags=["reviews"])
moderation_router = APIRouter(prefix="/reviews/{review_id}/photos", tags=["moderation"])
Moderator = Annotated[Actor, Depends(Requires(Permission.reviews_moderate))]
FORM = files.form(several=True, texts={"alt": "Alt texts, in the order of the files."})


@router.post(
    "",
    status_code=201,
    dependencies=[Depends(paced(PICTURING))],
    openapi_extra=FORM,
    responses=refusals(*REFUSED, ReviewNotFound, TooManyPhotos, *files.REFUSED, Invalid),
)
async def add_photos(
    review_id: UUID, actor: SignedIn, database: Connections, request: Request, locale: AnswerLocale
) -> OwnReviewRead:
    """Upload photos for one's own review: JPEG, PNG, WebP or GIF, of which the first frame is taken.

    They are taken like pictures of products: drawn anew, without what cameras write into them; sizes for pages follow
    within moments, in `sizes`. If one of them cannot be taken, none is. Photos are looked at like new words:
    the review may wait for a moderator afterwards, as `status` says.
    """
    async with database.transaction() as session:
        await photos.require_room(session, actor, review_id)
    async with files.received(request, actor, most=ReviewSettings.read().reviews_most_photos) as form:
        alts = form.alts()
        uploads = await files.accept(database, actor, form.files, photo_rows.PURPOSE)
    described = list(zip(uploads, alts, strict=True))
    async with database.transaction() as session:
        return await photos.add(session, actor, review_id, described, locale=locale)


@router.delete(
    "/{photo_id}",
    status_code=204,
    dependencies=[Depends(paced(PICTURING))],
    responses=refusals(*REFUSED, ReviewNotFound, PhotoNotFound, Invalid),
)
async def delete_photo(review_id: UUID, photo_id: UUID, actor: SignedIn, session: Session) -> None:
    """Take a photo from one's own review, for good. A review that was refused waits to be looked at again."""
    await photos.remove(session, actor, review_id, photo_id)


@moderation_router.post(
    "/{photo_id}/remove", responses=refusals(*REFUSED, Forbidden, ReviewNotFound, PhotoNotFound, Invalid)
)
async def remove_photo(
    review_id: UUID, photo_id: UUID, said: Refusal, actor: Moderator, session: Session
) -> ModeratedReview:
    """Remove one photo from a review, for good. The review keeps its status; its author reads why."""
    return await photos.take_down(session, actor, review_id, photo_id, reason=said.reason)
