"""Reads of reviews: who may see which, and how they look."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import auth, catalog
from mercat.kit.pagination import PageParams
from mercat.kit.sorts import Sorts, numbered_page
from mercat.reviews import photo_rows
from mercat.reviews.exceptions import ReviewNotFound
from mercat.reviews.lifecycle import Status
from mercat.reviews.models import Review, ReviewReport
from mercat.reviews.schemas import (
    ModeratedReview,
    OwnListing,
    OwnReviewRead,
    Queue,
    ReplyRead,
    ReportRead,
    ReviewedProduct,
    ReviewFilter,
    ReviewListing,
    ReviewRead,
    Sort,
    Stand,
    VendorReview,
)

HUNDREDTH = Decimal("0.01")
"""Averages are rounded as the database rounds those of product projections."""
PUBLISHED = Review.status == Status.published


SORTS = Sorts(
    Review.id,
    {
        "created_at": Review.created_at,
        "rating": Review.rating,
        "report_count": Review.report_count,
        "helpful_count": Review.helpful_count,
    },
)
OF_PRODUCT: Mapping[Sort, str] = {
    "newest": "-created_at", "helpful": "-helpful_count", "rating": "rating", "-rating": "-rating",
}  # fmt: skip
"""How readers of a product's page name its orders."""


async def require_shown(session: AsyncSession, product_id: UUID) -> None:
    """Refuse unless everybody sees the product.

    Raises:
        ProductNotFound: there is none, or it is not on sale.
    """
    product = (await catalog.references(session, [product_id])).get(product_id)
    if product is None or not product.on_sale:
        raise catalog.ProductNotFound


async def page(session: AsyncSession, product_id: UUID, listing: ReviewListing) -> tuple[list[ReviewRead], int]:
    """Return a numbered page of a product's reviews, and how many there are."""
    wanted = SORTS.ordered(_of_product(product_id, listing), OF_PRODUCT[listing.sort])
    rows, total = await _rows(session, wanted, listing.numbered)
    return await _read(session, rows), total


async def by_cursor(
    session: AsyncSession, product_id: UUID, listing: ReviewListing
) -> tuple[list[ReviewRead], str | None]:
    """Return a page by cursor of a product's reviews, and the cursor of the next one."""
    wanted = _of_product(product_id, listing)
    rows, following = await SORTS.page_after(session, wanted, OF_PRODUCT[listing.sort], listing)
    return await _read(session, [review for (review,) in rows]), following


async def stand(session: AsyncSession, product_id: UUID) -> Stand:
    """Return all ratings of a product, counted."""
    rows = await session.execute(
        select(Review.rating, func.count()).where(Review.product_id == product_id, PUBLISHED).group_by(Review.rating)
    )
    by_stars: dict[int, int] = {row[0]: row[1] for row in rows}
    count = sum(by_stars.values())
    total = sum(stars * given for stars, given in by_stars.items())
    return Stand(
        average=float((Decimal(total) / count).quantize(HUNDREDTH, ROUND_HALF_UP)) if count else 0,
        count=count,
        stars={str(stars): by_stars.get(stars, 0) for stars in range(5, 0, -1)},
    )


async def of_vendor(session: AsyncSession, vendor_id: UUID, listing: ReviewFilter) -> tuple[list[VendorReview], int]:
    """Return a page of the visible reviews of a vendor's products, and how many there are."""
    wanted = select(Review).where(Review.vendor_id == vendor_id, PUBLISHED)
    wanted = wanted.where(Review.rating.in_(listing.rating)) if listing.rating else wanted
    if listing.answered is not None:
        wanted = wanted.where(Review.reply.is_not(None) if listing.answered else Review.reply.is_(None))
    rows, total = await _rows(session, SORTS.ordered(wanted, listing.sort), listing)
    return [VendorReview(**fields) for fields in await _with_products(session, rows)], total


async def of_author(
    session: AsyncSession, user_id: UUID | None, listing: OwnListing, *, locale: str | None = None
) -> tuple[list[OwnReviewRead], int]:
    """Return a page of a person's own reviews, and how many there are."""
    wanted = select(Review).where(Review.author_id == user_id, Review.status != Status.withdrawn)
    rows, total = await _rows(session, SORTS.ordered(wanted, listing.sort), listing)
    return await owned(session, rows, locale=locale), total


async def queue(session: AsyncSession, listing: Queue) -> tuple[list[ModeratedReview], int]:
    """Return a page of all reviews for moderators, and how many there are."""
    wanted = select(Review).where(Review.status != Status.withdrawn)
    wanted = wanted.where(Review.status.in_(listing.status)) if listing.status else wanted
    wanted = wanted.where(Review.rating.in_(listing.rating)) if listing.rating else wanted
    if listing.reported is not None:
        wanted = wanted.where(Review.report_count > 0 if listing.reported else Review.report_count == 0)
    rows, total = await _rows(session, SORTS.ordered(wanted, listing.sort), listing)
    return await _moderated(session, rows), total


