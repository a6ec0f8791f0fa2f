"""Verbs of those who write reviews. Locks in the house's order: the account, the review, its product."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, auth, catalog, orders, vendors
from mercat.auth import Actor
from mercat.kit import clock, spam
from mercat.kit.ids import new_id
from mercat.kit.problems import Unauthenticated
from mercat.reviews import photo_rows, queries, ratings, suspicion
from mercat.reviews.config import ReviewSettings
from mercat.reviews.exceptions import AlreadyReviewed, NotReceived, OwnProduct, ReviewNotFound
from mercat.reviews.lifecycle import REFUSED, Status, after_edit
from mercat.reviews.models import Review
from mercat.reviews.schemas import OwnReviewRead, ReviewCreate, ReviewUpdate

REFUSED_BEFORE = "refused_before"


@dataclass(frozen=True, slots=True)
class Screened:
    """What is suspicious about a review, and whether a moderator looks at it first."""

    signals: list[str]
    waits: bool


async def author_of(session: AsyncSession, actor: Actor) -> UUID:
    """Return the account that writes; it is not erased before this transaction has ended.

    Raises:
        Unauthenticated: it was.
    """
    if actor.user_id is None or await auth.hold(session, actor.user_id) is None:
        raise Unauthenticated
    return actor.user_id


async def write(
    session: AsyncSession, actor: Actor, product_id: UUID, new: ReviewCreate, *, locale: str | None = None
) -> OwnReviewRead:
    """Review a product: published at once, unless something about it is suspicious.

    Raises:
        ProductNotFound: there is none on sale, and the author has not received it either.
        NotReceived, OwnProduct: it is not for them to say.
        AlreadyReviewed: they have said it.
    """
    author_id = await author_of(session, actor)
    product = (await catalog.references(session, [product_id])).get(product_id)
    verified = await _received(session, author_id, product_id)
    if product is None or not (product.on_sale or verified):
        raise catalog.ProductNotFound
    if ReviewSettings.read().reviews_verified_only and not verified:
        raise NotReceived
    if product.vendor_id in await vendors.ids_of_member(session, actor):
        raise OwnProduct
    draft = Review(
        author_id=author_id,
        product_id=product.id,
        vendor_id=product.vendor_id,
        verified=verified,
        **new.model_dump(),
    )
    review_id = await _insert(session, draft)
    review = await ratings.for_update(session, review_id)
    await ratings.settle(session, review)
    said = {"rating": review.rating, "status": review.status}
    words = {"title": review.title, "body": review.body}
    await audit.record(
        session,
        actor,
        "review.written",
        review.id,
        changes=audit.difference({}, said),
        personal=audit.difference({}, words),
    )
    return await queries.own(session, review, locale=locale)


async def change(
    session: AsyncSession, actor: Actor, review_id: UUID, changes: ReviewUpdate, *, locale: str | None = None
) -> OwnReviewRead:
    """Change one's own review. New words are looked at like those of a new one; what was refused waits again.

    Raises:
        ReviewNotFound: there is none, or it is another person's.
    """
    author_id = await author_of(session, actor)
    review = await own_for_update(session, author_id, review_id)
    counted, was = ratings.counted(review), _state(review)
    given = changes.model_dump(exclude_none=True)
    for name, value in given.items():
        setattr(review, name, value)
    review.verified = review.verified or await _received(session, author_id, review.product_id)
    await stand_anew(session, review, unseen=bool({"title", "body"} & given.keys()))
    review.edited_at = clock.now()
    await ratings.settle(session, review, counted)
    changed = audit.difference(was, _state(review))
    words = {name: change for name, change in changed.items() if name in {"title", "body"}}
    rest = {name: change for name, change in changed.items() if name not in words}
    await audit.record(session, actor, "review.changed", review.id, changes=rest, personal=words)
    return await queries.own(session, review, locale=locale)


async def take_back(session: AsyncSession, actor: Actor, review_id: UUID) -> None:
    """Delete one's own review with its photos, votes, reports and reply. That one was refused is remembered.

    Raises:
        ReviewNotFound: there is none, or it is another person's.
    """
    review = await own_for_update(session, await author_of(session, actor), review_id)
    counted = ratings.counted(review)
    was = {"rating": review.rating, "status": review.status}
    await photo_rows.let_go(session, [review.id])
    if Status(review.status) in REFUSED or (review.status == Status.pending and REFUSED_BEFORE in review.signals):
        review.status, review.title, review.body, review.text_key = Status.withdrawn, "", "", None
        await session.flush()
    else:
        await session.execute(delete(Review).where(Review.id == review.id))
        await catalog.rate(session, {review.product_id: ratings.difference(counted, ratings.NOTHING)})
    await audit.record(session, actor, "review.deleted", review.id, changes=audit.difference(was, {}))


async def own_for_update(session: AsyncSession, author_id: UUID, review_id: UUID) -> Review:
    """Return a person's own review, locked and current.

    Raises:
        ReviewNotFound: there is none, or it is another person's.
    """
    review = await ratings.for_update(session, review_id)
    if review.author_id != author_id:
        raise ReviewNotFound
    return review


async def stand_anew(session: AsyncSession, review: Review, *, unseen: bool) -> None:
    """Set the status of a review that its author has changed; its ratings are for the caller to settle.

    What is `unseen` is looked at like a new review; what was refused waits again, whatever was changed.
    """
    known, suspicious = set(review.signals), False
    if unseen:
        screened = await _screen(session, review)
        known, suspicious = {*screened.signals, *known & {REFUSED_BEFORE}}, screened.waits
        review.text_key = spam.text_key(review.body)
    review.signals = sorted(known | {REFUSED_BEFORE} if Status(review.status) in REFUSED else known)
    review.status = after_edit(Status(review.status), suspicious=suspicious)


async def _insert(session: AsyncSession, draft: Review) -> UUID:
    """Write the row, in place of one that its author took back; the unique constraint decides between twins."""
    screened = await _screen(session, draft)
    now = clock.now()
    words = {name: getattr(draft, name) for name in ("rating", "title", "body", "verified")}
    values = {**words, "text_key": spam.text_key(draft.body), "created_at": now, "updated_at": now}
    statement = insert(Review).values(
        id=new_id(),
        product_id=draft.product_id,
        vendor_id=draft.vendor_id,
        author_id=draft.author_id,
        status=Status.pending if screened.waits else Status.published,
        signals=screened.signals,
        **values,
    )
    again = {
        **values,
        "status": Status.pending,
        "signals": func.array_append(statement.excluded.signals, REFUSED_BEFORE),
        "edited_at": None,
    }
    written: UUID | None = await session.scalar(
        statement.on_conflict_do_update(
            index_elements=["author_id", "product_id"], set_=again, where=Review.status == Status.withdrawn
        ).returning(Review.id)
    )
    if written is None:
        raise AlreadyReviewed
    return written


async def _screen(session: AsyncSession, review: Review) -> Screened:
    known = await suspicion.circumstances(session, review)
    found = suspicion.signals(review.title, review.body, known)
    return Screened(found, waits=bool(found) or ReviewSettings.read().reviews_all_wait)


async def _received(session: AsyncSession, author_id: UUID, product_id: UUID) -> bool:
    return await orders.delivered_line(session, author_id, product_id) is not None


def _state(review: Review) -> dict[str, object]:
    return {name: getattr(review, name) for name in ("rating", "title", "body", "status")}
