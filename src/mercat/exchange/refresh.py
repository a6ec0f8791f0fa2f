"""Taking daily rates in: fetched outside of any transaction, then judged and kept in one.

What is garbled, partial, older than what there is, or off by more than anybody would believe changes nothing; that it
came is kept with the reason, for `mercat doctor`, the health check and the log.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, outbox
from mercat.auth import Actor
from mercat.exchange.config import ExchangeSettings
from mercat.exchange.ecb import EcbRates
from mercat.exchange.events import ConversionsChanged
from mercat.exchange.models import ExchangeRate
from mercat.exchange.provider import DailyRates, RateProvider, RatesUnusable
from mercat.exchange.queries import FIXED, enabled
from mercat.kit import clock
from mercat.kit.database import Database, driver
from mercat.kit.ids import new_id
from mercat.kit.logs import logger
from mercat.kit.money import default_currency

PUBLISHED = time(15, 30, tzinfo=UTC)
"""When the European Central Bank has published a working day's rates, be it summer or winter."""
JUMP = 2
"""A rate that is so many times what it was, or was so many times what it is, is a mistake until somebody says not."""
ONE_BY_ONE = text("SELECT pg_advisory_xact_lock(hashtextextended('exchange_rates', 7))")
KNOWN = """
SELECT DISTINCT ON (currency) currency, rate, dated FROM exchange_rates
WHERE source = %s AND base = %s ORDER BY currency, dated DESC, fetched_at DESC, id DESC
"""
NOTE = """
INSERT INTO rate_sources AS s (source, checked_at, succeeded_at, failure)
VALUES (%(source)s, %(now)s, CASE WHEN %(failure)s::text IS NULL THEN %(now)s END, %(failure)s)
ON CONFLICT (source) DO UPDATE SET checked_at = excluded.checked_at, failure = excluded.failure,
    succeeded_at = coalesce(excluded.succeeded_at, s.succeeded_at)
"""
LAST = "SELECT succeeded_at, failure FROM rate_sources WHERE source = %s"


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What came of fetching."""

    source: str
    dated: date
    added: int


def configured() -> RateProvider | None:
    """Return who publishes rates, by the settings."""
    settings = ExchangeSettings.read()
    return EcbRates(settings.rates_url, settings.rates_timeout) if settings.rates_url else None


async def refresh(database: Database, provider: RateProvider, actor: Actor, *, accept_jumps: bool = False) -> Refreshed:
    """Fetch the rates and keep what is new of them. Done again with the same file it changes nothing.

    Raises:
        RatesUnusable: they could not be had or believed; this was noted and nothing else has changed.
    """
    try:
        days = await provider.read()
        async with database.transaction() as session:
            done = await _keep(session, provider.source, days, actor, accept_jumps=accept_jumps)
            await _note(session, provider.source, None)
    except RatesUnusable as error:
        logger.warning("rates_unusable", source=provider.source, reason=str(error))
        async with database.transaction() as session:
            await _note(session, provider.source, str(error))
        raise
    return done


async def _keep(
    session: AsyncSession, source: str, days: Sequence[DailyRates], actor: Actor, *, accept_jumps: bool
) -> Refreshed:
    await session.execute(ONE_BY_ONE)
    newest = days[-1]
    rows = await (await (await driver(session)).execute(KNOWN, (source, newest.base))).fetchall()
    known = {code: rate for code, rate, _ in rows}
    last = max((dated for *_, dated in rows), default=None)
    if last is not None and newest.dated < last:
        raise RatesUnusable(f"the file is of {newest.dated}, older than that of {last}")
    needed = {*await enabled(session), default_currency()} & known.keys()
    if missing := sorted(needed - newest.rates.keys()):
        raise RatesUnusable(f"the file lacks {', '.join(missing)}")
    added: list[ExchangeRate] = []
    now = clock.now()
    for day in days:
        if last is not None and day.dated < last:
            continue
        if not accept_jumps:
            _refuse_jumps(known, day.rates)
        same_day = last == day.dated
        new = {code: rate for code, rate in day.rates.items() if not (same_day and known.get(code) == rate)}
        added += [
            ExchangeRate(
                id=new_id(), base=day.base, currency=code, rate=rate, dated=day.dated, source=source, fetched_at=now
            )
            for code, rate in new.items()
        ]
        known |= day.rates
    session.add_all(added)
    await session.flush()
    if added:
        await outbox.publish(session, ConversionsChanged())
    if added or actor.user_id is not None:
        changes = audit.difference({}, {"source": source, "dated": newest.dated.isoformat(), "added": len(added)})
        await audit.record(session, actor, "exchange_rates.refreshed", None, changes=changes)
    return Refreshed(source, newest.dated, len(added))


def _refuse_jumps(known: Mapping[str, Decimal], rates: Mapping[str, Decimal]) -> None:
    for code, rate in sorted(rates.items()):
        before = known.get(code)
        if before is not None and not before / JUMP < rate < before * JUMP:
            raise RatesUnusable(f"the rate of {code} jumps from {before.normalize():f} to {rate:f}")


async def _note(session: AsyncSession, source: str, failure: str | None) -> None:
    connection = await driver(session)
    await connection.execute(NOTE, {"source": source, "now": clock.now(), "failure": failure})


async def is_due(session: AsyncSession, source: str) -> bool:
    """Whether there may be something new, or the last attempt failed."""
    row = await (await (await driver(session)).execute(LAST, (source,))).fetchone()
    if row is None or row[0] is None or row[1] is not None:
        return True
    succeeded: datetime = row[0]
    now = clock.now()
    published = datetime.combine(now.date(), PUBLISHED)
    return succeeded < (published if published <= now else published - timedelta(days=1))


async def was_asked(session: AsyncSession, source: str) -> bool:
    """Whether a provider was ever asked, whatever it answered."""
    return await (await (await driver(session)).execute(LAST, (source,))).fetchone() is not None


async def take_settings(session: AsyncSession) -> int:
    """Keep the fixed rates of the settings that differ from what the settings said before; returns how many."""
    rates, base = ExchangeSettings.read().rates, default_currency()
    if not rates:
        return 0
    await session.execute(ONE_BY_ONE)
    wanted = {"wanted": list(rates), "sources": ["settings"], "base": base}
    rows = await (await (await driver(session)).execute(FIXED, wanted)).fetchall()
    known = {code: rate for code, _, rate, _ in rows}
    new = {code: Decimal(rate) for code, rate in rates.items() if code != base and known.get(code) != Decimal(rate)}
    if new:
        await add_fixed(session, "settings", new)
    return len(new)


async def add_fixed(session: AsyncSession, source: str, rates: Mapping[str, Decimal]) -> None:
    """Keep fixed rates as of today."""
    now, base = clock.now(), default_currency()
    session.add_all(
        ExchangeRate(id=new_id(), base=base, currency=code, rate=rate, dated=now.date(), source=source, fetched_at=now)
        for code, rate in rates.items()
    )
    await session.flush()
    await outbox.publish(session, ConversionsChanged())
