"""Alerts: requested by a person, and triggered once.

What is watched is compared with what is: by a schedule for all open alerts, and at once for a variant of which stock
tells that it is back. Only products with alerts are checked, and the catalogue need not know about alerts.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import catalog, outbox, users
from mercat.auth import Actor
from mercat.kit import clock
from mercat.kit.ids import new_id
from mercat.kit.money import Money, default_currency
from mercat.kit.problems import FieldError, Invalid
from mercat.saved_items.choice import AS_KEPT, Choice
from mercat.saved_items.events import AlertTriggered
from mercat.saved_items.exceptions import AlertNotFound, InStockNow, PriceLowNow, TooManyAlerts
from mercat.saved_items.models import ProductAlert
from mercat.saved_items.product_state import Shelf, counting_keeper, keeper, shelf, thing_on_sale
from mercat.saved_items.schemas import AlertCreate, AlertRead

MOST_ALERTS = 200
BATCH = 500
THING = ["user_id", "product_id", "variant_id", "kind"]


async def watch(
    session: AsyncSession, actor: Actor, product_id: UUID, new: AlertCreate, *, choice: Choice = AS_KEPT
) -> AlertRead:
    """Set an alert that tells a person once. Setting the same again starts anew. It is about prices in the books.

    Raises:
        ProductNotFound, VariantNotFound: there is none on sale.
        InStockNow, PriceLowNow: it is so already.
        TooManyAlerts: there are enough.
    """
    user_id = await counting_keeper(session, actor)
    now = await thing_on_sale(session, product_id, new.variant_id)
    price = now.price(product_id, new.variant_id)
    if price is None:  # between two statements
        raise catalog.ProductNotFound
    _require_future(new, price, in_stock=now.in_stock(product_id, new.variant_id))
    same = and_(
        ProductAlert.product_id == product_id,
        ProductAlert.variant_id.is_not_distinct_from(new.variant_id),
        ProductAlert.kind == new.kind,
    )
    others = await session.scalar(select(func.count()).where(ProductAlert.user_id == user_id, ~same))
    if (others or 0) >= MOST_ALERTS:
        raise TooManyAlerts(limit=MOST_ALERTS)
    asked = {
        "price_seen_minor": price.minor,
        "below_minor": new.below.minor if new.below else None,
        "told_at": None,
        "created_at": clock.now(),
    }
    statement = insert(ProductAlert).values(
        id=new_id(), user_id=user_id, product_id=product_id, variant_id=new.variant_id, kind=new.kind, **asked
    )
    alert_id = await session.scalar(
        statement.on_conflict_do_update(index_elements=THING, set_=asked).returning(ProductAlert.id)
    )
    return (await of_person(session, user_id, ProductAlert.id == alert_id, choice=choice))[0]


async def of_person(
    session: AsyncSession, user_id: UUID | None, *narrower: ColumnElement[bool], choice: Choice = AS_KEPT
) -> list[AlertRead]:
    """Return a person's alerts, the newest first, with triggered ones; products are shown as they read them."""
    rows = await session.scalars(
        select(ProductAlert)
        .where(ProductAlert.user_id == user_id, *narrower)
        .order_by(ProductAlert.created_at.desc(), ProductAlert.id.desc())
        .execution_options(populate_existing=True)
    )
    alerts = list(rows)
    now = await shelf(session, [alert.product_id for alert in alerts], choice=choice)
    return [_shown(alert, now) for alert in alerts]


async def unwatch(session: AsyncSession, actor: Actor, alert_id: UUID) -> None:
    """Delete one's own alert; if it has triggered and is not told yet, it is not told.

    Raises:
        AlertNotFound: there is none, or it is another person's.
    """
    theirs = ProductAlert.user_id == await keeper(session, actor)
    gone = delete(ProductAlert).where(ProductAlert.id == alert_id, theirs).returning(ProductAlert.id)
    if await session.scalar(gone) is None:
        raise AlertNotFound


async def open_alerts(session: AsyncSession, *, after: UUID) -> Sequence[UUID]:
    """Return the next alerts that may trigger."""
    wanted = select(ProductAlert.id).where(ProductAlert.told_at.is_(None), ProductAlert.id > after)
    return (await session.scalars(wanted.order_by(ProductAlert.id).limit(BATCH))).all()


async def look(session: AsyncSession, alert_ids: Collection[UUID]) -> None:
    """Trigger those of these alerts that are due. Locks them, and skips those locked by another transaction."""
    await _settle(session, await _open(session, ProductAlert.id.in_(alert_ids)))


async def look_at(session: AsyncSession, variant_ids: Sequence[UUID]) -> None:
    """Trigger the alerts that wait for variants to be back. Locks them."""
    found = await catalog.variants(session, list(variant_ids))
    products = {variant.product_id for variant in found.values()}
    whole = and_(ProductAlert.product_id.in_(products), ProductAlert.variant_id.is_(None))
    about = or_(ProductAlert.variant_id.in_(list(found)), whole)
    await _settle(session, await _open(session, about, ProductAlert.kind == "back_in_stock", wait=True))


async def _open(session: AsyncSession, *narrower: ColumnElement[bool], wait: bool = False) -> list[ProductAlert]:
    wanted = select(ProductAlert).where(ProductAlert.told_at.is_(None), *narrower).order_by(ProductAlert.id)
    locked = wanted.with_for_update(skip_locked=not wait)
    return list(await session.scalars(locked.execution_options(populate_existing=True)))


async def _settle(session: AsyncSession, alerts: Sequence[ProductAlert]) -> None:
    """Mark triggered alerts and publish them: both in this transaction, so that each is told once.

    Those of people who want no such mail stay open, and are due when they want it again.
    """
    now = await shelf(session, [a.product_id for a in alerts], [a.variant_id for a in alerts])
    due = [alert for alert in alerts if _triggered(alert, now)]
    wanting = await users.wanting_mail(session, "product_alerts", {alert.user_id for alert in due})
    true = [alert for alert in due if alert.user_id in wanting]
    for alert in true:
        alert.told_at = clock.now()
    await session.flush()
    for alert in true:
        await outbox.publish(session, AlertTriggered(alert_id=alert.id))


def _triggered(alert: ProductAlert, now: Shelf) -> bool:
    if alert.kind == "back_in_stock":
        return now.in_stock(alert.product_id, alert.variant_id)
    price = now.price(alert.product_id, alert.variant_id)
    if price is None:
        return False
    return price.minor < alert.price_seen_minor if alert.below_minor is None else price.minor <= alert.below_minor


def _require_future(new: AlertCreate, price: Money, *, in_stock: bool) -> None:
    if new.kind == "back_in_stock":
        if new.below is not None:
            raise Invalid(errors=(FieldError("below", "only of a price_drop", "extra_forbidden"),))
        if in_stock:
            raise InStockNow
    elif new.below is not None:
        if new.below.currency != price.currency:
            raise Invalid(
                errors=(FieldError("below", "in {currency}, please", "currency", {"currency": price.currency}),)
            )
        if price.minor <= new.below.minor:
            raise PriceLowNow


def _shown(alert: ProductAlert, now: Shelf) -> AlertRead:
    currency = default_currency()
    fields = {
        "id": alert.id,
        "kind": alert.kind,
        "product": now.product(alert.product_id),
        "variant_id": alert.variant_id,
        "price_seen": Money(alert.price_seen_minor, currency),
        "below": None if alert.below_minor is None else Money(alert.below_minor, currency),
        "told_at": alert.told_at,
        "created_at": alert.created_at,
    }
    return AlertRead.model_validate(fields)
