"""What a basket costs at an address now: everything that decides it, asked for in one round trip."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.exchange import Conversion
from mercat.kit import clock
from mercat.kit.database import driver, pipelined
from mercat.kit.money import Money, default_currency
from mercat.kit.problems import Problem
from mercat.pricing import promotions, shipping, taxes
from mercat.pricing.arithmetic import Line, Method, Obstacle, Terms, Totals, price
from mercat.pricing.currencies import discount_in, discounts_in, method_in
from mercat.pricing.destination import Destination
from mercat.pricing.exceptions import CouponBelowMinimum, CouponNotForThese


@dataclass(frozen=True, slots=True)
class Basket:
    """What a buyer wants to buy. A guest has no identity yet. `conversion`: the lines are in another currency.

    `locale` is the language in which its reader sees the names of methods, none for that of the source.
    """

    lines: Sequence[Line]
    destination: Destination
    coupon: str | None = None
    user_id: UUID | None = None
    conversion: Conversion | None = None
    locale: str | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """What a basket costs if it is sent in one way; `problem` is why the coupon reduces nothing."""

    method: Method | None
    totals: Totals
    coupon: promotions.Coupon | None
    problem: Problem | None


@dataclass(frozen=True, slots=True)
class Offer:
    """A basket and everything that decides what it costs."""

    lines: Sequence[Line]
    terms: Terms
    methods: Sequence[Method]
    coupon: promotions.Coupon | None

    def quote(self, method: Method | None) -> Quote:
        """Return what it costs, sent in this way or not at all."""
        totals = price(self.lines, replace(self.terms, shipping=method))
        return Quote(method, totals, self.coupon, self._problem(totals))

    def by(self, code: str) -> Quote | None:
        """Return what it costs by the method of this code; None if it is not sent there that way."""
        method = next((method for method in self.methods if method.code == code), None)
        quoted = self.quote(method) if method else None
        return quoted if quoted is not None and quoted.totals.ships else None

    def quotes(self) -> Iterator[Quote]:
        """Return what it costs in each way in which it can be sent."""
        return (quoted for quoted in map(self.quote, self.methods) if quoted.totals.ships)

    def usual(self) -> Quote:
        """Return what it costs by the usual method: the standard one, else the first that there is, else unsent."""
        return self.by(shipping.STANDARD) or next(self.quotes(), None) or self.quote(None)

    def _problem(self, totals: Totals) -> Problem | None:
        if self.coupon is None or self.coupon.problem is not None:
            return self.coupon.problem if self.coupon else None
        if totals.obstacle is Obstacle.below_minimum:
            minimum = self.terms.coupon.minimum if self.terms.coupon else None
            return CouponBelowMinimum(minimum=minimum or Money.zero(self.terms.currency))
        return CouponNotForThese() if totals.obstacle else None


async def offer(session: AsyncSession, basket: Basket) -> Offer:
    """Return what decides the price of a basket, as it is in this transaction and in its currency. Locks nothing.

    Names in another language than that of the source are one statement more.
    """
    now = clock.now()
    connection = await driver(session)
    async with pipelined(connection):
        vendors = {line.vendor_id for line in basket.lines}
        to_ask = (
            await promotions.offered(connection, basket.coupon, basket.user_id, now),
            await shipping.methods_to(connection, basket.destination, vendors),
            await taxes.rates_at(connection, basket.destination, now),
        )
        offered, methods, rates = await to_ask[0].offered(), await to_ask[1].methods(), await to_ask[2].taxes()
    if basket.locale is not None:
        methods = await shipping.named_in(connection, methods, basket.locale)
    coupon = offered.coupon
    usable = coupon.discount if coupon is not None and coupon.problem is None else None
    terms = Terms(default_currency(), sales=offered.sales, coupon=usable, taxes=rates)
    if basket.conversion is not None:
        terms, methods = _in_currency(terms, methods, basket.conversion)
    return Offer(basket.lines, terms, methods, coupon)


def _in_currency(terms: Terms, methods: Sequence[Method], conversion: Conversion) -> tuple[Terms, list[Method]]:
    """Return what decides a price, with its amounts in another currency than that of the books."""
    coupon = discount_in(terms.coupon, conversion) if terms.coupon else None
    sales = discounts_in(terms.sales, conversion)
    converted = replace(terms, currency=conversion.currency, sales=sales, coupon=coupon)
    return converted, [method_in(method, conversion) for method in methods]
