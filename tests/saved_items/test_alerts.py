"""Alerts come true once, and are told once, whatever happens to those who work on them."""

import asyncio
from typing import Any
from uuid import UUID

import httpx2
import pytest

from letters import Letter, Mailbox
from mercat import outbox
from mercat.inventory.events import BackInStock
from mercat.outbox.events import dispatch_event
from mercat.saved_items import product_alerts
from mercat.saved_items.jobs import look_at_watched
from mercat.worker import REACTIONS
from pricing.operating import sale
from shopping import PASSWORD, Item, Person, Shop


async def watch(shop: Shop, person: Person, item: Item, kind: str, **more: Any) -> httpx2.Response:
    path = f"/products/{item.product_id}/alerts"
    return await shop.client.post(path, json={"kind": kind, **more}, headers=person.headers)


async def look(shop: Shop) -> None:
    """Do what the schedule does."""
    await look_at_watched(outbox.JobContext(shop.database, REACTIONS))


async def reprice(shop: Shop, item: Item, price: str) -> None:
    admin = await shop.admin()
    answer = await shop.client.patch(f"/products/{item.product_id}", json={"price": price}, headers=admin.headers)
    assert answer.status_code == 200, answer.text


async def restock(shop: Shop, item: Item, pieces: int) -> None:
    admin = await shop.admin()
    path = f"/products/{item.product_id}/variants/{item.variant_id}/stock"
    assert (await shop.client.put(path, json={"available": pieces}, headers=admin.headers)).is_success


async def told(mailbox: Mailbox, person: Person) -> list[Letter]:
    return [letter for letter in await mailbox.letters() if letter.to == person.email]


@pytest.mark.parametrize("of", ["product", "variant"])
async def test_a_lower_price_is_told_once(shop: Shop, mailbox: Mailbox, of: str) -> None:
    ada, item = await shop.person(), await shop.item(price="18.50", name="Mug")
    which = {} if of == "product" else {"variant_id": item.variant_id}
    asked = await watch(shop, ada, item, "price_drop", **which)
    assert asked.json()["price_seen"]["amount"] == "18.50"

    for price in ("18.50", "20.00"):
        await reprice(shop, item, price)
        await look(shop)
    assert await told(mailbox, ada) == []
    await reprice(shop, item, "15.00")
    await asyncio.gather(*(look(shop) for _ in range(4)))
    (letter,) = await told(mailbox, ada)
    assert letter.subject == "Mug costs less now"
    assert "Now €15.00, before €18.50." in letter.text
    await reprice(shop, item, "10.00")
    await look(shop)
    assert await told(mailbox, ada) == []
    (alert,) = (await shop.client.get("/users/me/alerts", headers=ada.headers)).json()["items"]
    assert alert["told_at"] is not None


@pytest.mark.parametrize("of", ["product", "variant"])
async def test_a_sale_is_a_lower_price(shop: Shop, mailbox: Mailbox, of: str) -> None:
    ada, item = await shop.person(), await shop.item(price="20.00", name="Mug")
    which = {} if of == "product" else {"variant_id": item.variant_id}
    await watch(shop, ada, item, "price_drop", **which)
    await look(shop)
    assert await told(mailbox, ada) == []

    await sale(shop, kind="percent", percent="10", applies_to="lines")
    await shop.handle_events()
    await look(shop)

    (letter,) = await told(mailbox, ada)
    assert "Now €18.00, before €20.00." in letter.text


async def prefer(shop: Shop, person: Person, **notifications: bool | None) -> None:
    body = {"notifications": notifications or None}
    assert (await shop.client.patch("/users/me", json=body, headers=person.headers)).status_code == 200


