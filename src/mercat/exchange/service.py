"""Verbs of operators on currencies and fixed rates."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, outbox
from mercat.auth import Actor
from mercat.exchange import refresh
from mercat.exchange.config import ExchangeSettings
from mercat.exchange.ecb import SOURCE
from mercat.exchange.events import ConversionsChanged
from mercat.exchange.exceptions import (
    CurrencyFromSettings,
    CurrencyNotFound,
    CurrencyOfBooks,
    NoRatesUrl,
    RateFromProvider,
    RatesNotFetched,
)
from mercat.exchange.models import EnabledCurrency
from mercat.exchange.provider import RatesUnusable
from mercat.exchange.queries import Currency, enabled, provided
from mercat.exchange.rounding_rules import Rounding
from mercat.exchange.schemas import (
    CurrencySettings,
    CurrencyWrite,
    FixedRates,
    RatesState,
    settings_of,
)
from mercat.kit import clock
from mercat.kit.conditional import require_match, version_etag
from mercat.kit.currencies import step_of
from mercat.kit.database import Database
from mercat.kit.money import NotAnAmount, default_currency
from mercat.kit.problems import FieldError, Invalid


async def read(session: AsyncSession, code: str) -> CurrencySettings:
    """Return a currency as operators see it.

    Raises:
        CurrencyNotFound: it is not enabled.
    """
    found = (await enabled(session)).get(code)
    if found is None:
        raise CurrencyNotFound
    return settings_of(found)


async def put(
    session: AsyncSession, actor: Actor, code: str, new: CurrencyWrite, *, if_match: str | None
) -> CurrencySettings:
    """Enable a currency, or round and charge it otherwise. What is kept converted follows in the background.

    Raises:
        CurrencyOfBooks, PreconditionFailed: what the names say.
        Invalid: the rule does not fit the currency.
    """
    if code == default_currency():
        raise CurrencyOfBooks
    try:
        rounding = new.rounding.within(code) if new.rounding else Rounding(step_of(code))
    except NotAnAmount as error:
        raise Invalid(errors=(FieldError("rounding", error.template, "rounding", error.values),)) from None
    await session.execute(refresh.ONE_BY_ONE)
    row = await session.get(EnabledCurrency, code)
    before = (await enabled(session)).get(code)
    require_match(if_match, version_etag(before.version if before else 0))
    if row is None:
        row = EnabledCurrency(code=code, version=0)
        session.add(row)
    row.step_minor, row.ending_minor = rounding.step, rounding.ending
    row.margin = None if new.margin is None else Decimal(new.margin)
    row.version += 1
    await session.flush()
    after = await read(session, code)
    changes = audit.difference(_state(settings_of(before)) if before else {}, _state(after))
    action = "currency.updated" if before else "currency.enabled"
    await audit.record(session, actor, action, _target(code), changes=changes)
    await outbox.publish(session, ConversionsChanged())
    return after


async def delete(session: AsyncSession, actor: Actor, code: str, *, if_match: str | None) -> None:
    """Show no prices in a currency any more. Rates and what was ordered stay.

    Raises:
        CurrencyOfBooks, CurrencyFromSettings, CurrencyNotFound, PreconditionFailed: what the names say.
    """
    if code == default_currency():
        raise CurrencyOfBooks
    await session.execute(refresh.ONE_BY_ONE)
    row = await session.get(EnabledCurrency, code)
    if code in ExchangeSettings.read().currencies:
        raise CurrencyFromSettings
    if row is None:
        raise CurrencyNotFound
    require_match(if_match, version_etag(row.version))
    await session.delete(row)
    await session.flush()
    changes = audit.difference({"code": code}, {})
    await audit.record(session, actor, "currency.disabled", _target(code), changes=changes)
    await outbox.publish(session, ConversionsChanged())


async def enter(session: AsyncSession, actor: Actor, new: FixedRates) -> list[Currency]:
    """Enter rates of currencies that nobody publishes.

    Raises:
        CurrencyOfBooks: its rate is 1.
        RateFromProvider: the provider lists one of them.
    """
    if default_currency() in new.rates:
        raise CurrencyOfBooks
    if await provided(session, list(new.rates)):
        raise RateFromProvider
    await refresh.add_fixed(session, "operator", {code: Decimal(rate) for code, rate in new.rates.items()})
    entries = [
        audit.Entry("exchange_rate.entered", _target(code), audit.difference({}, {"rate": rate}))
        for code, rate in new.rates.items()
    ]
    await audit.record_many(session, actor, entries)
    return list((await enabled(session)).values())


async def fetch(database: Database, actor: Actor, *, accept_jumps: bool) -> RatesState:
    """Fetch the rates now, outside of any transaction.

    Raises:
        NoRatesUrl: they are fixed.
        RatesNotFetched: they could not be had or believed; nothing has changed.
    """
    provider = refresh.configured()
    if provider is None:
        raise NoRatesUrl
    try:
        done = await refresh.refresh(database, provider, actor, accept_jumps=accept_jumps)
    except RatesUnusable as error:
        raise RatesNotFetched(reason=str(error)) from None
    return RatesState(source=SOURCE, dated=done.dated, added=done.added, checked_at=clock.now())


def _target(code: str) -> UUID:
    return audit.target_named("currency", code)


def _state(shown: CurrencySettings) -> dict[str, object]:
    rule = shown.rounding
    return {"code": shown.code, "step": rule.step, "ending": rule.ending, "margin": shown.margin}
