"""Prices that vendors set in other currencies: they win over what is converted."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import exchange
from mercat.catalog.currency_prices.schemas import PriceWrite
from mercat.exchange import UnknownCurrency
from mercat.kit.database import driver
from mercat.kit.money import default_currency, format_minor
from mercat.kit.problems import FieldError, Invalid

REMOVE = """
DELETE FROM variant_prices p WHERE p.variant_id = ANY(%(variants)s) AND NOT EXISTS (
    SELECT FROM unnest(%(of)s::uuid[], %(currencies)s::text[]) AS k(variant_id, currency)
    WHERE k.variant_id = p.variant_id AND k.currency = p.currency)
"""
WRITE = """
INSERT INTO variant_prices (variant_id, currency, price_minor, compare_at_minor)
SELECT * FROM unnest(%(of)s::uuid[], %(currencies)s::text[], %(minors)s::bigint[], %(formers)s::bigint[])
ON CONFLICT (variant_id, currency) DO UPDATE
SET price_minor = excluded.price_minor, compare_at_minor = excluded.compare_at_minor
"""


async def check(session: AsyncSession, wanted: Sequence[Sequence[PriceWrite] | None]) -> None:
    """Make sure that prices can be set as they are given, by the place of the variant.

    Raises:
        Invalid: the currency of the books, one twice, an amount below zero or not of the currency's step, or one that
            is compared with another currency.
        UnknownCurrency: prices are not shown in one of them.
    """
    if not any(wanted):
        return
    known = await exchange.enabled(session)
    for place, prices in enumerate(wanted):
        where = f"variants.{place}.prices"
        seen: set[str] = set()
        for price in prices or ():
            currency, former = price.price.currency, price.compare_at_price
            if currency == default_currency() or currency in seen:
                raise Invalid(errors=(FieldError(where, "another currency than that of the books, once", "currency"),))
            if former is not None and former.currency != currency:
                raise Invalid(errors=(FieldError(where, "both amounts in one currency", "currency"),))
            if price.price.minor < 0 or (former is not None and former.minor < 0):
                wrong = FieldError(where, "zero or more {currency}", "price", {"currency": currency})
                raise Invalid(errors=(wrong,))
            if currency not in known:
                wrong = FieldError(where, "prices are not shown in this currency", "unknown_currency")
                raise UnknownCurrency(errors=(wrong,))
            if price.price.minor % (step := known[currency].step):
                values = {"step": format_minor(step, currency), "currency": currency}
                raise Invalid(errors=(FieldError(where, "a multiple of {step} {currency}", "price", values),))
            seen.add(currency)


async def replace(session: AsyncSession, wanted: Mapping[UUID, Sequence[PriceWrite]]) -> None:
    """Make these the prices of variants in other currencies, which must be written. Two statements."""
    if not wanted:
        return
    given = [(variant, one) for variant, prices in wanted.items() for one in prices]
    formers = [one.compare_at_price for _, one in given]
    values = {
        "variants": list(wanted),
        "of": [variant for variant, _ in given],
        "currencies": [one.price.currency for _, one in given],
        "minors": [one.price.minor for _, one in given],
        "formers": [None if former is None else former.minor for former in formers],
    }
    connection = await driver(session)
    await connection.execute(REMOVE, values)
    await connection.execute(WRITE, values)