async def read(session: AsyncSession, review: Review) -> ReviewRead:
    """Return a review as everybody sees it."""
    return (await _read(session, [review]))[0]


async def one_for_vendor(session: AsyncSession, vendor_id: UUID, review_id: UUID) -> VendorReview:
    """Return a visible review of a vendor's product.

    Raises:
        ReviewNotFound: there is none.
    """
    review = await session.get(Review, review_id)
    if review is None or review.vendor_id != vendor_id or review.status != Status.published:
        raise ReviewNotFound
    return await read_for_vendor(session, review)


async def read_for_vendor(session: AsyncSession, review: Review) -> VendorReview:
    """Return a review as a vendor's members see it."""
    return VendorReview(**(await _with_products(session, [review]))[0])


async def own(session: AsyncSession, review: Review, *, locale: str | None = None) -> OwnReviewRead:
    """Return a review as its author sees it."""
    return (await owned(session, [review], locale=locale))[0]


async def moderated(session: AsyncSession, review: Review) -> ModeratedReview:
    """Return a review as moderators see it."""
    return (await _moderated(session, [review]))[0]


async def owned(session: AsyncSession, rows: Sequence[Review], *, locale: str | None = None) -> list[OwnReviewRead]:
    """Return reviews as their author sees them, who reads in this language; None is that of the source."""
    shown = await _with_products(session, rows, locale)
    return [OwnReviewRead(**fields, **_decided(row)) for row, fields in zip(rows, shown, strict=True)]


async def _moderated(session: AsyncSession, rows: Sequence[Review]) -> list[ModeratedReview]:
    reports: dict[UUID, list[ReportRead]] = defaultdict(list)
    said = select(ReviewReport).where(ReviewReport.review_id.in_([row.id for row in rows]))
    for told in await session.scalars(said.order_by(ReviewReport.created_at, ReviewReport.user_id)):
        fields = {"reason": told.reason, "note": told.note, "at": told.created_at}
        reports[told.review_id].append(ReportRead.model_validate(fields))
    shown = await _with_products(session, rows)
    return [
        ModeratedReview(
            **fields,
            **_decided(row),
            signals=row.signals,
            report_count=row.report_count,
            reports=reports[row.id],
        )
        for row, fields in zip(rows, shown, strict=True)
    ]


def _of_product(product_id: UUID, listing: ReviewListing) -> Select[Review]:
    wanted = select(Review).where(Review.product_id == product_id, PUBLISHED)
    wanted = wanted.where(Review.rating.in_(listing.rating)) if listing.rating else wanted
    if listing.verified is not None:
        wanted = wanted.where(Review.verified == listing.verified)
    if listing.with_photos is not None:
        wanted = wanted.where(photo_rows.ANY if listing.with_photos else ~photo_rows.ANY)
    return wanted


async def _rows(session: AsyncSession, wanted: Select[Review], params: PageParams) -> tuple[list[Review], int]:
    rows, total = await numbered_page(session, wanted, params)
    return list(rows.scalars()), total


async def _read(session: AsyncSession, rows: Sequence[Review]) -> list[ReviewRead]:
    return [ReviewRead(**fields) for fields in await _fields(session, rows)]


async def _fields(session: AsyncSession, rows: Sequence[Review]) -> list[dict[str, Any]]:
    """Return what everybody sees, with the names of those who wrote it and the photos: questions for all of them."""
    people = await auth.user_references(session, [row.author_id for row in rows if row.author_id is not None])
    names = {user_id: person.name for user_id, person in people.items()}
    photos = await photo_rows.shown(session, [row.id for row in rows])
    return [
        {
            "id": row.id,
            "product_id": row.product_id,
            "author": _public_name(names.get(row.author_id, "") if row.author_id else row.author_name),
            "rating": row.rating,
            "title": row.title,
            "body": row.body,
            "photos": photos.get(row.id, []),
            "verified": row.verified,
            "helpful_count": row.helpful_count,
            "reply": ReplyRead(body=row.reply, at=row.replied_at) if row.reply and row.replied_at else None,
            "created_at": row.created_at,
            "edited_at": row.edited_at,
        }
        for row in rows
    ]


async def _with_products(
    session: AsyncSession, rows: Sequence[Review], locale: str | None = None
) -> list[dict[str, Any]]:
    products = await catalog.references(session, {row.product_id for row in rows}, locale=locale)
    shown = await _fields(session, rows)
    for fields in shown:
        product = products[fields["product_id"]]
        fields["product"] = ReviewedProduct(id=product.id, slug=product.slug, name=product.name)
    return shown


def _decided(row: Review) -> dict[str, Any]:
    return {"status": Status(row.status), "reason": row.reason}


def _public_name(name: str) -> str:
    """Return a first name and an initial, and nothing of an address that is given as a name."""
    if "@" in name:
        return auth.SOMEBODY
    first, _, last = name.strip().rpartition(" ")
    if not first:
        return last or auth.SOMEBODY
    return f"{first} {last[0].upper()}."
