"""Customers at Stripe, and their cards."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from mercat.payments.providers.interface import ChargeState, Provider, ProviderRefused
from payments.providers.conftest import charge_request
from stripe_server import StripeServer


async def test_somebody_is_one_customer_however_late(cards: Provider, stripe_server: StripeServer) -> None:
    user_id = uuid4()
    customer = await cards.new_customer(user_id, "ada@example.com")
    assert await cards.new_customer(user_id, "ada@example.com") == customer
    stripe_server.forget_keys()
    assert await cards.new_customer(user_id, "ada@example.com") == customer
    [kept] = stripe_server.books["customer"].values()
    assert kept["metadata"] == {"mercat": "mercat", "user_id": str(user_id)}
    assert stripe_server.app.keys == [f"customer-{user_id}"]


async def test_people_with_one_address_are_two_customers(
    cards: Provider, connected: Callable[..., Provider], stripe_server: StripeServer
) -> None:
    user_id = uuid4()
    customer = await cards.new_customer(user_id, "ada@example.com")
    assert await cards.new_customer(uuid4(), "ada@example.com") != customer
    stripe_server.forget_keys()
    assert await connected(stripe_instance="other").new_customer(user_id, "ada@example.com") != customer


async def test_a_card_is_saved_without_paying(cards: Provider, stripe_server: StripeServer) -> None:
    customer = await cards.new_customer(uuid4(), "ada@example.com")
    setup, secret = await cards.begin_saving(customer)
    assert secret.startswith(setup)
    assert await cards.methods(customer) == []
    method = stripe_server.save(setup, "pm_card_mastercard")
    assert await cards.attach(customer, method) == (await cards.methods(customer))[0]
    assert [(one.ref, one.brand, one.last4) for one in await cards.methods(customer)] == [
        (method, "mastercard", "4444")
    ]
    assert stripe_server.calls["methods.attach"] == 0


async def test_a_method_of_the_browsers_is_kept_and_forgotten(cards: Provider, stripe_server: StripeServer) -> None:
    customer = await cards.new_customer(uuid4(), "ada@example.com")
    method = stripe_server.new_method("pm_card_visa")
    kept = await cards.attach(customer, method)
    assert await cards.attach(customer, method) == kept
    await cards.detach(method)
    await cards.detach(method)
    await cards.detach("pm_nothing")
    assert await cards.methods(customer) == []
    with pytest.raises(ProviderRefused):
        await cards.open(charge_request(method_ref=method, customer_ref=customer))


async def test_more_methods_than_fit_on_a_page(
    cards: Provider, stripe_server: StripeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mercat.payments.providers.stripe import methods  # noqa: PLC0415 - the SDK, not before a test wants it

    monkeypatch.setattr(methods, "PAGE", 2)
    customer = await cards.new_customer(uuid4(), "ada@example.com")
    kept = [await cards.attach(customer, stripe_server.new_method("pm_card_visa")) for _ in range(5)]
    assert await cards.methods(customer) == list(reversed(kept))
    assert stripe_server.calls["customers.methods"] == 3


async def test_nobody_takes_or_uses_anothers_card(cards: Provider, stripe_server: StripeServer) -> None:
    ada, eve = [await cards.new_customer(uuid4(), f"{name}@example.com") for name in ("ada", "eve")]
    card = await cards.attach(ada, stripe_server.new_method("pm_card_visa"))
    with pytest.raises(ProviderRefused):
        await cards.attach(eve, card.ref)
    with pytest.raises(ProviderRefused):
        await cards.open(charge_request(method_ref=card.ref, customer_ref=eve))
    assert await cards.methods(eve) == []
    assert stripe_server.books["charge"] == {}


async def test_a_bank_may_refuse_that_a_card_is_kept(cards: Provider, stripe_server: StripeServer) -> None:
    customer = await cards.new_customer(uuid4(), "ada@example.com")
    with pytest.raises(ProviderRefused) as refused:
        await cards.attach(customer, stripe_server.new_method("pm_card_chargeDeclined"))
    assert refused.value.code == "card_declined"


async def test_a_kept_card_may_fail_later(cards: Provider, stripe_server: StripeServer) -> None:
    customer = await cards.new_customer(uuid4(), "ada@example.com")
    card = await cards.attach(customer, stripe_server.new_method("pm_card_chargeCustomerFail"))
    charge = await cards.open(charge_request(method_ref=card.ref, customer_ref=customer))
    assert (charge.state, charge.failure_code) == (ChargeState.failed, "generic_decline")
    assert await cards.methods(customer) == [card]


async def test_nobodys_methods(cards: Provider) -> None:
    with pytest.raises(ProviderRefused) as refused:
        await cards.methods("cus_nobody")
    assert refused.value.code == "resource_missing"
