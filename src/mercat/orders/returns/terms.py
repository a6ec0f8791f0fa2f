"""Until when something may be sent back."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit import clock
from mercat.orders.lifecycle import Status
from mercat.orders.models import Order, OrderHistory
from mercat.orders.returns.config import ReturnSettings, settings
from mercat.orders.returns.exceptions import NotReturnable, ReturnTooLate
from mercat.orders.returns.lifecycle import Reason

RETURNABLE = frozenset({Status.shipped, Status.delivered, Status.completed})
"""The goods are with the buyer, or on their way there."""

WITHDRAWAL_BY_LAW = timedelta(days=14)
EEA = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split()  # noqa: SIM905 - as in `kit.countries`
)
"""Where Directive 2011/83/EU holds: the European Union and the countries that took it over."""


async def require_in_time(session: AsyncSession, order: Order, reason: Reason) -> None:
    """Refuse what cannot be sent back any more, or not yet.

    Raises:
        NotReturnable: the goods have not left, or the order is over.
        ReturnTooLate: the time is over.
    """
    if Status(order.status) not in RETURNABLE:
        raise NotReturnable(status=order.status)
    rows = await session.execute(
        select(OrderHistory.to_status, func.min(OrderHistory.at))
        .where(OrderHistory.order_id == order.id, OrderHistory.to_status.in_((Status.shipped, Status.delivered)))
        .group_by(OrderHistory.to_status)
    )
    moved: dict[str, datetime] = dict(rows.all())
    shipped, delivered = moved.get(Status.shipped, order.placed_at), moved.get(Status.delivered)
    country = order.shipping_address.get("country", "")
    end = ends(reason, country, shipped=shipped, delivered=delivered, terms=settings())
    if end is not None and clock.now() >= end:
        raise ReturnTooLate(until=end.date().isoformat())


def ends(
    reason: Reason, country: str, *, shipped: datetime, delivered: datetime | None, terms: ReturnSettings
) -> datetime | None:
    """Return when the time to send something back is over; None if it has not begun.

    The time begins with the delivery. While nobody has marked the goods as delivered, it is counted from the day that
    they left; that of a withdrawal has not begun then, since the law counts from the day that the buyer gets the goods.
    """
    if reason is not Reason.withdrawal:
        return (delivered or shipped) + timedelta(days=terms.return_days)
    term = timedelta(days=terms.withdrawal_days)
    if country in EEA:
        term = max(term, WITHDRAWAL_BY_LAW)
    if delivered is None:
        return None if term else shipped
    return delivered + term
