"""What jobs change is heard by open pages too, also when a process of a fleet runs them one by one."""

import asyncio
from collections.abc import Callable

import pytest
from fastapi import FastAPI

from live_servers import opened, serving, until_all_listen
from mercat import worker
from mercat.embedded import Redis
from mercat.outbox.celery_fleet import Hands
from mercat.outbox.jobs import app
from shopping import Shop


async def test_a_job_of_the_fleet_is_heard_before_its_process_falls_asleep(
    shop: Shop, make: Callable[..., FastAPI], redis_server: Redis, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MERCAT_DATABASE_URL", database_url)
    monkeypatch.setenv("MERCAT_REDIS_URL", redis_server.url)
    item = await shop.item(stock=5)
    assert (await shop.order(item, quantity=5)).status_code == 201
    await shop.rows("UPDATE orders SET expires_at = now() - interval '1 minute' RETURNING id")
    ((job_id,),) = await shop.rows(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args)"
        " VALUES (%s, %s, jsonb_build_object('timestamp', 1)) RETURNING id",
        app.tasks["orders.expire_due"].queue, "orders.expire_due",
    )  # fmt: skip
    hands = Hands(worker.REACTIONS, worker._publishing)  # noqa: SLF001 - what `celery -A mercat.worker` is made of

    async with serving(make(redis_url=redis_server.url)) as address, opened(address) as page:
        await page.subscribe(f"stock:{item.product_id}")
        await until_all_listen(redis_server, 1)
        try:
            await asyncio.to_thread(hands.run, job_id)
            heard = await page.hear()
        finally:
            await asyncio.to_thread(hands.close)

    assert (heard["variant_id"], heard["available"]) == (item.variant_id, 5)
    assert await shop.rows("SELECT status FROM orders") == [("expired",)]
