"""Following conversions: which currencies readers are shown, and which prices have to be written anew for that."""

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import exchange
from mercat.catalog.currency_prices.projection import IN_ORDER
from mercat.exchange import Conversion
from mercat.kit.database import driver

KNOWN = "SELECT currency, conversion, status FROM shown_currencies"
BEGIN = "INSERT INTO shown_currencies (currency, status) SELECT unnest(%s::text[]), 'filling' ON CONFLICT DO NOTHING"
STOP = """
UPDATE shown_currencies SET status = 'stopped', conversion = '' WHERE currency = ANY(%s) AND status <> 'stopped'
"""
FORGET = "DELETE FROM shown_currencies WHERE currency = ANY(%s)"
FORGET_PRICES = """
DELETE FROM product_prices WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM product_prices p WHERE NOT EXISTS (SELECT FROM shown_currencies k WHERE k.currency = p.currency)
    LIMIT %s))
"""
SHOW = """
UPDATE shown_currencies SET status = 'shown', conversion = %(conversion)s
WHERE currency = %(currency)s AND (status, conversion) IS DISTINCT FROM ('shown', %(conversion)s)
"""
FORGOTTEN_AT_ONCE = 5_000


async def begin(session: AsyncSession) -> dict[str, str]:
    """Follow which currencies there are, and return what every price shall be written by: empty if all are so.

    One that was taken away is not shown from now on, nor one whose rate has become too old. A new one is shown once
    every product has its prices.
    """
    connection = await driver(session)
    await connection.execute(IN_ORDER)
    known = {row[0]: (row[1], row[2]) for row in await (await connection.execute(KNOWN)).fetchall()}
    enabled = await exchange.enabled(connection)
    wanted = {code: by for code, one in enabled.items() if (by := one.conversion()) is not None}
    if gone := known.keys() - enabled.keys():
        await connection.execute(FORGET, (list(gone),))
    if stopped := known.keys() & enabled.keys() - wanted.keys():
        await connection.execute(STOP, (list(stopped),))
    if new := wanted.keys() - known.keys():
        await connection.execute(BEGIN, (list(new),))
    marks = {code: mark_of(by) for code, by in wanted.items()}
    done = {code for code, mark in marks.items() if known.get(code) == (mark, "shown")}
    return {} if done == marks.keys() else marks


async def look_at_prices(session: AsyncSession) -> None:
    """Let PostgreSQL know what the prices are like: lists that are shown before it has looked would take long."""
    await (await driver(session)).execute("ANALYZE product_prices")


async def finish(session: AsyncSession, marks: dict[str, str]) -> None:
    """Show the currencies whose prices were all written by these conversions, if they still are those in force."""
    connection = await driver(session)
    await connection.execute(IN_ORDER)
    now = {code: mark_of(by) for code, by in (await exchange.conversions(connection)).items()}
    for code, mark in marks.items():
        if now.get(code) == mark:
            await connection.execute(SHOW, {"currency": code, "conversion": mark})


async def forget_some(session: AsyncSession) -> bool:
    """Delete some of the prices in currencies that were taken away; returns whether there may be more."""
    connection = await driver(session)
    return (await connection.execute(FORGET_PRICES, (FORGOTTEN_AT_ONCE,))).rowcount == FORGOTTEN_AT_ONCE


def mark_of(conversion: Conversion) -> str:
    """Return what tells conversions apart that make other prices."""
    rule = conversion.rounding
    return f"{conversion.base} {conversion.effective.normalize():f} {rule.step} {rule.ending}"
