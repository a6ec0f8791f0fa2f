"""Verbs that change a review's photos. Photos are moderated like words: new ones may have to wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, files
from mercat.auth import Actor
from mercat.catalog import RatingChange
from mercat.reviews import photo_rows, queries, ratings, service
from mercat.reviews.config import ReviewSettings
from mercat.reviews.exceptions import ReviewNotFound, TooManyPhotos
from mercat.reviews.lifecycle import Status
from mercat.reviews.models import Review, ReviewPhoto
from mercat.reviews.schemas import ModeratedReview, OwnReviewRead


@dataclass(frozen=True, slots=True)
class State:
    """A review's photos, and its status with them."""

    counted: RatingChange
    status: str
    photos: Sequence[ReviewPhoto]

    @property
    def alts(self) -> list[str]:
        """What is said of the photos."""
        return [photo.alt for photo in self.photos]

    def counts(self) -> dict[str, object]:
        """Return its details without personal data."""
        return {"photos": len(self.photos), "status": self.status}


async def require_room(session: AsyncSession, actor: Actor, review_id: UUID) -> None:
    """Refuse before anything is uploaded for what cannot take it; `add` looks again.

    Raises:
        ReviewNotFound: there is none, or it is another person's.
        TooManyPhotos: it is full.
    """
    mine = Review.id == review_id, Review.author_id == actor.user_id, Review.status != Status.withdrawn
    if await session.scalar(select(Review.id).where(*mine)) is None:
        raise ReviewNotFound
    _require_room(await photo_rows.of_review(session, review_id), 1)


async def add(
    session: AsyncSession,
    actor: Actor,
    review_id: UUID,
    uploads: Sequence[tuple[UUID, str]],
    *,
    locale: str | None = None,
) -> OwnReviewRead:
    """Add uploaded files, each with its alt text, to a review's photos; its status is then that of changed words.

    Raises:
        ReviewNotFound: there is none, or it is another person's.
        TooManyPhotos: there is no room for all of them, and none was added.
        UploadExpired: see `files.keep`.
    """
    author_id = await service.author_of(session, actor)
    review = await service.own_for_update(session, author_id, review_id)
    was = await _state(session, review)
    _require_room(was.photos, len(uploads))
    first = was.photos[-1].position + 1 if was.photos else 0
    for place, (file_id, alt) in enumerate(uploads, first):
        await files.keep(session, file_id, review.id)
        session.add(ReviewPhoto(review_id=review.id, file_id=file_id, alt=alt, position=place))
    await service.stand_anew(session, review, unseen=True)
    await ratings.settle(session, review, was.counted)
    await _record(session, actor, review, "review.photos_added", was)
    return await queries.own(session, review, locale=locale)


async def remove(session: AsyncSession, actor: Actor, review_id: UUID, photo_id: UUID) -> None:
    """Take a photo from one's own review; its bytes are deleted once this is committed.

    Raises:
        ReviewNotFound: there is none, or it is another person's.
        PhotoNotFound: it has no such photo.
    """
    review = await service.own_for_update(session, await service.author_of(session, actor), review_id)
    was = await _state(session, review)
    await _take(session, review, photo_id)
    await service.stand_anew(session, review, unseen=False)
    await ratings.settle(session, review, was.counted)
    await _record(session, actor, review, "review.photo_deleted", was)


async def take_down(
    session: AsyncSession, actor: Actor, review_id: UUID, photo_id: UUID, *, reason: str
) -> ModeratedReview:
    """Remove a photo from a person's review, for moderators; the review keeps its status, and its author reads why.

    Raises:
        ReviewNotFound, PhotoNotFound: there is none.
    """
    review = await ratings.for_update(session, review_id)
    was = await _state(session, review)
    await _take(session, review, photo_id)
    review.reason = reason
    await session.flush()
    await _record(session, actor, review, "review.photo_removed", was, reason=reason)
    return await queries.moderated(session, review)


def _require_room(there: Sequence[ReviewPhoto], more: int) -> None:
    most = ReviewSettings.read().reviews_most_photos
    if len(there) + more > most:
        raise TooManyPhotos(limit=most)


async def _take(session: AsyncSession, review: Review, photo_id: UUID) -> None:
    photo = await photo_rows.one_of(session, review.id, photo_id)
    file_id = photo.file_id
    await session.delete(photo)
    await session.flush()
    await files.release(session, [file_id])


async def _state(session: AsyncSession, review: Review) -> State:
    return State(ratings.counted(review), review.status, await photo_rows.of_review(session, review.id))


async def _record(
    session: AsyncSession, actor: Actor, review: Review, action: str, was: State, **personal: str
) -> None:
    """Write down how many photos there are, and among the personal values what is said of them."""
    now = await _state(session, review)
    changes = audit.difference(was.counts(), now.counts())
    words = audit.difference({"alt": was.alts}, {"alt": now.alts, **personal})
    await audit.record(session, actor, action, review.id, changes=changes, personal=words)
