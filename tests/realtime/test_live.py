"""Pages that are open hear of stock at once, from every process, and nobody hears what is not theirs."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from websockets.exceptions import ConnectionClosed, InvalidStatus

from live_servers import Page, opened, serving, until_all_listen
from mercat import inventory, realtime
from mercat.auth import Actor
from mercat.embedded import Redis
from mercat.kit.config import ProcessSettings
from mercat.kit.database import Database, DatabaseSettings
from mercat.kit.ids import new_id
from mercat.kit.redis import RedisSettings, connect
from mercat.realtime.hub import WAITING, Hub, anybody
from mercat.realtime.messages import Message
from shopping import PASSWORD, Shop

Make = Callable[..., FastAPI]


async def connected(address: str, **headers: str) -> None:
    """Connect, if one may."""
    async with opened(address, **headers):
        return


async def talk(page: Page) -> None:
    """Say more than anybody wants to hear."""
    for _ in range(100):
        await page.nothing()


async def test_everybody_hears_of_a_sale_whichever_process_they_are_at(
    shop: Shop, make: Make, redis_server: Redis
) -> None:
    item = await shop.item(stock=5)
    topic = f"stock:{item.product_id}"
    async with (
        serving(make(redis_url=redis_server.url)) as first,
        serving(make(redis_url=redis_server.url)) as second,
        opened(first) as here,
        opened(second) as there,
        opened(second) as elsewhere,
    ):
        for page in (here, there):
            assert await page.subscribe(topic) == {"type": "subscribed", "topics": [topic]}
        await until_all_listen(redis_server, 2)
        await shop.order(item, quantity=5)

        expected = {
            "type": "stock.changed",
            "product_id": item.product_id,
            "variant_id": item.variant_id,
            "available": 0,
            "in_stock": False,
        }
        assert [await page.hear() for page in (here, there)] == [expected, expected]
        assert await elsewhere.nothing()


async def test_without_redis_those_of_the_process_hear_it(shop: Shop, make: Make) -> None:
    item = await shop.item(stock=5)
    async with serving(make()) as address, opened(address) as page:
        await page.subscribe(f"stock:{item.product_id}")
        await shop.order(item)

        assert (await page.hear())["available"] == 4


async def test_what_is_refused_is_not_told(shop: Shop, make: Make) -> None:
    item = await shop.item(stock=1)
    async with serving(make()) as address, opened(address) as page:
        await page.subscribe(f"stock:{item.product_id}")
        assert (await shop.order(item, quantity=2)).status_code == 409
        assert await page.nothing()

        await page.say(type="unsubscribe", topics=[f"stock:{item.product_id}"])
        assert await page.hear() == {"type": "subscribed", "topics": []}
        await shop.order(item)
        assert await page.nothing()


async def test_a_shops_topic_is_for_its_people(shop: Shop, make: Make) -> None:
    keeper, vendor_id = await shop.seller("north-kiln")
    rival, _ = await shop.seller("south-mill")
    buyer = await shop.buyer()
    item = await shop.item(stock=5, vendor="north-kiln")
    topic = f"vendor:{vendor_id}"
    refused = {"type": "error", "code": "realtime.no_such_topic", "topic": topic}
    async with serving(make()) as address:
        for headers in ({}, rival.headers, buyer.headers):
            async with opened(address, **headers) as page:
                assert await page.subscribe(topic) == refused
                assert await page.hear() == {"type": "subscribed", "topics": []}
        async with opened(address, **keeper.headers) as page, opened(address) as browser:
            await page.subscribe(topic, f"stock:{item.product_id}")
            await browser.say(type="sign_in", token=keeper.headers["Authorization"].removeprefix("Bearer "))
            assert await browser.hear() == {"type": "signed_in"}
            assert await browser.subscribe(topic) == {"type": "subscribed", "topics": [topic]}
            await shop.order(item)

            assert (await page.hear())["variant_id"] == (await browser.hear())["variant_id"] == item.variant_id
            assert await page.nothing()  # once, although two of its topics were meant


async def test_who_leaves_the_shop_hears_no_more(shop: Shop, make: Make) -> None:
    keeper, vendor_id = await shop.seller("north-kiln")
    topic = f"vendor:{vendor_id}"
    app = make(realtime_heartbeat_seconds="0.05")
    async with serving(app) as address, opened(address, **keeper.headers) as page:
        await page.subscribe(topic)
        await shop.rows("DELETE FROM vendor_members RETURNING 1")

        while (heard := await page.hear())["type"] == "heartbeat":
            continue

        assert heard == {"type": "error", "code": "realtime.no_such_topic", "topic": topic}


async def test_a_page_of_another_site_has_no_use_of_the_cookie(shop: Shop, make: Make) -> None:
    keeper, vendor_id = await shop.seller("north-kiln")
    form = {"username": keeper.email, "password": PASSWORD}
    answer = await shop.client.post("/auth/session", data=form, headers={"Sec-Fetch-Site": "same-origin"})
    cookie = answer.headers["set-cookie"].split(";")[0]
    topic = f"vendor:{vendor_id}"
    async with serving(make()) as address:
        async with opened(address, Cookie=cookie, Origin=ProcessSettings().public_url) as page:
            assert await page.subscribe(topic) == {"type": "subscribed", "topics": [topic]}
        for headers in ({"Origin": "https://elsewhere.example"}, {}, {"Sec_Fetch_Site": "cross-site"}):
            with pytest.raises(InvalidStatus):
                await connected(address, Cookie=cookie, **headers)
        with pytest.raises(InvalidStatus):
            await connected(address, Authorization="Bearer nonsense")


async def test_what_a_worker_does_is_heard(shop: Shop, make: Make, redis_server: Redis, database_url: str) -> None:
    item = await shop.item(stock=5)
    worker = Database(DatabaseSettings(database_url=database_url))
    redis = connect(RedisSettings(redis_url=redis_server.url))
    async with (
        serving(make(redis_url=redis_server.url)) as address,
        opened(address) as page,
        realtime.publishing(worker, redis),
    ):
        await page.subscribe(f"stock:{item.product_id}")
        await until_all_listen(redis_server, 1)
        async with worker.transaction() as session:
            await inventory.reserve(session, new_id(), {UUID(item.variant_id): 2}, actor="test")

        assert (await page.hear())["available"] == 3
    await redis.aclose()
    await worker.close()


async def test_nonsense_is_answered_and_the_page_stays_connected(shop: Shop, make: Make) -> None:
    item = await shop.item()
    said = [
        "", "no json", "[]", "{}", "null", '{"type": "subscribe"}', '{"type": "subscribe", "topics": []}',
        '{"type": "subscribe", "topics": "stock"}', '{"type": "drop"}', '{"type": "ping", "more": 1}', "\ud7ff" * 10,
    ]  # fmt: skip
    async with serving(make()) as address, opened(address) as page:
        for message in said:
            await page.connection.send(message)
            assert await page.hear() == {"type": "error", "code": "realtime.not_understood"}
        await page.connection.send(b"\x00\xff")
        assert (await page.hear())["code"] == "realtime.not_understood"
        await page.connection.send("x" * 5000)
        assert (await page.hear())["code"] == "realtime.too_long"
        await page.say(type="sign_in", token="nonsense")
        assert (await page.hear())["code"] == "auth.invalid_token"
        for topic in ("", "stock", "stock:", "stock:1", "nothing:1", f"stock:{uuid4().hex}", "vendor:*"):
            assert (await page.subscribe(topic))["code"] == "realtime.no_such_topic"
            assert (await page.hear())["topics"] == []
        await page.say(type="subscribe", topics=[f"stock:{uuid4()}" for _ in range(50)])
        assert len((await page.hear())["topics"]) == 50
        assert (await page.subscribe(f"stock:{item.product_id}"))["code"] == "realtime.too_many_topics"


async def test_too_many_pages_and_too_many_words(make: Make) -> None:
    app = make(realtime_connections="1")
    async with serving(app) as address, opened(address) as page:
        with pytest.raises(InvalidStatus):
            await connected(address)
        with pytest.raises(ConnectionClosed):
            await talk(page)


def test_a_slow_reader_is_sent_away() -> None:
    hub = Hub({"stock": anybody})
    with hub.joined("192.0.2.1") as listener:
        hub.join(listener, {"stock:1"})
        for number in range(3 * WAITING):
            hub.deliver(Message(("stock:1", "vendor:1"), {"n": number}))

        waiting = [listener.outgoing.get_nowait() for _ in range(listener.outgoing.qsize())]
        assert waiting[-1] is None
        assert len(waiting) == WAITING
        assert hub.size == 1
    assert hub.size == 0
    hub.deliver(Message(("stock:1",), {}))
    assert listener.outgoing.empty()


async def test_one_address_cannot_take_all_connections(make: Make) -> None:
    app = make(realtime_connections_per_address="2")
    async with serving(app) as address:
        async with opened(address), opened(address):
            with pytest.raises(InvalidStatus):
                async with opened(address):
                    pass
        async with opened(address) as page:  # who left makes room
            assert await page.nothing()


async def test_rights_are_looked_up_once_for_all_topics_of_a_kind(make: Make) -> None:
    app = make(realtime_heartbeat_seconds="0.05")
    asked: list[int] = []

    async def guard(_database: Database, _actor: Actor, about: set[UUID]) -> set[UUID]:
        asked.append(len(about))
        return about

    app.state.realtime = Hub({"stock": guard})
    topics = [f"stock:{uuid4()}" for _ in range(50)]
    async with serving(app) as address, opened(address) as page:
        assert (await page.subscribe(*topics))["topics"] == sorted(topics)
        while (await page.hear())["type"] != "heartbeat":
            pass

    assert asked[:2] == [50, 50]
