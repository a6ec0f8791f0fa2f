"""A checkout happens once: double clicks, lost answers, two tabs."""

import asyncio
from collections import Counter

import pytest

from mercat.checkout import from_cart
from shopping import Shop


async def test_a_double_click_is_one_order(shop: Shop) -> None:
    item = await shop.item()
    cart = await shop.guest_cart(item)

    answers = await asyncio.gather(*(shop.check_out(cart, key="same") for _ in range(16)))

    assert Counter(a.status_code for a in answers).keys() <= {201, 409}
    assert {a.json()["code"] for a in answers if a.status_code == 409} <= {"idempotency.in_progress"}
    assert len({a.json()["order"]["id"] for a in answers if a.status_code == 201}) == 1
    assert len(await shop.rows("SELECT id FROM orders")) == 1
    assert await shop.level(item) == (10, 1)


async def test_a_retry_after_a_lost_answer_gets_the_same_answer(shop: Shop) -> None:
    cart = await shop.guest_cart(await shop.item())

    first = await shop.check_out(cart, key="lost")
    again = await shop.check_out(cart, key="lost")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert len(await shop.rows("SELECT id FROM orders")) == 1


async def test_two_keys_on_one_cart_are_one_order(shop: Shop) -> None:
    item = await shop.item()
    cart = await shop.guest_cart(item)

    answers = await asyncio.gather(*(shop.check_out(cart, key=f"tab {n}") for n in range(8)))

    assert Counter(a.status_code for a in answers) == {201: 1, 409: 7}
    [placed] = [a.json()["order"] for a in answers if a.status_code == 201]
    refused = [a.json() for a in answers if a.status_code == 409]
    assert {a["code"] for a in refused} == {"orders.already_ordered"}
    named = {"id": placed["id"], "number": placed["number"], "status": "pending", "total": placed["total"]}
    assert [a["order"] for a in refused] == [named] * 7
    assert await shop.level(item) == (10, 1)


async def test_the_same_key_with_another_body_is_refused(shop: Shop) -> None:
    cart = await shop.guest_cart(await shop.item())
    await shop.check_out(cart, key="k")

    other = await shop.check_out(cart, key="k", email="eve@example.com")

    assert (other.status_code, other.json()["code"]) == (422, "idempotency.key_reused")
    assert len(await shop.rows("SELECT id FROM orders")) == 1


async def test_keys_of_different_people_do_not_meet(shop: Shop) -> None:
    item = await shop.item()
    one, two = await shop.person(), await shop.person()

    first = await shop.order(item, key="1", headers=one.headers)
    second = await shop.order(item, key="1", headers=two.headers)

    assert first.json()["id"] != second.json()["id"]


async def test_a_refusal_is_not_remembered(shop: Shop) -> None:
    item = await shop.item(stock=0)
    assert (await shop.order(item, key="later")).status_code == 409

    admin = await shop.admin()
    path = f"/products/{item.product_id}/variants/{item.variant_id}/stock"
    await shop.client.put(path, json={"available": 1}, headers=admin.headers)

    assert (await shop.order(item, key="later")).status_code == 201


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "snow\u2603".encode()])
async def test_without_a_usable_key_nothing_happens(shop: Shop, key: str | bytes) -> None:
    item = await shop.item()

    answer = await shop.order(item, key=key)

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency.key_missing")
    assert await shop.level(item) == (10, 0)


async def test_a_crash_between_effect_and_answer_is_resumed(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    item = await shop.item()
    cart = await shop.guest_cart(item)
    real = from_cart.place

    async def dies(*args: object, **kwargs: object) -> None:
        await real(*args, **kwargs)  # type: ignore[arg-type]  # passed through as they came
        raise KeyboardInterrupt  # what a dying process looks like from inside

    monkeypatch.setattr(from_cart, "place", dies)
    with pytest.raises(KeyboardInterrupt):
        await shop.check_out(cart, key="crash")
    assert await shop.rows("SELECT id FROM orders") == []
    assert await shop.level(item) == (10, 0)

    monkeypatch.undo()
    assert (await shop.check_out(cart, key="crash")).status_code == 201
    assert await shop.level(item) == (10, 1)
