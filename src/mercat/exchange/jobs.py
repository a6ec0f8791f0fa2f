"""What happens to rates by itself."""

from mercat import outbox
from mercat.auth import Actor
from mercat.exchange import refresh
from mercat.exchange.provider import RatesUnusable


@outbox.every(outbox.hourly(minute=23), "exchange.refresh_rates")
async def refresh_rates(context: outbox.JobContext) -> None:
    """Take new fixed rates of the settings, and fetch the day's: once they are out, and hourly until they came."""
    async with context.database.transaction() as session:
        await refresh.take_settings(session)
    provider = refresh.configured()
    if provider is None:
        return
    async with context.database.transaction() as session:
        due = await refresh.is_due(session, provider.source)
    if due:
        try:
            await refresh.refresh(context.database, provider, Actor.system())
        except RatesUnusable:
            return  # it was noted; the next hour tries again
