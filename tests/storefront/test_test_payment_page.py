"""The page of a test card's challenge, as a browser without scripts uses it, and what a client that waits then sees."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import httpx2
import pytest

from catalog.test_currency_prices import enable
from mercat.orders.links.signatures import link_key
from mercat.payments.providers.sandbox.challenges import url_of
from shopping import Shop
from storefront.test_account_pages import form_of

DONE = "https://front.example/orders/done?step=3"


async def asked(shop: Shop, **more: Any) -> dict[str, Any]:
    """Order something with a card that asks for a challenge."""
    buyer = await shop.buyer()
    item = await shop.item(price=more.pop("price", "10.00"))
    more = {"payment_method": "test", "payment_method_id": "test_require_action", **more}
    answer = await shop.order(item, headers=buyer.headers, **more)
    assert answer.status_code == 201, answer.text
    order: dict[str, Any] = answer.json()
    assert order["payment"]["next_action"]["type"] == "challenge"
    return order


def page_of(order: dict[str, Any]) -> str:
    """Return the page's address below the shop's own origin."""
    parts = urlsplit(order["payment"]["next_action"]["url"])
    return f"{parts.path}?{parts.query}"


async def seen(shop: Shop, order: dict[str, Any]) -> dict[str, Any]:
    """Return the payment as its buyer's client polls it."""
    buyer = await shop.buyer()
    found: dict[str, Any] = (await shop.client.get(f"/payments/{order['payment']['id']}", headers=buyer.headers)).json()
    return found


async def press(browser: httpx2.AsyncClient, page: str, answer: str) -> httpx2.Response:
    action, fields = form_of((await browser.get(page)).text)
    return await browser.post(action, data={**fields, "answer": answer})


async def test_approving_pays_and_leads_back_to_where_the_buyer_came_from(
    shop: Shop, browser: httpx2.AsyncClient
) -> None:
    order = await asked(shop, return_url=DONE)
    for _ in range(2):
        page = await browser.get(page_of(order))
    assert page.status_code == 200
    assert order["number"] in page.text
    assert page.text.count("<button") == 2
    assert "<script" not in page.text
    assert "form-action 'self' https://front.example;" in page.headers["content-security-policy"]
    assert (await seen(shop, order))["status"] == "requires_action"
    assert (await seen(shop, order))["next_action"] == order["payment"]["next_action"]

    action, fields = form_of(page.text)
    done = [await browser.post(action, data={**fields, "answer": "approve"}) for _ in range(2)]
    late = await browser.post(action, data={**fields, "answer": "decline"})

    assert [(one.status_code, one.headers["location"]) for one in (*done, late)] == [(303, DONE)] * 3
    paid = await seen(shop, order)
    assert (paid["status"], paid["captured"], paid["next_action"]) == ("captured", order["total"], None)
    assert await shop.rows("SELECT count(*) FROM ledger_entries WHERE kind = 'payment.captured'") == [(1,)]
    assert await shop.rows("SELECT status FROM orders") == [("paid",)]
    after = await browser.get(page_of(order))
    assert (after.status_code, "<form" in after.text, "This payment is made." in after.text) == (200, False, True)


async def test_declining_fails_and_without_a_place_to_return_to_the_order_is_shown(
    shop: Shop, browser: httpx2.AsyncClient
) -> None:
    order = await asked(shop)

    action, fields = form_of((await browser.get(page_of(order))).text)
    done = await browser.post(action, data={**fields, "answer": "decline"})
    late = await browser.post(action, data={**fields, "answer": "approve"})

    assert [one.status_code for one in (done, late)] == [303, 303]
    failed = await seen(shop, order)
    assert (failed["status"], failed["failure"]["code"]) == ("failed", "authentication_failed")
    assert await shop.rows("SELECT status FROM orders") == [("pending",)]
    parts = urlsplit(done.headers["location"])
    own = await browser.get(f"{parts.path}?{parts.query}")
    assert (own.status_code, order["number"] in own.text) == (200, True)


async def test_a_declined_payment_that_is_confirmed_anew_can_be_approved(
    shop: Shop, browser: httpx2.AsyncClient
) -> None:
    order = await asked(shop)
    await press(browser, page_of(order), "decline")
    buyer = await shop.buyer()
    body = {"payment_id": order["payment"]["id"], "payment_method_id": "test_require_action", "return_url": DONE}
    again = await shop.client.post("/payments/confirm", json=body, headers=buyer.headers)
    assert again.json()["next_action"]["url"] == order["payment"]["next_action"]["url"]

    done = await press(browser, page_of(order), "approve")

    assert done.headers["location"] == DONE
    assert (await seen(shop, order))["status"] == "captured"


