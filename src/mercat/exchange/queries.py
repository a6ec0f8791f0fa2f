"""Which currencies there are and what is in force for each: a few indexed rows, read anew whenever somebody asks.

A currency has one source. What the configured provider lists comes from there, however old it is by now; the rest is
fixed, by the settings or an operator, whoever spoke last. Fixed rates do not age: nobody said that they would.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from enum import StrEnum
from math import gcd

from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.exchange.config import ExchangeSettings
from mercat.exchange.conversion import Conversion
from mercat.exchange.ecb import EURO, SOURCE
from mercat.exchange.exceptions import ConversionStopped, UnknownCurrency
from mercat.exchange.rounding_rules import Rounding
from mercat.kit import clock
from mercat.kit.currencies import step_of
from mercat.kit.database import Reads, driver
from mercat.kit.money import default_currency

Source = AsyncSession | Reads | AsyncConnection[TupleRow]
SET_UP = "SELECT code, step_minor, ending_minor, margin, version FROM currencies"
LATEST = """
SELECT w.currency, r.source, r.rate, r.dated FROM unnest(%(wanted)s::text[]) w (currency) CROSS JOIN LATERAL (
    SELECT source, rate, dated FROM exchange_rates
    WHERE source = ANY(%(sources)s) AND base = %(base)s AND currency = w.currency
    ORDER BY {newest} LIMIT 1
) r
"""
FETCHED = LATEST.format(newest="dated DESC, fetched_at DESC, id DESC")
FIXED = LATEST.format(newest="fetched_at DESC, id DESC")
FIXED_SOURCES = ["settings", "operator"]
CROSS = Context(prec=15)
"""Digits of a rate between two currencies that are both quoted for a third: those that its quotes justify, and more."""


class Standing(StrEnum):
    """What a currency is good for."""

    fresh = "fresh"
    stale = "stale"
    """Its rate is older than it should be, and still used."""
    stopped = "stopped"
    """Its rate is too old to be used."""
    missing = "missing"
    """It has no rate."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A rate of the books' currency, wherever it is from."""

    rate: Decimal
    dated: date
    source: str

    def standing(self, settings: ExchangeSettings) -> Standing:
        """Say how old it is."""
        days = (clock.now().date() - self.dated).days
        if self.source != SOURCE or days <= settings.rates_warn_days:
            return Standing.fresh
        return Standing.stopped if days > settings.rates_stop_days else Standing.stale


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency that was enabled, with its rate if it has one."""

    code: str
    rounding: Rounding
    margin: Decimal
    own_margin: Decimal | None
    """What an operator set for it alone."""
    version: int
    """0 if only the settings name it."""
    quote: Quote | None
    standing: Standing

    @property
    def step(self) -> int:
        """What prices that are set in it are a multiple of, in minor units: what cards take, or its rule's if finer."""
        return gcd(step_of(self.code), self.rounding.step, self.rounding.ending)

    def conversion(self) -> Conversion | None:
        """Return what is in force, if anything is."""
        if self.quote is None or self.standing not in {Standing.fresh, Standing.stale}:
            return None
        quote, stale = self.quote, self.standing is Standing.stale
        base = default_currency()
        return Conversion(base, self.code, quote.rate, quote.dated, quote.source, self.margin, self.rounding, stale)


async def enabled(source: Source) -> dict[str, Currency]:
    """Return what prices are shown in besides the currency of the books, by code."""
    settings, base = ExchangeSettings.read(), default_currency()
    rows = {row[0]: row[1:] for row in await _rows(source, SET_UP, {})}
    codes = sorted(({*settings.currencies} | rows.keys()) - {base})
    if not codes:
        return {}
    quotes = await _quotes(source, codes)
    found = {}
    for code in codes:
        step, ending, own, version = rows.get(code, (step_of(code), 0, None, 0))
        quote = quotes.get(code)
        standing = quote.standing(settings) if quote else Standing.missing
        margin = Decimal(settings.rates_margin) if own is None else own
        found[code] = Currency(code, Rounding(step, ending), margin, own, version, quote, standing)
    return found


async def conversions(source: Source) -> dict[str, Conversion]:
    """Return what is in force for every currency that prices can be shown in now, but that of the books, by code."""
    found = {code: currency.conversion() for code, currency in (await enabled(source)).items()}
    return {code: conversion for code, conversion in found.items() if conversion is not None}


async def conversion(source: Source, currency: str) -> Conversion | None:
    """Return what is in force for a currency; None if prices cannot be shown in it now."""
    if currency == (base := default_currency()):
        return Conversion.identity(base, clock.now().date())
    return (await conversions(source)).get(currency)


async def conversion_to(source: Source, code: str | None) -> Conversion | None:
    """Return the conversion to a currency that somebody asks for; None to that of the books, and to none.

    Raises:
        UnknownCurrency, ConversionStopped: it is not in force.
    """
    return None if code is None or code == default_currency() else await in_force(source, code)


async def in_force(source: Source, currency: str) -> Conversion:
    """Return what is in force for a currency that somebody asks for.

    Raises:
        UnknownCurrency: it is not enabled, or has no rate.
        ConversionStopped: its rate is too old.
    """
    if (found := await conversion(source, currency)) is not None:
        return found
    known = (await enabled(source)).get(currency)
    raise ConversionStopped if known and known.standing is Standing.stopped else UnknownCurrency


async def provided(source: Source, codes: Sequence[str]) -> frozenset[str]:
    """Return which of these have their rate from the provider."""
    return frozenset(code for code, quote in (await _quotes(source, codes)).items() if quote.source == SOURCE)


async def _quotes(source: Source, codes: Sequence[str]) -> Mapping[str, Quote]:
    base = default_currency()
    found: dict[str, Quote] = {}
    if ExchangeSettings.read().rates_url:
        wanted = {"wanted": sorted({*codes, base} - {EURO}), "sources": [SOURCE], "base": EURO}
        legs = {row[0]: (row[2], row[3]) for row in await _rows(source, FETCHED, wanted)}
        found = cross(legs, base, codes)
    if rest := [code for code in codes if code not in found]:
        fixed = await _rows(source, FIXED, {"wanted": rest, "sources": FIXED_SOURCES, "base": base})
        found |= {code: Quote(rate, dated, by) for code, by, rate, dated in fixed}
    return found


def cross(legs: Mapping[str, tuple[Decimal, date]], base: str, codes: Sequence[str]) -> dict[str, Quote]:
    """Make rates of the books' currency of rates for one euro; as old as the older of the two."""
    if base != EURO and base not in legs:
        return {}
    found = {}
    for code in codes:
        if code != EURO and code not in legs:
            continue
        of, to = legs.get(base), legs.get(code)
        days = [leg[1] for leg in (of, to) if leg is not None]
        rate = CROSS.divide(to[0] if to else Decimal(1), of[0] if of else Decimal(1))
        found[code] = Quote(rate, min(days), SOURCE)
    return found


async def _rows(source: Source, sql: str, values: Mapping[str, object]) -> list[TupleRow]:
    if isinstance(source, Reads):
        return await source.rows(sql, values)
    connection = await driver(source) if isinstance(source, AsyncSession) else source
    return await (await connection.execute(sql, values)).fetchall()
