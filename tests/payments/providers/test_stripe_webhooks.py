"""Webhooks: what is believed, and what they lead to."""

import json
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr

from mercat.kit.money import Money
from mercat.payments.providers.interface import Provider, WebhookRejected
from payments.providers.conftest import charge_request
from stripe_server import SECRET, StripeServer

EVENT = {"id": "evt_1", "object": "event", "type": "payment_intent.succeeded", "created": 1, "data": {"object": {}}}


def event(kind: str, **thing: Any) -> dict[str, Any]:
    return {**EVENT, "type": kind, "data": {"object": thing}}


async def test_every_event_of_a_charges_life_leads_to_it(cards: Provider, stripe_server: StripeServer) -> None:
    charge = await cards.open(charge_request(method_ref="pm_card_threeDSecure2Required"))
    stripe_server.fail_3ds(charge.ref)
    stripe_server.pay(charge.ref, "pm_card_createDispute")
    [dispute] = (await cards.find(charge.ref)).disputes
    stripe_server.close_dispute(dispute.ref, won=True)
    stripe_server.let_refunds_pend()
    refund = await cards.refund(charge.ref, Money(100, "EUR"), refund_id=uuid4(), reason="")
    stripe_server.finish_refund(refund.ref, failed=True)
    told = {}
    for one in stripe_server.events:
        webhook = cards.read_webhook(*stripe_server.signed(one))
        assert (webhook.event_id, webhook.kind) == (one["id"], one["type"])
        told[webhook.kind] = webhook.charge_ref
    assert told.pop("charge.succeeded") is None
    assert set(told.values()) == {charge.ref}
    assert set(told) == {
        "payment_intent.created", "payment_intent.requires_action", "payment_intent.payment_failed",
        "payment_intent.succeeded", "charge.dispute.created", "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated", "charge.dispute.closed", "refund.created", "charge.refunded",
        "refund.updated", "charge.refund.updated", "refund.failed",
    }  # fmt: skip


async def test_what_is_kept_of_an_event_names_nobody_and_opens_nothing(
    cards: Provider, stripe_server: StripeServer
) -> None:
    charge = await cards.open(charge_request())
    [told] = stripe_server.events
    assert told["data"]["object"]["client_secret"] == charge.client_secret
    kept = cards.read_webhook(*stripe_server.signed(told)).body
    assert kept == {
        "id": told["id"],
        "type": "payment_intent.created",
        "created": told["created"],
        "data": {
            "object": {
                "id": charge.ref, "object": "payment_intent", "status": "requires_payment_method",
                "amount": 1999, "currency": "eur",
            }
        },
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "thing"),
    [
        ("customer.created", {"id": "cus_1"}),
        ("charge.succeeded", {"id": "ch_1", "payment_intent": "pi_1"}),
        ("charge.refunded", {"id": "ch_1", "payment_intent": None}),
        ("refund.created", {"id": "re_1"}),
        ("payment_intent.succeeded", {"id": "pi_1", "metadata": {"mercat": "another shop"}}),
        ("payment_intent.succeeded", {"id": "pi_1"}),
        ("v2.core.account.created", {}),
    ],
)
async def test_what_is_none_of_ours_leads_nowhere(
    cards: Provider, stripe_server: StripeServer, kind: str, thing: dict[str, Any]
) -> None:
    assert cards.read_webhook(*stripe_server.signed(event(kind, **thing))).charge_ref is None


async def test_headers_are_read_whatever_their_case(cards: Provider, stripe_server: StripeServer) -> None:
    body, headers = stripe_server.signed(EVENT)
    assert cards.read_webhook(body, {name.lower(): value for name, value in headers.items()}).event_id == "evt_1"
    assert cards.read_webhook(body, {name.upper(): value for name, value in headers.items()}).event_id == "evt_1"


async def test_nobody_vouches_for_it(cards: Provider, stripe_server: StripeServer) -> None:
    body, headers = stripe_server.signed(EVENT)
    for given, said in [
        (body, {}),
        (body, {"Stripe-Signature": ""}),
        (body, {"Stripe-Signature": "t=now,v1=abc"}),
        (body, {"Stripe-Signature": "v1=abc"}),
        (body, {"Stripe-Signature": headers["Stripe-Signature"].replace("v1=", "v0=")}),
        (body + b" ", headers),
        (body.replace(b"evt_1", b"evt_2"), headers),
        (b"", headers),
        (b"\xff\xfe", headers),
        stripe_server.signed(EVENT, secret="whsec_of_somebody_else"),
    ]:
        with pytest.raises(WebhookRejected):
            cards.read_webhook(given, said)


async def test_what_is_too_old_is_not_believed(cards: Provider, stripe_server: StripeServer) -> None:
    now = int(time.time())
    with pytest.raises(WebhookRejected):
        cards.read_webhook(*stripe_server.signed(EVENT, at=now - 301))
    assert cards.read_webhook(*stripe_server.signed(EVENT, at=now - 250)).event_id == "evt_1"


@pytest.mark.parametrize("secret", ["", " ", ",", " , "])
async def test_without_a_secret_nothing_is_believed(
    connected: Callable[..., Provider], stripe_server: StripeServer, secret: str
) -> None:
    deaf = connected(stripe_webhook_secret=SecretStr(secret))
    for signed_with in (SECRET, secret, ""):
        with pytest.raises(WebhookRejected):
            deaf.read_webhook(*stripe_server.signed(EVENT, secret=signed_with))


async def test_secrets_are_rolled(connected: Callable[..., Provider], stripe_server: StripeServer) -> None:
    rolling = connected(stripe_webhook_secret=SecretStr("whsec_new, whsec_old"))
    for secret in ("whsec_new", "whsec_old"):
        assert rolling.read_webhook(*stripe_server.signed(EVENT, secret=secret)).event_id == "evt_1"
    for secret in ("whsec_older", "whsec_new, whsec_old", ""):
        with pytest.raises(WebhookRejected):
            rolling.read_webhook(*stripe_server.signed(EVENT, secret=secret))


@pytest.mark.parametrize(
    "body", [[], "text", {}, {"id": "evt_1"}, {**EVENT, "data": {}}, {**EVENT, "id": None}, None, 1]
)
async def test_what_is_signed_but_no_event(cards: Provider, stripe_server: StripeServer, body: Any) -> None:
    with pytest.raises(WebhookRejected):
        cards.read_webhook(*stripe_server.signed(body))
    _, headers = stripe_server.signed(EVENT)
    with pytest.raises(WebhookRejected):
        cards.read_webhook(json.dumps(body).encode(), headers)
