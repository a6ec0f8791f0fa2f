"""Charges at Stripe: made, confirmed, captured, given up, and what Stripe says of them."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from mercat.kit.money import Money
from mercat.payments.providers.interface import ChargeState, Provider, ProviderRefused
from payments.providers.conftest import RETURN, charge_request
from stripe_server import StripeServer

AGES_AGO = datetime(2020, 1, 1, tzinfo=UTC)


async def confirm(cards: Provider, ref: str, card: str | None, payment_id: object = None) -> ChargeState:
    charge = await cards.confirm(ref, payment_id=payment_id or uuid4(), method_ref=card, return_url=RETURN)
    return charge.state


async def test_a_card_is_charged_at_once(cards: Provider, stripe_server: StripeServer) -> None:
    asked = charge_request(method_ref="pm_card_visa")
    charge = await cards.open(asked)
    assert (charge.state, charge.amount, charge.captured) == (ChargeState.captured, asked.amount, asked.amount)
    assert charge.payment_id == asked.payment_id
    assert charge.fee == Money(1999 * 15 // 1000 + 25, "EUR")
    assert charge.method is not None
    assert (charge.method.kind, charge.method.brand, charge.method.last4, charge.method.expires) == (
        "card", "visa", "4242", "2034-04",
    )  # fmt: skip
    assert charge.created_at is not None
    assert abs(charge.created_at - datetime.now(UTC)) < timedelta(minutes=1)
    [intent] = stripe_server.books["payment_intent"].values()
    assert intent["metadata"] == {
        "mercat": "mercat", "payment_id": str(asked.payment_id), "order_id": str(asked.order_id),
    }  # fmt: skip
    assert stripe_server.app.keys == [f"payment-{asked.payment_id}"]
    assert charge == await cards.find(charge.ref)


async def test_without_a_card_the_browser_goes_on(cards: Provider, stripe_server: StripeServer) -> None:
    charge = await cards.open(charge_request())
    assert (charge.state, charge.captured, charge.method, charge.fee) == (
        ChargeState.requires_action, Money(0, "EUR"), None, None,
    )  # fmt: skip
    assert charge.client_secret is not None
    assert charge.client_secret.startswith(charge.ref)
    stripe_server.pay(charge.ref, "pm_card_visa")
    assert (await cards.find(charge.ref)).state is ChargeState.captured


async def test_a_decline_is_an_answer(cards: Provider, stripe_server: StripeServer) -> None:
    asked = charge_request(method_ref="pm_card_chargeDeclinedInsufficientFunds")
    charge = await cards.open(asked)
    assert (charge.state, charge.captured) == (ChargeState.failed, Money(0, "EUR"))
    assert (charge.failure_code, charge.failure_message) == ("insufficient_funds", "Your card was declined.")
    assert charge.payment_id == asked.payment_id
    plain = await cards.open(charge_request(method_ref="pm_card_chargeDeclinedExpiredCard"))
    assert plain.failure_code == "expired_card"
    assert stripe_server.books["balance_transaction"] == {}


async def test_a_declined_charge_is_paid_with_another_card(cards: Provider, stripe_server: StripeServer) -> None:
    asked = charge_request(method_ref="pm_card_chargeDeclined")
    charge = await cards.open(asked)
    assert await confirm(cards, charge.ref, "pm_card_visa", asked.payment_id) is ChargeState.captured
    assert (await cards.open(asked)).state is ChargeState.captured  # and not the decline that Stripe remembers
    assert len(stripe_server.books["payment_intent"]) == 1


async def test_the_same_card_may_be_tried_again_after_a_decline(cards: Provider, stripe_server: StripeServer) -> None:
    charge = await cards.open(charge_request())
    payment_id = uuid4()
    card = stripe_server.new_method("pm_card_chargeDeclined")
    assert await confirm(cards, charge.ref, card, payment_id) is ChargeState.failed
    assert await confirm(cards, charge.ref, card, payment_id) is ChargeState.failed
    assert len(stripe_server.books["charge"]) == 2
    assert len(set(stripe_server.app.keys)) == 3


async def test_the_bank_asks_for_the_buyer(cards: Provider, stripe_server: StripeServer) -> None:
    charge = await cards.open(charge_request(method_ref="pm_card_threeDSecure2Required"))
    assert charge.state is ChargeState.requires_action
    assert charge.next_action == {
        "type": "redirect_to_url", "url": f"https://hooks.stripe.test/3d_secure/{charge.ref}",
    }  # fmt: skip
    assert await confirm(cards, charge.ref, None) is ChargeState.requires_action  # nothing to do but to wait
    stripe_server.pass_3ds(charge.ref)
    assert await confirm(cards, charge.ref, None) is ChargeState.captured
    assert stripe_server.calls["intents.confirm"] == 0


async def test_the_browser_asks_for_the_buyer_where_there_is_no_way_back(cards: Provider) -> None:
    charge = await cards.open(charge_request(method_ref="pm_card_authenticationRequired", return_url=""))
    assert charge.next_action == {"type": "use_stripe_sdk"}


async def test_a_buyer_whom_the_bank_does_not_know(cards: Provider, stripe_server: StripeServer) -> None:
    charge = await cards.open(charge_request(method_ref="pm_card_authenticationRequired"))
    stripe_server.fail_3ds(charge.ref)
    failed = await cards.find(charge.ref)
    assert (failed.state, failed.failure_code) == (ChargeState.failed, "payment_intent_authentication_failure")
    assert failed.next_action is None
    assert await confirm(cards, charge.ref, "pm_card_visa") is ChargeState.captured


async def test_a_saved_card_is_charged_again(cards: Provider, stripe_server: StripeServer) -> None:
    customer = await cards.new_customer(uuid4(), "ada@example.com")
    first = await cards.open(charge_request(method_ref="pm_card_visa", customer_ref=customer, save_method=True))
    assert first.method is not None
    assert await cards.methods(customer) == [first.method]
    again = await cards.open(charge_request(method_ref=first.method.ref, customer_ref=customer))
    assert again.state is ChargeState.captured
    [intent, _] = stripe_server.books["payment_intent"].values()
    assert intent["setup_future_usage"] == "off_session"


async def test_money_that_takes_days(cards: Provider, stripe_server: StripeServer) -> None:
    charge = await cards.open(charge_request(method_ref="pm_usBankAccount_success"))
    assert charge.state is ChargeState.processing
    assert charge.method is not None
    assert (charge.method.kind, charge.method.last4, charge.method.expires) == ("us_bank_account", "6789", "")
    with pytest.raises(ProviderRefused) as refused:
        await cards.cancel(charge.ref, key="cancel-1")
    assert refused.value.code == "payment_intent_unexpected_state"
    stripe_server.finish_processing(charge.ref)
    assert (await cards.find(charge.ref)).state is ChargeState.captured


async def test_authorized_money_is_captured_in_part(cards: Provider, stripe_server: StripeServer) -> None:
    charge = await cards.open(charge_request(method_ref="pm_card_visa", capture_later=True))
    assert (charge.state, charge.captured, charge.fee) == (ChargeState.authorized, Money(0, "EUR"), None)
    taken = await cards.capture(charge.ref, Money(1500, "EUR"), key="capture-1")
    assert (taken.state, taken.captured, taken.amount) == (ChargeState.captured, Money(1500, "EUR"), charge.amount)
    assert await cards.capture(charge.ref, Money(1500, "EUR"), key="capture-1") == taken
    assert await cards.capture(charge.ref, Money(1500, "EUR"), key="capture-2") == taken
    assert len(stripe_server.books["balance_transaction"]) == 1


async def test_no_more_is_captured_than_was_authorized(cards: Provider, stripe_server: StripeServer) -> None:
    charge = await cards.open(charge_request(method_ref="pm_card_visa", capture_later=True))
    with pytest.raises(ProviderRefused) as refused:
        await cards.capture(charge.ref, Money(2000, "EUR"), key="capture-1")
    assert refused.value.code == "amount_too_large"
    assert stripe_server.books["balance_transaction"] == {}


async def test_what_nobody_authorized_cannot_be_captured(cards: Provider) -> None:
    charge = await cards.open(charge_request())
    with pytest.raises(ProviderRefused) as refused:
        await cards.capture(charge.ref, Money(1999, "EUR"), key="capture-1")
    assert refused.value.code == "payment_intent_unexpected_state"


async def test_a_charge_is_given_up(cards: Provider, stripe_server: StripeServer) -> None:
    for asked in (
        charge_request(),
        charge_request(method_ref="pm_card_visa", capture_later=True),
        charge_request(method_ref="pm_card_chargeDeclined"),
    ):
        charge = await cards.open(asked)
        key = f"cancel-{asked.payment_id}"
        assert (await cards.cancel(charge.ref, key=key)).state is ChargeState.cancelled
        assert (await cards.cancel(charge.ref, key=f"{key}-again")).state is ChargeState.cancelled
        assert await confirm(cards, charge.ref, "pm_card_visa") is ChargeState.cancelled
    assert stripe_server.books["balance_transaction"] == {}


async def test_what_was_captured_meanwhile_is_not_given_up(cards: Provider, stripe_server: StripeServer) -> None:
    charge = await cards.open(charge_request())
    stripe_server.pay(charge.ref, "pm_card_visa")
    found = await cards.cancel(charge.ref, key="cancel-1")
    assert (found.state, found.captured) == (ChargeState.captured, charge.amount)


async def test_ten_clicks_pay_once(cards: Provider, stripe_server: StripeServer) -> None:
    asked = charge_request()
    charge = await cards.open(asked)
    card = stripe_server.new_method("pm_card_visa")
    clicks = [confirm(cards, charge.ref, card, asked.payment_id) for _ in range(10)]
    states = await asyncio.gather(*clicks)
    assert set(states) == {ChargeState.captured}
    assert len(stripe_server.books["charge"]) == 1


async def test_a_browser_that_is_faster(cards: Provider, stripe_server: StripeServer) -> None:
    charge = await cards.open(charge_request())
    card = stripe_server.new_method("pm_card_visa")
    stripe_server.hang_next(0.3, after=1)
    slow = asyncio.ensure_future(confirm(cards, charge.ref, card))
    while not stripe_server.calls["intents.confirm"]:  # noqa: ASYNC110 - another thread's work
        await asyncio.sleep(0.01)
    stripe_server.pay(charge.ref, "pm_card_visa")
    assert await slow is ChargeState.captured
    assert len(stripe_server.books["charge"]) == 1


async def test_a_dispute_is_seen_to_its_end(cards: Provider, stripe_server: StripeServer) -> None:
    charge = await cards.open(charge_request(method_ref="pm_card_createDispute"))
    [dispute] = charge.disputes or (await cards.find(charge.ref)).disputes
    assert (dispute.state, dispute.amount, dispute.reason) == ("open", charge.amount, "fraudulent")
    stripe_server.close_dispute(dispute.ref, won=False)
    assert [found.state for found in (await cards.find(charge.ref)).disputes] == ["lost"]
    other = await cards.open(charge_request(method_ref="pm_card_visa"))
    stripe_server.close_dispute(stripe_server.dispute(other.ref, 500), won=True)
    assert [(found.state, found.amount.minor) for found in (await cards.find(other.ref)).disputes] == [("won", 500)]


async def test_a_charge_whose_answer_was_lost_is_looked_up(cards: Provider, connected: Callable[..., Provider]) -> None:
    asked = charge_request()
    charge = await cards.open(asked)
    now = datetime.now(UTC)
    assert await cards.find_of(asked.payment_id, now) == charge
    assert await cards.find_of(uuid4(), now) is None
    assert await cards.find_of(asked.payment_id, now + timedelta(hours=1)) is None
    assert await connected(stripe_instance="other").find_of(asked.payment_id, now) is None


async def test_all_pages_of_our_charges_and_nobody_elses(
    cards: Provider, connected: Callable[..., Provider], stripe_server: StripeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mercat.payments.providers.stripe import charges  # noqa: PLC0415 - the SDK, not before a test wants it

    monkeypatch.setattr(charges, "PAGE", 3)
    other = connected(stripe_instance="other shop")
    mine = []
    for _ in range(7):
        mine.append(await cards.open(charge_request(method_ref="pm_card_visa")))
        foreign = await other.open(charge_request())
    stripe_server.dispute(mine[0].ref)
    seen = [charge async for charge in cards.charges(AGES_AGO)]
    assert [charge.ref for charge in seen] == [charge.ref for charge in reversed(mine)]
    assert seen[:-1] == list(reversed(mine[1:]))
    assert len(seen[-1].disputes) == 1
    assert stripe_server.calls["intents.list"] == 5
    assert (await cards.find(foreign.ref)).payment_id is None
    assert [charge async for charge in cards.charges(datetime.now(UTC) + timedelta(hours=1))] == []


async def test_what_is_not_there(cards: Provider) -> None:
    with pytest.raises(ProviderRefused) as refused:
        await cards.find("pi_nothing")
    assert refused.value.code == "resource_missing"


async def test_a_wrong_key_is_a_no(connected: Callable[..., Provider]) -> None:
    from pydantic import SecretStr  # noqa: PLC0415

    with pytest.raises(ProviderRefused) as refused:
        await connected(stripe_secret_key=SecretStr("sk_test_of_somebody_else")).open(charge_request())
    assert refused.value.code == "invalid_request_error"
    assert "somebody" not in str(refused.value)