@pytest.mark.parametrize("said", [{"product_alerts": False}, {}])
async def test_alerts_of_who_wants_no_such_mail_wait_until_they_want_it_again(
    shop: Shop, mailbox: Mailbox, said: dict[str, bool]
) -> None:
    ada, eve, item = await shop.person(), await shop.person(), await shop.item(stock=0, name="Mug")
    for person in (ada, eve):
        await watch(shop, person, item, "back_in_stock")
        await prefer(shop, person, news=True)
    await prefer(shop, ada, **said)

    await restock(shop, item, 3)
    await look(shop)
    assert [letter.to for letter in await mailbox.letters()] == [eve.email]
    (waiting,) = (await shop.client.get("/users/me/alerts", headers=ada.headers)).json()["items"]
    assert waiting["told_at"] is None

    await prefer(shop, ada, product_alerts=True)
    await look(shop)
    await look(shop)
    assert [letter.to for letter in await mailbox.letters()] == [ada.email]


async def test_somebody_waits_for_a_certain_price(shop: Shop, mailbox: Mailbox) -> None:
    ada, item = await shop.person(), await shop.item(price="18.50")
    for below, code in (
        ("18.50", "saved_items.price_low_now"),
        ({"amount": "1", "currency": "USD"}, "request.invalid"),
    ):
        refused = await watch(shop, ada, item, "price_drop", below=below)
        assert refused.json()["code"] == code
    assert (await watch(shop, ada, item, "price_drop", below="15")).status_code == 201

    await reprice(shop, item, "15.01")
    await look(shop)
    assert await told(mailbox, ada) == []
    await reprice(shop, item, "15.00")
    await look(shop)
    assert len(await told(mailbox, ada)) == 1


async def test_what_is_back_is_told_by_the_schedule(shop: Shop, mailbox: Mailbox) -> None:
    ada, item = await shop.person(), await shop.item(stock=1, name="Mug")
    refused = await watch(shop, ada, item, "back_in_stock")
    assert (refused.status_code, refused.json()["code"]) == (409, "saved_items.in_stock_now")
    await restock(shop, item, 0)
    assert (await watch(shop, ada, item, "back_in_stock")).status_code == 201

    await look(shop)
    assert await told(mailbox, ada) == []
    await restock(shop, item, 3)
    await look(shop)
    await look(shop)
    assert [letter.subject for letter in await told(mailbox, ada)] == ["Mug is back"]


async def test_what_is_back_is_told_at_once_and_an_event_twice_delivered_once(shop: Shop, mailbox: Mailbox) -> None:
    ada, eve, item = await shop.person(), await shop.person(), await shop.item(stock=0)
    await watch(shop, ada, item, "back_in_stock", variant_id=item.variant_id)
    await watch(shop, eve, item, "back_in_stock")
    async with shop.database.transaction() as session:
        early = await outbox.publish(session, BackInStock(variant_ids=(UUID(item.variant_id),)))
    assert await told(mailbox, ada) == []
    assert early is not None
    await restock(shop, item, 1)
    async with shop.database.transaction() as session:
        event = await outbox.publish(session, BackInStock(variant_ids=(UUID(item.variant_id),)))
        for _ in range(2):
            await outbox.defer(session, dispatch_event, event_id=str(event))

    await asyncio.gather(mailbox.work(), look(shop))
    letters = await mailbox.letters()

    assert sorted(letter.to for letter in letters) == sorted([ada.email, eve.email])


