"""Currencies that the demo shows prices in besides that of its books: its rates are kept, and each has its rule."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import exchange
from mercat.auth import Actor
from mercat.catalog import currency_prices
from mercat.kit.exchange_rates import FrozenRate

OPERATOR = Actor.system()
RULES = {
    "CHF": exchange.RoundingRule(step="0.05"),
    "JPY": exchange.RoundingRule(step="10"),
    "KWD": exchange.RoundingRule(step="0.010"),
    "USD": exchange.RoundingRule(step="1.00", ending="0.99"),
}


async def load_currencies(session: AsyncSession) -> dict[str, exchange.Conversion]:
    """Keep the rates of the settings and round what these enable; returns what is in force.

    Products get prices in them from now on, which `show_prices` lets readers see.
    """
    await exchange.take_settings(session)
    for code in sorted((await exchange.enabled(session)).keys() & RULES.keys()):
        await exchange.put(session, OPERATOR, code, exchange.CurrencyWrite(rounding=RULES[code]), if_match=None)
    await currency_prices.begin(session)
    return await exchange.conversions(session)


async def show_prices(session: AsyncSession) -> None:
    """Show prices in other currencies from the first request on, not when the worker has come so far."""
    await currency_prices.finish(session, await currency_prices.begin(session))


def frozen_at(conversion: exchange.Conversion, moment: datetime) -> FrozenRate | None:
    """Return the rate that an order of the past keeps: today's, as if it had been that of its day."""
    rate = conversion.frozen
    return rate and replace(rate, dated=moment.date())
