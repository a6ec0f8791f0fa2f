"""What a guest had put in follows them when they sign in: as much as fits, and nobody else's."""

from typing import Any

import httpx2
import pytest

from mercat.cart.merge import merge
from mercat.cart.schemas import MAX_LINES
from mercat.inventory import Availability
from mercat.kit.ids import new_id
from shopping import Item, Person, Shop

Body = dict[str, Any]


async def add(shop: Shop, item: Item, quantity: int, headers: dict[str, str]) -> httpx2.Response:
    body = {"variant_id": item.variant_id, "quantity": quantity}
    answer: httpx2.Response = await shop.client.post("/cart/add", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    shop.client.cookies.clear()
    return answer


async def seen(shop: Shop, person: Person, **more: str) -> Body:
    found: Body = (await shop.client.get("/cart", headers={**person.headers, **more})).json()
    return found


async def test_no_more_comes_along_than_there_is_and_the_cart_says_so_once(shop: Shop) -> None:
    scarce, gone, buyer = await shop.item(stock=5), await shop.item(stock=2), await shop.buyer()
    await add(shop, scarce, 3, buyer.headers)
    guest = await shop.guest_cart(scarce, quantity=4)
    await add(shop, gone, 2, guest)
    assert (await shop.order(gone, quantity=2)).status_code == 201

    merged, again = await seen(shop, buyer, **guest), await seen(shop, buyer, **guest)

    assert [(line["variant_id"], line["quantity"]) for line in merged["items"]] == [(scarce.variant_id, 5)]
    told = [(one["code"], one["variant_id"], one["requested"], one["quantity"]) for one in merged["merge_losses"]]
    assert told == [
        ("inventory.insufficient_stock", scarce.variant_id, 7, 5),
        ("inventory.insufficient_stock", gone.variant_id, 2, 0),
    ]
    assert again["merge_losses"] == []


async def test_nothing_is_ordered_that_a_merge_has_cut_untold(shop: Shop) -> None:
    item, buyer = await shop.item(stock=5), await shop.buyer()
    await add(shop, item, 3, buyer.headers)
    both = {**buyer.headers, **await shop.guest_cart(item, quantity=4)}

    first, second = await shop.check_out(both), await shop.check_out(both)

    assert (first.status_code, first.json()["code"]) == (409, "checkout.cart_changed")
    assert [(one["requested"], one["quantity"]) for one in first.json()["differences"]] == [(7, 5)]
    assert second.status_code == 201, second.text
    assert second.json()["order"]["items"][0]["quantity"] == 5


def test_a_merge_keeps_the_limit_of_lines() -> None:
    own = {new_id(): 1 for _ in range(MAX_LINES - 1)}
    first, second, shared = new_id(), new_id(), next(iter(own))
    brought = {first: 1, second: 2, shared: 3}

    merged, merge_losses = merge(own, brought, dict.fromkeys(brought, Availability(100)))

    assert merged == {first: 1, shared: 4}
    assert [(one.code, one.variant_id, one.quantity) for one in merge_losses] == [("cart.full", second, 0)]


def test_what_is_in_ones_own_cart_never_becomes_less() -> None:
    variant = new_id()

    merged, [loss] = merge({variant: 9}, {variant: 1}, {variant: Availability(2)})

    assert (merged, loss.quantity) == ({variant: 9}, 9)


async def test_a_browser_takes_its_own_cart_along(shop: Shop) -> None:
    item, buyer = await shop.item(), await shop.buyer()
    added = await shop.client.post("/cart/add", json={"variant_id": item.variant_id})
    assert "mercat_cart" in added.cookies

    cart = await seen(shop, buyer)

    assert [line["variant_id"] for line in cart["items"]] == [item.variant_id]


@pytest.mark.parametrize("proof", ["", "~", "~00ff", "~zz"])
async def test_a_token_that_was_planted_as_a_cookie_brings_nobody_a_strangers_lines(shop: Shop, proof: str) -> None:
    stranger, buyer = await shop.guest_cart(await shop.item()), await shop.buyer()

    cart = await seen(shop, buyer, Cookie=f"mercat_cart={stranger['X-Cart-Token']}{proof}")

    assert cart["items"] == []
    assert len((await shop.client.get("/cart", headers=stranger)).json()["items"]) == 1


async def test_over_https_only_a_cookie_counts_that_no_other_host_can_set(shop: Shop) -> None:
    item, buyer = await shop.item(), await shop.buyer()
    secure = shop.client.base_url.copy_with(scheme="https")
    added = await shop.client.post(f"{secure}cart/add", json={"variant_id": item.variant_id})
    [cookie] = added.headers.get_list("set-cookie")
    value = cookie.split(";")[0].partition("=")[2]
    shop.client.cookies.clear()

    planted = await shop.client.get(f"{secure}cart", headers={**buyer.headers, "Cookie": f"mercat_cart={value}"})
    own = await shop.client.get(f"{secure}cart", headers={**buyer.headers, "Cookie": f"__Host-mercat_cart={value}"})

    assert cookie.startswith("__Host-mercat_cart=")
    assert {"Secure", "HttpOnly", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "domain" not in cookie.lower()
    assert (planted.json()["items"], len(own.json()["items"])) == ([], 1)


async def test_a_cookie_lives_as_long_as_the_cart_that_is_used(shop: Shop) -> None:
    item, other = await shop.item(), await shop.item()

    first = await shop.client.post("/cart/add", json={"variant_id": item.variant_id})
    second = await shop.client.post("/cart/add", json={"variant_id": other.variant_id})

    assert [f"Max-Age={30 * 86_400}" in answer.headers["set-cookie"] for answer in (first, second)] == [True, True]
    assert second.json()["token"] is None
