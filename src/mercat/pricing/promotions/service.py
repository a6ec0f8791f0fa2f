"""Verbs of operators on promotions."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, catalog, outbox, vendors
from mercat.auth import Actor
from mercat.kit import clock
from mercat.kit.conditional import require_match
from mercat.kit.ids import new_id
from mercat.kit.money import default_currency
from mercat.kit.problems import FieldError
from mercat.pricing.exceptions import UnknownScope
from mercat.pricing.models import Promotion
from mercat.pricing.promotions import jobs, queries
from mercat.pricing.promotions.codes import key_of
from mercat.pricing.promotions.schemas import PromotionRead, PromotionWrite

PLAIN = (
    "name", "code", "kind", "applies_to", "vendor_ids", "category_ids", "product_ids", "starts_at", "ends_at",
    "usage_limit", "once_per_customer", "is_active",
)  # fmt: skip
IN_THE_LOG = (*PLAIN, "percent", "amount", "minimum")


async def create(session: AsyncSession, actor: Actor, new: PromotionWrite) -> PromotionRead:
    """Offer a promotion. A code that looks like another coupon's is a conflict.

    Raises:
        UnknownScope: it names unknown vendors, categories or products.
    """
    await _require_scope(session, new)
    promotion = Promotion(id=new_id(), used_count=0, version=1)
    _write(promotion, new)
    session.add(promotion)
    made = await _saved(session, promotion)
    changes = audit.difference({}, _state(made))
    await audit.record(session, actor, "promotion.created", promotion.id, changes=changes)
    await _render(session, made)
    return made


async def replace(
    session: AsyncSession, actor: Actor, promotion_id: UUID, new: PromotionWrite, *, if_match: str | None
) -> PromotionRead:
    """Replace a promotion by `new`. Orders keep their discounts; carts show the change at once.

    Raises:
        PromotionNotFound, PreconditionFailed, UnknownScope: what the names say.
    """
    promotion = await queries.find(session, promotion_id, for_update=True)
    before = queries.shown(promotion)
    require_match(if_match, queries.etag(before))
    await _require_scope(session, new)
    _write(promotion, new)
    promotion.version += 1
    after = await _saved(session, promotion)
    changes = audit.difference(_state(before), _state(after))
    await audit.record(session, actor, "promotion.updated", promotion_id, changes=changes)
    await _render(session, before, after)
    return after


async def delete(session: AsyncSession, actor: Actor, promotion_id: UUID, *, if_match: str | None) -> None:
    """Delete a promotion; its code is free again. The orders that used it keep their discounts."""
    promotion = await queries.find(session, promotion_id, for_update=True)
    was = queries.shown(promotion)
    require_match(if_match, queries.etag(was))
    promotion.deleted_at = clock.now()
    promotion.version += 1
    await session.flush()
    await audit.record(session, actor, "promotion.deleted", promotion_id)
    await _render(session, was)


async def _render(session: AsyncSession, *states: PromotionRead) -> None:
    """Let a job render the products anew that a sale on lines was about, and is about now."""
    for state in states:
        if state.code is None and state.applies_to == "lines":
            scope = {name: " ".join(map(str, getattr(state, name))) for name in jobs.FIELDS}
            await outbox.defer(session, jobs.show_sale, **scope)


def _write(promotion: Promotion, new: PromotionWrite) -> None:
    for name in PLAIN:
        setattr(promotion, name, getattr(new, name))
    promotion.code_key = key_of(new.code) if new.code else None
    promotion.percent = Decimal(new.percent) if new.percent else None
    promotion.amount_minor = new.amount.minor if new.amount else None
    promotion.minimum_minor = new.minimum.minor if new.minimum else None
    promotion.currency = default_currency()


async def _saved(session: AsyncSession, promotion: Promotion) -> PromotionRead:
    await session.flush()
    await session.refresh(promotion)
    return queries.shown(promotion)


async def _require_scope(session: AsyncSession, new: PromotionWrite) -> None:
    known = {
        "vendor_ids": (await vendors.references(session, new.vendor_ids)).keys(),
        "category_ids": await catalog.known_categories(session, new.category_ids),
        "product_ids": await catalog.known_products(session, new.product_ids),
    }
    unknown = [name for name, found in known.items() if set(getattr(new, name)) - set(found)]
    if unknown:
        raise UnknownScope(errors=tuple(FieldError(name, "some of them do not exist", "unknown") for name in unknown))


def _state(shown: PromotionRead) -> dict[str, object]:
    return {name: getattr(shown, name) for name in IN_THE_LOG}
