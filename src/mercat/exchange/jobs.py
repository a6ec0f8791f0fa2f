"""What happens to rates by itself."""

from mercat import outbox
from mercat.auth import Actor
from mercat.exchange import refresh
from mercat.exchange.provider import RatesUnusable


@outbox.every(outbox.minutes(1), "exchange.follow_settings")
async def follow_settings(context: outbox.JobContext) -> None:
    """Take new fixed rates of the settings, and ask a provider that was never asked: nobody waits for an hour."""
    async with context.database.transaction() as session:
        await refresh.take_settings(session)
    provider = refresh.configured()
    if provider is None:
        return
    async with context.database.transaction() as session:
        asked = await refresh.was_asked(session, provider.source)
    if not asked:
        await refresh_rates(context)


@outbox.every(outbox.hourly(minute=23), "exchange.refresh_rates")
async def refresh_rates(context: outbox.JobContext) -> None:
    """Fetch the rates of the day: once they are out, and hourly until they came."""
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
