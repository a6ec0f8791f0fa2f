"""How rates stand, for operators: `mercat doctor` and the health check."""

from dataclasses import dataclass

import psycopg

from mercat.exchange.config import ExchangeSettings
from mercat.exchange.ecb import SOURCE
from mercat.exchange.queries import Source, Standing, enabled
from mercat.kit.database import Reads
from mercat.kit.money import default_currency

FAILURE = "SELECT failure FROM rate_sources WHERE source = %s AND failure IS NOT NULL"


@dataclass(frozen=True, slots=True)
class RatesHealth:
    """What there is to say about rates; `ok` unless somebody should look."""

    ok: bool
    says: str


async def trouble(reads: Reads) -> str:
    """Return what is wrong with the rates in a few words; nothing if all is well."""
    return _wrong(await _standings(reads))


async def state(database_url: str) -> RatesHealth:
    """Look at the rates of every currency, and at how fetching them went last."""
    try:
        async with await psycopg.AsyncConnection.connect(database_url, connect_timeout=5) as connection:
            found = await enabled(connection)
            row = await (await connection.execute(FAILURE, (SOURCE,))).fetchone()
    except psycopg.Error as error:
        return RatesHealth(ok=False, says=f"the database does not answer: {str(error).splitlines()[0]}")
    if not found:
        return RatesHealth(ok=True, says=f"prices are in {default_currency()} alone")
    told = [f"{code} of {one.quote.dated} by {one.quote.source}" for code, one in found.items() if one.quote]
    says = [", ".join(told)] if told else []
    if wrong := _wrong({code: one.standing for code, one in found.items()}):
        says.append(wrong)
    failure = row[0] if row and ExchangeSettings.read().rates_url else None
    if failure:
        says.append(f"MERCAT_RATES_URL: {failure}")
    return RatesHealth(ok=not wrong and not failure, says="; ".join(says))


async def _standings(source: Source) -> dict[str, Standing]:
    return {code: one.standing for code, one in (await enabled(source)).items()}


def _wrong(standings: dict[str, Standing]) -> str:
    found = []
    for standing, what in (
        (Standing.stale, "old rates"),
        (Standing.stopped, "rates too old to use"),
        (Standing.missing, "no rate"),
    ):
        if codes := [code for code, one in standings.items() if one is standing]:
            found.append(f"{what}: {', '.join(codes)}")
    return "; ".join(found)
