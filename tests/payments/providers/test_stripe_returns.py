"""Money that goes back through Stripe."""

import asyncio
from collections.abc import Callable
from uuid import uuid4

import pytest

from mercat.kit.money import Money
from mercat.payments.providers.interface import Charge, Provider, ProviderRefused, Returned, ReturnState
from payments.providers.conftest import charge_request
from stripe_server import StripeServer


@pytest.fixture
async def paid(cards: Provider) -> Charge:
    """A charge of 100."""
    return await cards.open(charge_request(minor=10000, method_ref="pm_card_visa"))


async def back(cards: Provider, paid: Charge, minor: int, **more: object) -> Returned:
    amount = Money(minor, "EUR")
    return await cards.refund(paid.ref, amount, **{"refund_id": uuid4(), "reason": "", **more})  # type: ignore[arg-type]  # by name


async def test_part_after_part(cards: Provider, stripe_server: StripeServer, paid: Charge) -> None:
    refund_id = uuid4()
    first = await back(cards, paid, 3000, refund_id=refund_id, reason="The handle is broken.")
    assert (first.state, first.amount, first.refund_id, first.reason) == (
        ReturnState.succeeded, Money(3000, "EUR"), refund_id, "The handle is broken.",
    )  # fmt: skip
    second = await back(cards, paid, 7000)
    found = await cards.find(paid.ref)
    assert found.returns == (second, first)
    assert found.captured == paid.captured
    assert f"refund-{refund_id}" in stripe_server.app.keys


async def test_never_more_than_was_paid(cards: Provider, stripe_server: StripeServer, paid: Charge) -> None:
    with pytest.raises(ProviderRefused):
        await back(cards, paid, 10001)
    outcomes = await asyncio.gather(*(back(cards, paid, 6000) for _ in range(2)), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ProviderRefused", "Returned"]
    await back(cards, paid, 4000)
    with pytest.raises(ProviderRefused) as refused:
        await back(cards, paid, 1)
    assert refused.value.code == "charge_already_refunded"
    assert sum(refund["amount"] for refund in stripe_server.books["refund"].values()) == 10000


async def test_the_same_refund_is_given_once_however_late(
    cards: Provider, stripe_server: StripeServer, paid: Charge
) -> None:
    refund_id = uuid4()
    first = await back(cards, paid, 3000, refund_id=refund_id)
    stripe_server.forget_keys()
    assert await back(cards, paid, 3000, refund_id=refund_id) == first
    assert len(stripe_server.books["refund"]) == 1


async def test_ten_at_once_with_one_id_are_one(cards: Provider, stripe_server: StripeServer, paid: Charge) -> None:
    refund_id = uuid4()
    await asyncio.gather(*(back(cards, paid, 700, refund_id=refund_id) for _ in range(10)))
    assert len(stripe_server.books["refund"]) == 1


async def test_money_on_its_way_back(cards: Provider, stripe_server: StripeServer, paid: Charge) -> None:
    stripe_server.let_refunds_pend()
    refund_id = uuid4()
    pending = await back(cards, paid, 3000, refund_id=refund_id)
    assert pending.state is ReturnState.pending
    stripe_server.finish_refund(pending.ref)
    again = await back(cards, paid, 3000, refund_id=refund_id)
    assert (again.state, again.ref) == (ReturnState.succeeded, pending.ref)
    lost = await back(cards, paid, 7000)
    stripe_server.finish_refund(lost.ref, failed=True)
    assert [one.state for one in (await cards.find(paid.ref)).returns] == [ReturnState.failed, ReturnState.succeeded]
    assert (await back(cards, paid, 7000)).state is ReturnState.pending


async def test_more_refunds_than_travel_with_a_charge(cards: Provider, paid: Charge) -> None:
    given = [await back(cards, paid, 100) for _ in range(12)]
    assert (await cards.find(paid.ref)).returns == tuple(reversed(given))


async def test_somebody_elses_refund_is_seen_and_is_not_ours(
    cards: Provider, connected: Callable[..., Provider], paid: Charge
) -> None:
    foreign = await back(connected(stripe_instance="other"), paid, 500)
    assert foreign.refund_id is not None
    [seen] = (await cards.find(paid.ref)).returns
    assert (seen.ref, seen.amount, seen.refund_id) == (foreign.ref, foreign.amount, None)


async def test_what_was_not_paid_is_not_given_back(cards: Provider, stripe_server: StripeServer) -> None:
    for asked in (
        charge_request(),
        charge_request(method_ref="pm_card_chargeDeclined"),
        charge_request(method_ref="pm_card_visa", capture_later=True),
    ):
        with pytest.raises(ProviderRefused):
            await back(cards, await cards.open(asked), 100)
    assert stripe_server.books["refund"] == {}


async def test_what_the_bank_took_back_is_not_given_back_too(
    cards: Provider, stripe_server: StripeServer, paid: Charge
) -> None:
    stripe_server.dispute(paid.ref)
    with pytest.raises(ProviderRefused) as refused:
        await back(cards, paid, 100)
    assert refused.value.code == "charge_disputed"


async def test_a_long_reason_is_cut(cards: Provider, stripe_server: StripeServer, paid: Charge) -> None:
    await back(cards, paid, 100, reason="x" * 2000)
    [refund] = stripe_server.books["refund"].values()
    assert len(refund["metadata"]["reason"]) == 500
