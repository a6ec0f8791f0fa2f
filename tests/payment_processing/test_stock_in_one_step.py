"""Whoever changes the stock of several variants locks all of them in the order of their keys, in one step."""

import asyncio
from collections.abc import Awaitable

import anyio
import anyio.lowlevel
import httpx2
import psycopg
import pytest

from payment_processing.conftest import Work
from payment_processing.test_exchanges import Fitting
from payment_processing.test_refunding import refund
from payment_processing.test_returns import all_is_well, moved, put
from shopping import Item, Shop

LOCK = "SELECT FROM stock_levels WHERE variant_id = %s ORDER BY location_id FOR UPDATE"
WAITING = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


async def in_the_midst(shop: Shop, low: Item, high: Item, request: Awaitable[httpx2.Response]) -> httpx2.Response:
    """Let somebody hold the lower key when the request comes, and take the higher one when the request waits for it."""
    async with await psycopg.AsyncConnection.connect(shop.database.settings.database_url) as other:
        await other.execute(LOCK, (low.variant_id,))
        task = asyncio.ensure_future(request)
        with anyio.fail_after(10):
            while not await shop.rows(WAITING):
                await anyio.lowlevel.checkpoint()
        await other.execute(LOCK, (high.variant_id,))
        await other.commit()
    return await task


@pytest.mark.parametrize("hats", [0, 1], ids=["nothing is paid back", "another piece is paid back"])
async def test_an_exchange_that_falls_away_while_somebody_buys_both(shop: Shop, work: Work, hats: int) -> None:
    fitting = Fitting(shop)
    await fitting.open()
    low, high = sorted((fitting.sizes["S"], fitting.sizes["L"]), key=lambda item: item.variant_id)
    buyer = await shop.buyer()
    placed = await shop.order(
        high, fitting.hat, headers=buyer.headers, payment_method="test", payment_method_id="test_approve"
    )
    fitting.order = placed.json()
    for step in ("shipped", "delivered"):
        assert (await shop.move(fitting.order["id"], step)).status_code == 200
    new = await fitting.asked(1, hats, variant=low.variant_id)
    await moved(shop, new["id"], "approved")
    assert (await shop.level(low))[1] == 1
    paid_back = [{"item_id": fitting.order["items"][0]["id"], "quantity": 1}]
    assert (await refund(shop, fitting.order["payment"]["id"], items=paid_back)).status_code == 201
    await work()

    received = await in_the_midst(shop, low, high, put(shop, new["id"], "received"))

    assert received.status_code == 200, received.text
    assert received.json()["exchanges"][0]["replacement_item_id"] is None
    assert (await shop.level(low))[1] == 0
    await all_is_well(shop)
