"""Answers lost on the wire, between buyer and shop and between shop and Stripe: one effect, however often asked."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from fault_proxy import HOLE, LOST, RESET, Fault, FaultProxy
from journeys.conftest import Product, until
from payment_processing.books import books_balance
from shopping import ADDRESS, Item, Shop
from stripe_server import KEY, StripeServer

pytestmark = pytest.mark.long

CARD = {"payment_method_id": "pm_card_visa", "return_url": "http://shop.test/done"}
HALF_AN_ANSWER = Fault(answer=300)
HALF_A_REQUEST = Fault(request=150)
SLOW = Fault(latency=0.1)


@pytest.fixture
def stripe_wire(stripe_server: StripeServer) -> Iterator[FaultProxy]:
    """The wire between the shop and Stripe."""
    with FaultProxy(stripe_server.port) as wire:
        yield wire


@pytest.fixture
def wire(product: Product, stripe_server: StripeServer, stripe_wire: FaultProxy) -> Iterator[FaultProxy]:
    """The wire between buyers and the shop, which takes cards and is running."""
    product.environment |= stripe_server.settings
    product.environment |= {"MERCAT_STRIPE_API_URL": stripe_wire.url, "MERCAT_STRIPE_TIMEOUT": "5"}
    product.serve()
    with FaultProxy(product.port) as between:
        yield between


def post(wire: FaultProxy, path: str, body: dict[str, Any], headers: dict[str, str], key: str) -> httpx2.Response:
    """Ask over a connection of its own."""
    return httpx2.post(f"{wire.url}/api/v1{path}", json=body, headers={**headers, "Idempotency-Key": key}, timeout=60)


def until_answered(
    wire: FaultProxy, path: str, body: dict[str, Any], headers: dict[str, str], *faults: Fault
) -> tuple[httpx2.Response, str]:
    """Ask with one key while the wire breaks as told, and once more; returns the answer and the key."""
    key = uuid4().hex
    for fault in faults:
        wire.faults.append(fault)
        with pytest.raises(httpx2.TransportError):
            post(wire, path, body, headers, key)
    answer: list[httpx2.Response] = []

    def asked() -> bool:
        answer[:] = [post(wire, path, body, headers, key)]
        return answer[0].json().get("code") != "idempotency.in_progress"

    until(asked, "the first request with this key has ended")
    assert answer[0].status_code == 201, answer[0].text
    assert wire.connections > len(faults)
    return answer[0], key


def an_order(item: Item, **more: Any) -> dict[str, Any]:
    lines = [{"variant_id": item.variant_id, "quantity": 1}]
    return {"items": lines, "email": "ada@example.com", "shipping_address": ADDRESS, "payment_method": "card", **more}


def captured(stripe: StripeServer) -> list[int]:
    return [intent["amount_received"] for intent in stripe.books["payment_intent"].values()]


def returned(stripe: StripeServer) -> list[int]:
    return [refund["amount"] for refund in stripe.books["refund"].values()]


async def paid(shop: Shop, wire: FaultProxy) -> dict[str, Any]:
    buyer = await shop.buyer()
    answer = post(wire, "/orders", an_order(await shop.item(), **CARD), buyer.headers, uuid4().hex)
    order: dict[str, Any] = answer.json()
    assert order["status"] == "paid", order
    return order


async def test_an_order_whose_answer_was_lost_is_placed_and_paid_once(
    shop: Shop, wire: FaultProxy, stripe_server: StripeServer
) -> None:
    buyer, item = await shop.buyer(), await shop.item()
    body = an_order(item, **CARD)

    answer, key = until_answered(wire, "/orders", body, buyer.headers, LOST, HALF_AN_ANSWER, HALF_A_REQUEST, RESET)

    assert (answer.json()["status"], answer.headers["idempotent-replayed"]) == ("paid", "true")
    assert post(wire, "/orders", body, buyer.headers, key).json() == answer.json()
    assert await shop.rows("SELECT count(*) FROM orders") == [(1,)]
    assert captured(stripe_server) == [1490]
    assert await shop.level(item) == (10, 1)
    await books_balance(shop)

    # the same without the key: what all of this is for
    wire.faults.append(LOST)
    with pytest.raises(httpx2.TransportError):
        post(wire, "/orders", body, buyer.headers, uuid4().hex)
    assert post(wire, "/orders", body, buyer.headers, uuid4().hex).status_code == 201
    assert await shop.rows("SELECT count(*) FROM orders") == [(3,)]
    assert len(captured(stripe_server)) == 3


async def test_a_checkout_whose_answer_was_lost_uses_the_cart_up_once(
    shop: Shop, wire: FaultProxy, stripe_server: StripeServer
) -> None:
    item = await shop.item()
    guest = await shop.guest_cart(item)
    body = {"email": "ada@example.com", "shipping_address": ADDRESS, "payment_method": "card", **CARD}

    answer, key = until_answered(wire, "/cart/checkout", body, guest, LOST, HALF_AN_ANSWER)

    placed = answer.json()
    assert (placed["order"]["status"], placed["payment"]["status"]) == ("paid", "captured")
    assert post(wire, "/cart/checkout", body, guest, key).json() == placed
    refused = post(wire, "/cart/checkout", body, guest, uuid4().hex)
    assert (refused.status_code, refused.json()["code"]) == (409, "orders.already_ordered")
    assert await shop.rows("SELECT count(*) FROM orders") == [(1,)]
    assert captured(stripe_server) == [1490]
    await books_balance(shop)


async def test_a_payment_whose_answer_was_lost_is_opened_and_charged_once(
    shop: Shop, wire: FaultProxy, stripe_server: StripeServer
) -> None:
    buyer = await shop.buyer()
    placed = await shop.order(await shop.item(), headers=buyer.headers)
    body = {"order_id": placed.json()["id"], "provider": "card", **CARD}

    answer, key = until_answered(wire, "/payments/create", body, buyer.headers, LOST, HALF_AN_ANSWER)

    assert answer.json()["status"] == "captured"
    assert post(wire, "/payments/create", body, buyer.headers, key).json() == answer.json()
    refused = post(wire, "/payments/create", body, buyer.headers, uuid4().hex)
    assert (refused.status_code, refused.json()["code"]) == (409, "payments.not_payable")
    assert await shop.rows("SELECT count(*) FROM payments WHERE provider = 'stripe'") == [(1,)]
    assert captured(stripe_server) == [1490]
    await books_balance(shop)


async def test_a_refund_whose_answer_was_lost_gives_back_once(
    shop: Shop, wire: FaultProxy, stripe_server: StripeServer
) -> None:
    order, admin = await paid(shop, wire), await shop.admin()
    body = {"payment_id": order["payment"]["id"], "amount": {"amount": "1.00", "currency": "EUR"}}

    answer, key = until_answered(wire, "/payments/refund", body, admin.headers, LOST, HALF_AN_ANSWER)

    assert (answer.json()["status"], answer.json()["payment"]["refunded"]["amount"]) == ("succeeded", "1.00")
    assert post(wire, "/payments/refund", body, admin.headers, key).json() == answer.json()
    assert returned(stripe_server) == [100]
    await books_balance(shop)

    # the same without the key: what all of this is for
    wire.faults.append(LOST)
    with pytest.raises(httpx2.TransportError):
        post(wire, "/payments/refund", body, admin.headers, uuid4().hex)
    assert post(wire, "/payments/refund", body, admin.headers, uuid4().hex).status_code == 201
    assert returned(stripe_server) == [100, 100, 100]
    await books_balance(shop)


async def test_stripe_behind_a_broken_wire_takes_and_gives_back_once(
    shop: Shop, wire: FaultProxy, stripe_wire: FaultProxy, stripe_server: StripeServer, product: Product
) -> None:
    buyer, admin, item = await shop.buyer(), await shop.admin(), await shop.item()
    body = an_order(item, **CARD)

    for times, fault in enumerate([LOST, HALF_AN_ANSWER, HALF_A_REQUEST, RESET, HOLE], start=1):
        key = uuid4().hex
        stripe_wire.faults.append(fault)
        placed = post(wire, "/orders", body, buyer.headers, key)
        assert (placed.status_code, placed.json()["status"]) == (201, "pending"), fault  # it stands, and is not paid
        again = post(wire, "/orders", body, buyer.headers, key)
        assert (again.json()["id"], again.json()["status"]) == (placed.json()["id"], "paid"), fault
        assert captured(stripe_server) == [1490] * times, fault

        key = uuid4().hex
        stripe_wire.faults.append(fault)
        back = {"payment_id": placed.json()["payment"]["id"], "amount": "1.00"}
        asked = post(wire, "/payments/refund", back, admin.headers, key)
        assert (asked.status_code, asked.json()["status"]) == (201, "pending"), fault
        again = post(wire, "/payments/refund", back, admin.headers, key)
        assert (again.json()["id"], again.json()["status"]) == (asked.json()["id"], "pending"), (
            fault
        )  # its job sends it
        assert len(returned(stripe_server)) <= times, fault
    stripe_wire.faults.append(SLOW)
    await paid(shop, wire)

    product.run("worker")
    until(product.is_idle, "everything that waits is done")
    assert returned(stripe_server) == [100] * 5
    assert product.rows("SELECT status, count(*) FROM refunds GROUP BY status") == [("succeeded", 5)]
    assert captured(stripe_server) == [1490] * 6
    await books_balance(shop)


def test_the_double_would_count_two_without_our_keys(stripe_server: StripeServer, stripe_wire: FaultProxy) -> None:
    bearer = {"Authorization": f"Bearer {KEY}"}

    def pay(headers: dict[str, str]) -> None:
        form = {"amount": "100", "currency": "eur", "payment_method": "pm_card_visa", "confirm": "true",
                "return_url": "http://shop.test/done"}  # fmt: skip
        stripe_wire.faults.append(LOST)
        with pytest.raises(httpx2.TransportError):
            httpx2.post(f"{stripe_wire.url}/v1/payment_intents", data=form, headers={**bearer, **headers})
        httpx2.post(f"{stripe_wire.url}/v1/payment_intents", data=form, headers={**bearer, **headers})

    pay({"Idempotency-Key": "once"})
    assert captured(stripe_server) == [100]
    pay({})
    assert captured(stripe_server) == [100, 100, 100]
