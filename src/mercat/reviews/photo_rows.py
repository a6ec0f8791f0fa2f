"""Which photos reviews have: rows, and the files behind them."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, exists, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import files
from mercat.reviews.exceptions import PhotoNotFound
from mercat.reviews.models import Review, ReviewPhoto
from mercat.reviews.schemas import ReviewPhotoRead

PURPOSE = files.Purpose("review_photo")
ANY = exists().where(ReviewPhoto.review_id == Review.id)
"""Whether a review has photos."""
UNUSED = """
SELECT f.id FROM files f WHERE f.purpose = :purpose AND f.state = 'kept'
AND NOT EXISTS (SELECT FROM review_photos p WHERE p.file_id = f.id) ORDER BY f.id LIMIT 500
"""


async def of_review(session: AsyncSession, review_id: UUID) -> list[ReviewPhoto]:
    """Return the photos of a review in their order."""
    found = select(ReviewPhoto).where(ReviewPhoto.review_id == review_id)
    return list(await session.scalars(found.order_by(ReviewPhoto.position, ReviewPhoto.id)))


async def one_of(session: AsyncSession, review_id: UUID, photo_id: UUID) -> ReviewPhoto:
    """Return a photo of a review.

    Raises:
        PhotoNotFound: the review has no such photo.
    """
    photo = await session.get(ReviewPhoto, photo_id)
    if photo is None or photo.review_id != review_id:
        raise PhotoNotFound
    return photo


async def shown(session: AsyncSession, review_ids: Collection[UUID]) -> dict[UUID, list[ReviewPhotoRead]]:
    """Return the photos of reviews as readers get them; reviews without any are left out."""
    wanted = select(ReviewPhoto).where(ReviewPhoto.review_id.in_(review_ids))
    photos = list(await session.scalars(wanted.order_by(ReviewPhoto.position, ReviewPhoto.id)))
    if not photos:
        return {}
    kept = await files.read(session, [photo.file_id for photo in photos])
    found: dict[UUID, list[ReviewPhotoRead]] = defaultdict(list)
    for photo in photos:
        file = kept.get(photo.file_id)
        if file is None:  # taken away between two statements
            continue
        found[photo.review_id].append(
            ReviewPhotoRead(
                id=photo.id,
                url=file.url,
                alt=photo.alt,
                width=file.width,
                height=file.height,
                sizes=file.renditions,
            )
        )
    return found


async def let_go(session: AsyncSession, review_ids: Collection[UUID]) -> None:
    """Take all photos from reviews; their bytes are deleted once this is committed."""
    gone = delete(ReviewPhoto).where(ReviewPhoto.review_id.in_(review_ids)).returning(ReviewPhoto.file_id)
    await files.release(session, list(await session.scalars(gone)))


async def release_unused(session: AsyncSession) -> int:
    """Let go of uploads that are in no review any more, because its product was purged; returns how many."""
    unused = (await session.scalars(text(UNUSED), {"purpose": PURPOSE.name})).all()
    await files.release(session, unused)
    return len(unused)
