"""What a Stripe that is slow, away or half deaf makes of a payment: never two."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from pydantic import SecretStr, ValidationError

from mercat.kit.money import Money
from mercat.payments.providers.interface import ChargeState, Provider, ProviderAway, ProviderRefused, ReturnState
from mercat.payments.providers.stripe import StripeSettings
from payments.providers.conftest import RETURN, charge_request
from stripe_server import KEY, StripeServer


async def test_a_lost_answer_is_asked_for_again(cards: Provider, stripe_server: StripeServer) -> None:
    asked = charge_request(method_ref="pm_card_visa")
    stripe_server.lose_next_answer()
    with pytest.raises(ProviderAway):
        await cards.open(asked)
    found = await cards.find_of(asked.payment_id, datetime.now(UTC))
    assert found is not None
    assert await cards.open(asked) == found
    assert found.state is ChargeState.captured
    assert [len(stripe_server.books[kind]) for kind in ("payment_intent", "charge")] == [1, 1]


async def test_a_lost_decline_is_a_decline(cards: Provider, stripe_server: StripeServer) -> None:
    asked = charge_request(method_ref="pm_card_chargeDeclined")
    stripe_server.lose_next_answer()
    with pytest.raises(ProviderAway):
        await cards.open(asked)
    assert (await cards.open(asked)).failure_code == "generic_decline"
    assert len(stripe_server.books["charge"]) == 1


async def test_what_stripe_remembers_is_not_what_is(cards: Provider, stripe_server: StripeServer) -> None:
    asked = charge_request()
    charge = await cards.open(asked)
    stripe_server.pay(charge.ref, "pm_card_visa")
    assert (await cards.open(asked)).state is ChargeState.captured


async def test_a_lost_confirmation_pays_once(cards: Provider, stripe_server: StripeServer) -> None:
    asked = charge_request()
    charge = await cards.open(asked)
    card = stripe_server.new_method("pm_card_visa")
    assert stripe_server.calls["intents.retrieve"] == 0
    stripe_server.lose_next_answer(after=1)  # the first only asks
    with pytest.raises(ProviderAway):
        await cards.confirm(charge.ref, payment_id=asked.payment_id, method_ref=card, return_url=RETURN)
    again = await cards.confirm(charge.ref, payment_id=asked.payment_id, method_ref=card, return_url=RETURN)
    assert (again.state, again.captured) == (ChargeState.captured, charge.amount)
    assert len(stripe_server.books["charge"]) == 1


async def test_a_lost_capture_is_done_once(cards: Provider, stripe_server: StripeServer) -> None:
    charge = await cards.open(charge_request(method_ref="pm_card_visa", capture_later=True))
    stripe_server.lose_next_answer()
    with pytest.raises(ProviderAway):
        await cards.capture(charge.ref, Money(900, "EUR"), key="capture-1")
    assert (await cards.capture(charge.ref, Money(900, "EUR"), key="capture-1")).captured == Money(900, "EUR")
    assert len(stripe_server.books["balance_transaction"]) == 1


async def test_a_lost_end_is_an_end(cards: Provider, stripe_server: StripeServer) -> None:
    charge = await cards.open(charge_request())
    stripe_server.lose_next_answer()
    with pytest.raises(ProviderAway):
        await cards.cancel(charge.ref, key="cancel-1")
    assert (await cards.cancel(charge.ref, key="cancel-1")).state is ChargeState.cancelled


async def test_a_lost_refund_is_given_once(cards: Provider, stripe_server: StripeServer) -> None:
    charge = await cards.open(charge_request(method_ref="pm_card_visa"))
    refund_id = uuid4()
    stripe_server.lose_next_answer(after=1)  # the first only asks
    with pytest.raises(ProviderAway):
        await cards.refund(charge.ref, Money(500, "EUR"), refund_id=refund_id, reason="broken")
    again = await cards.refund(charge.ref, Money(500, "EUR"), refund_id=refund_id, reason="broken")
    assert (again.state, again.amount, again.refund_id) == (ReturnState.succeeded, Money(500, "EUR"), refund_id)
    assert len(stripe_server.books["refund"]) == 1


async def test_an_answer_that_takes_too_long(
    connected: Callable[..., Provider], cards: Provider, stripe_server: StripeServer
) -> None:
    asked = charge_request(method_ref="pm_card_visa")
    stripe_server.hang_next(0.6)
    with pytest.raises(ProviderAway):
        await connected(stripe_timeout=0.2).open(asked)
    with pytest.raises(ProviderAway):  # the key is in use: nobody knows yet
        await cards.open(asked)
    while not stripe_server.books["payment_intent"]:  # noqa: ASYNC110 - another thread's work
        await asyncio.sleep(0.02)
    assert (await cards.open(asked)).state is ChargeState.captured
    assert len(stripe_server.books["payment_intent"]) == 1


async def test_an_answer_that_never_ends(connected: Callable[..., Provider]) -> None:
    gone = asyncio.Event()

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not reader.at_eof():
            writer.write(b" ")
            with contextlib.suppress(TimeoutError, ConnectionError):
                await asyncio.wait_for(reader.read(1), 0.02)
        writer.transport.abort()
        gone.set()

    async with await asyncio.start_server(drip, "127.0.0.1", 0) as stranger:
        port = stranger.sockets[0].getsockname()[1]
        slow = connected(stripe_api_url=f"http://127.0.0.1:{port}", stripe_timeout=0.3)
        async with asyncio.timeout(10):
            with pytest.raises(ProviderAway):
                await slow.find("pi_1")
            await gone.wait()


@pytest.mark.parametrize("status", [409, 429, 500, 502, 503])
async def test_statuses_that_say_nothing(cards: Provider, stripe_server: StripeServer, status: int) -> None:
    asked = charge_request()
    stripe_server.refuse_next(status)
    with pytest.raises(ProviderAway):
        await cards.open(asked)
    assert stripe_server.calls["intents.create"] == 1  # the SDK tries nothing again by itself
    assert (await cards.open(asked)).payment_id == asked.payment_id


async def test_nobody_is_there(cards: Provider, stripe_server: StripeServer) -> None:
    asked = charge_request()
    stripe_server.be_away()
    for ask in (cards.open(asked), cards.find("pi_1"), cards.methods("cus_1"), cards.detach("pm_1")):
        with pytest.raises(ProviderAway):
            await ask
    stripe_server.come_back()
    assert (await cards.open(asked)).payment_id == asked.payment_id


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"<html>"),
        (200, b'{"id": "pi_1", "object": "payment_intent"}'),
        (403, b"<html>blocked</html>"),
        (404, b'{"detail": "no"}'),
        (301, b""),
        (200, b"\xff\xfe"),
        (200, b"[]"),
        (200, b"null"),
        (200, b"{}"),
        (400, b'{"error": "invalid_request"}'),
        (400, b'{"error": null}'),
    ],
)
async def test_somebody_else_answers(connected: Callable[..., Provider], status: int, body: bytes) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 {status} Whatever\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as stranger:
        port = stranger.sockets[0].getsockname()[1]
        with pytest.raises(ProviderAway):
            await connected(stripe_api_url=f"http://127.0.0.1:{port}").find("pi_1")


async def test_the_same_key_for_something_else_is_a_no(cards: Provider, stripe_server: StripeServer) -> None:
    asked = charge_request()
    await cards.open(asked)
    with pytest.raises(ProviderRefused) as refused:
        await cards.open(charge_request(minor=2999, payment_id=asked.payment_id))
    assert refused.value.code == "idempotency_error"
    assert len(stripe_server.books["payment_intent"]) == 1


async def test_the_loop_goes_on_while_stripe_is_slow(cards: Provider, stripe_server: StripeServer) -> None:
    stripe_server.hang_next(0.3)
    slow = asyncio.ensure_future(cards.open(charge_request()))
    turns = 0
    while not slow.done():
        await asyncio.sleep(0.01)
        turns += 1
    assert turns > 3
    await slow


async def test_no_secret_is_logged(
    cards: Provider, stripe_server: StripeServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    charge = await cards.open(charge_request(method_ref="pm_card_visa"))
    await cards.new_customer(uuid4(), "ada@example.com")
    stripe_server.refuse_next(500)
    with pytest.raises(ProviderAway) as away:
        await cards.find(charge.ref)
    said = caplog.text + repr(away.value) + repr(cards)
    assert charge.client_secret is not None
    for secret in (KEY, charge.client_secret, "ada@"):
        assert secret not in said


@pytest.mark.parametrize("url", ["http://stripe.example.com", "ftp://127.0.0.1", "127.0.0.1", "http://[", ""])
async def test_a_key_does_not_travel_in_the_open(url: str) -> None:
    with pytest.raises(ValidationError) as refused:
        StripeSettings(stripe_api_url=url, stripe_secret_key=SecretStr(KEY))
    assert KEY not in str(refused.value)
    assert json.loads(refused.value.json(include_url=False, include_input=False))[0]["type"] == "stripe_url"