@pytest.mark.parametrize("key", ["", "00" * 32, "nonsense", "é"])
async def test_without_the_right_key_there_is_no_page_and_nothing_happens(
    shop: Shop, browser: httpx2.AsyncClient, key: str
) -> None:
    order = await asked(shop)
    other = await asked(shop)
    path = f"/test-payments/{order['payment']['id']}"

    found = [
        await browser.get(path, params={"key": key}),
        await browser.post(path, data={"key": key, "answer": "approve"}),
        await browser.post(path, data={"key": page_of(other).rpartition("=")[2], "answer": "approve"}),
        await browser.get(f"/test-payments/{uuid4()}", params={"key": key}),
        await browser.get("/test-payments/none", params={"key": key}),
    ]

    assert [one.status_code for one in found] == [404] * 5
    assert not any("<form" in one.text or order["number"] in one.text for one in found)
    assert (await seen(shop, order))["status"] == "requires_action"


async def test_where_test_payments_are_off_there_is_no_page(
    shop: Shop, browser: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = await asked(shop)
    action, fields = form_of((await browser.get(page_of(order))).text)
    monkeypatch.setenv("MERCAT_TEST_PAYMENTS", "false")

    found = [await browser.get(page_of(order)), await browser.post(action, data={**fields, "answer": "approve"})]

    assert [one.status_code for one in found] == [404, 404]
    assert (await seen(shop, order))["status"] == "requires_action"


async def test_a_payment_of_another_provider_has_no_page_even_for_the_right_key(
    shop: Shop, browser: httpx2.AsyncClient
) -> None:
    order = (await shop.order(await shop.item(), headers=(await shop.buyer()).headers)).json()
    assert (order["payment"]["provider"], order["payment"]["next_action"]["url"]) == ("manual", None)
    signed = urlsplit(url_of(UUID(order["payment"]["id"])))

    found = [
        await browser.get(f"{signed.path}?{signed.query}"),
        await browser.post(signed.path, data={"key": signed.query.removeprefix("key="), "answer": "approve"}),
    ]

    assert [one.status_code for one in found] == [404, 404]
    assert (await seen(shop, order))["status"] == "requires_action"


async def test_an_order_that_was_given_up_cannot_be_paid_on_the_page(shop: Shop, browser: httpx2.AsyncClient) -> None:
    order = await asked(shop)
    action, fields = form_of((await browser.get(page_of(order))).text)
    await shop.move(order["id"], "cancelled")

    late = await browser.post(action, data={**fields, "answer": "approve"})

    assert (late.status_code, "<form" in late.text, "given up" in late.text) == (409, False, True)
    assert (await seen(shop, order))["status"] == "cancelled"


@pytest.mark.parametrize("where", ["https://a.example;script-src:1/", "https://me@a.example/", "https://a';b/"])
async def test_an_address_that_a_policy_cannot_name_is_not_led_to(
    shop: Shop, browser: httpx2.AsyncClient, where: str
) -> None:
    order = await asked(shop, return_url=where)

    page = await browser.get(page_of(order))
    done = await press(browser, page_of(order), "approve")

    assert "a.example" not in page.headers["content-security-policy"]
    assert f"/orders/{order['id']}" in done.headers["location"]


async def test_the_page_speaks_its_reader_s_language(shop: Shop, browser: httpx2.AsyncClient) -> None:
    page = await browser.get(page_of(await asked(shop)), headers={"Accept-Language": "de"})

    assert "Ablehnen" in page.text
    assert "Zu zahlen" in page.text


@pytest.mark.parametrize(
    ("code", "language", "total"),
    [("USD", "en", "$27.38"), ("JPY", "de", "4.060\u00a0¥"), ("KWD", "fr", "8,325\u00a0KWD")],
)
async def test_pages_show_the_currency_of_the_order_in_the_reader_s_language(
    shop: Shop, browser: httpx2.AsyncClient, code: str, language: str, total: str
) -> None:
    await enable(shop, code)
    order = await asked(shop, price="19.99", currency=code)
    headers = {"Accept-Language": language}

    challenge = await browser.get(page_of(order), headers=headers)
    behind_link = await browser.get(f"/orders/{order['id']}?key={link_key(UUID(order['id']))}", headers=headers)

    for page in (challenge, behind_link):
        assert page.status_code == 200
        assert total in page.text
        assert "€" not in page.text
