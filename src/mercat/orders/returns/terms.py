"""Time limits of returns."""

from datetime import datetime, timedelta

from mercat.kit import clock
from mercat.orders.lifecycle import LEFT, Status
from mercat.orders.models import Order, VendorOrder
from mercat.orders.returns.config import ReturnSettings, settings
from mercat.orders.returns.exceptions import NotReturnable, ReturnTooLate
from mercat.orders.returns.lifecycle import Reason

WITHDRAWAL_BY_LAW = timedelta(days=14)
EEA = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split()  # noqa: SIM905 - as in `kit.countries`
)
"""Where Directive 2011/83/EU holds: the European Union and the countries that took it over."""


def require_in_time(order: Order, vendor_order: VendorOrder, reason: Reason) -> None:
    """Reject a return to a vendor that is too late or too early.

    Raises:
        NotReturnable: its goods are not shipped, or the vendor order is finished.
        ReturnTooLate: the time is over.
    """
    if Status(vendor_order.status) not in LEFT:
        raise NotReturnable(status=vendor_order.status)
    country = order.shipping_address.get("country", "")
    shipped = vendor_order.shipped_at or order.placed_at
    end = ends(reason, country, shipped=shipped, delivered=vendor_order.delivered_at, terms=settings())
    if end is not None and clock.now() >= end:
        raise ReturnTooLate(until=end.date().isoformat())


def ends(
    reason: Reason, country: str, *, shipped: datetime, delivered: datetime | None, terms: ReturnSettings
) -> datetime | None:
    """Return when the time for a return is over; None if it has not begun.

    The time begins with the delivery. While the goods are not marked as delivered, it is counted from the day of their
    shipment; that of a withdrawal has not begun then, since the law counts from the day that the buyer gets the goods.
    """
    if reason is not Reason.withdrawal:
        return (delivered or shipped) + timedelta(days=terms.return_days)
    term = timedelta(days=terms.withdrawal_days)
    if country in EEA:
        term = max(term, WITHDRAWAL_BY_LAW)
    if delivered is None:
        return None if term else shipped
    return delivered + term