async def test_a_worker_that_dies_between_telling_and_committing_tells_once(
    shop: Shop, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, item = await shop.person(), await shop.item(price="18.50")
    await watch(shop, ada, item, "price_drop")
    await reprice(shop, item, "10.00")

    async def dies(*_: object) -> None:
        raise RuntimeError("the lights went out")

    with monkeypatch.context() as dark:
        dark.setattr("mercat.outbox.publish", dies)
        with pytest.raises(ExceptionGroup, match="alerts "):
            await look(shop)
    assert await shop.rows("SELECT 1 FROM product_alerts WHERE told_at IS NOT NULL") == []
    await look(shop)
    assert len(await told(mailbox, ada)) == 1


async def test_who_asks_again_is_told_again_and_who_does_not_wait_is_not(shop: Shop, mailbox: Mailbox) -> None:
    ada, eve, item = await shop.person(), await shop.person(), await shop.item(price="18.50")
    await watch(shop, ada, item, "price_drop")
    hers = (await watch(shop, eve, item, "price_drop")).json()["id"]
    await reprice(shop, item, "15.00")
    await look(shop)
    assert (await shop.client.delete(f"/users/me/alerts/{hers}", headers=ada.headers)).status_code == 404
    assert (await shop.client.delete(f"/users/me/alerts/{hers}", headers=eve.headers)).status_code == 204
    letters = await mailbox.letters()
    assert [letter.to for letter in letters] == [ada.email]

    await watch(shop, ada, item, "price_drop")
    await reprice(shop, item, "14.00")
    await look(shop)
    assert len(await told(mailbox, ada)) == 1
    assert len((await shop.client.get("/users/me/alerts", headers=ada.headers)).json()["items"]) == 1


async def test_what_is_not_on_sale_is_neither_watched_nor_told(shop: Shop, mailbox: Mailbox) -> None:
    ada, item = await shop.person(), await shop.item(price="18.50")
    await watch(shop, ada, item, "price_drop")
    await reprice(shop, item, "10.00")
    admin = await shop.admin()
    await shop.client.patch(f"/products/{item.product_id}", json={"status": "archived"}, headers=admin.headers)

    await look(shop)

    assert await told(mailbox, ada) == []
    assert (await watch(shop, ada, item, "price_drop")).status_code == 404
    await shop.client.patch(f"/products/{item.product_id}", json={"status": "active"}, headers=admin.headers)
    await look(shop)
    assert len(await told(mailbox, ada)) == 1


async def test_who_is_erased_is_told_nothing(shop: Shop, mailbox: Mailbox) -> None:
    ada, item = await shop.person(), await shop.item(price="18.50")
    await watch(shop, ada, item, "price_drop")
    await reprice(shop, item, "10.00")
    await look(shop)
    gone = await shop.client.post("/users/me/erase", json={"password": PASSWORD}, headers=ada.headers)
    assert gone.status_code == 204

    assert await mailbox.letters() == []
    assert await shop.rows("SELECT 1 FROM product_alerts") == []


@pytest.mark.parametrize("body", [{"kind": "rain"}, {"kind": "back_in_stock", "below": "1"}, {}])
async def test_nonsense_is_refused(shop: Shop, body: dict[str, str]) -> None:
    item, ada = await shop.item(stock=0), await shop.person()
    path = f"/products/{item.product_id}/alerts"
    assert (await shop.client.post(path, json=body, headers=ada.headers)).status_code == 422
    assert (await shop.client.post(path, json={"kind": "price_drop"})).status_code == 401


async def test_at_once_no_more_alerts_than_there_may_be(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(product_alerts, "MOST_ALERTS", 2)
    ada, bob = await shop.person(), await shop.person()
    items = [await shop.item(price="18.50") for _ in range(6)]

    asked = [watch(shop, ada, item, "price_drop") for item in items]
    answers = await asyncio.gather(*asked, *(watch(shop, bob, item, "price_drop") for item in items[:2]))

    assert sorted(answer.status_code for answer in answers[:6]) == [201, 201, 409, 409, 409, 409]
    assert {answer.status_code for answer in answers[6:]} == {201}
    assert await shop.rows("SELECT count(*) FROM product_alerts WHERE user_id = %s", ada.id) == [(2,)]


async def test_with_as_many_alerts_as_there_may_be_each_can_be_asked_for_anew(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(product_alerts, "MOST_ALERTS", 1)
    ada = await shop.person()
    first, second = await shop.item(price="18.50"), await shop.item(price="18.50")

    answers = [await watch(shop, ada, item, "price_drop") for item in (first, first, second)]

    assert [answer.status_code for answer in answers] == [201, 201, 409]
    assert answers[0].json()["id"] == answers[1].json()["id"]
