"""Events that were handled long ago are forgotten; those that somebody may still need are not."""

from datetime import timedelta

import pytest

from mercat import outbox
from mercat.kit import clock
from mercat.outbox import retention
from mercat.outbox.jobs import app
from shopping import Shop


async def aged(shop: Shop, days: int) -> str:
    """Publish something, as long ago as that; the event was handled."""
    order = await shop.order(await shop.item())
    [(event_id,)] = await shop.rows("SELECT id::text FROM events WHERE payload->>'order_id' = %s", order.json()["id"])
    await shop.rows(
        "UPDATE events SET occurred_at = occurred_at - make_interval(days => %s) WHERE id = %s RETURNING 1",
        days,
        event_id,
    )
    await shop.rows("INSERT INTO handled_events (event_id, handler) VALUES (%s, 'x') RETURNING 1", event_id)
    return str(event_id)


async def left(shop: Shop) -> set[str]:
    return {row[0] for row in await shop.rows("SELECT id::text FROM events WHERE starts_with(name, 'orders.')")}


async def test_old_events_go_with_the_marks_of_their_handlers(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    old = [await aged(shop, 91) for _ in range(5)]
    parked, young = await aged(shop, 200), await aged(shop, 89)
    await shop.rows("DELETE FROM procrastinate_jobs WHERE args->>'event_id' <> %s RETURNING 1", parked)
    await shop.rows("UPDATE procrastinate_jobs SET status = 'failed' RETURNING 1")

    gone = await outbox.purge(shop.database, clock.now() - timedelta(days=90))

    assert gone == len(old)
    assert await left(shop) == {parked, young}
    assert {row[0] for row in await shop.rows("SELECT event_id::text FROM handled_events")} == {parked, young}
    assert await outbox.purge(shop.database, clock.now() - timedelta(days=90)) == 0


async def test_a_schedule_does_it(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_EVENTS_KEPT_DAYS", "30")
    old, young = await aged(shop, 31), await aged(shop, 29)
    await shop.rows("DELETE FROM procrastinate_jobs RETURNING 1")
    async with shop.database.transaction() as session:
        await outbox.defer(session, app.tasks["outbox.purge_events"], timestamp=0)

    await outbox.run_worker(outbox.JobContext(shop.database), wait=False, install_signal_handlers=False)

    assert await left(shop) == {young}
    assert old not in await left(shop)
