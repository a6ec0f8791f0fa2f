"""Payouts by Stripe: one transfer for each payout, however many answers are lost and however often it is asked for."""

import asyncio
from uuid import UUID

import pytest

from mercat.kit.settings_memory import read_anew
from mercat.payments.providers import ProviderAway
from mercat.payouts.transfers import send
from payment_processing.books import books_balance
from payment_processing.conftest import Work
from payouts.stories import cleared, payable, run, sold, standing
from shopping import PASSWORD, Shop
from stripe_server import StripeServer

START = {"return_url": "https://shop.test/portal", "password": PASSWORD}
PAYOUTS = "SELECT amount_minor::int, status, provider_ref IS NOT NULL FROM payouts ORDER BY id"
pytestmark = pytest.mark.usefixtures("stripe")


async def begin(shop: Shop) -> tuple[UUID, str]:
    """Let a shop's owner choose Stripe; returns the shop and its account there."""
    owner, vendor_id = await shop.seller("north-kiln")
    answer = await shop.client.post("/vendor/payout-account/stripe", json=START, headers=owner.headers)
    assert answer.status_code == 200, answer.text
    assert answer.json()["url"].startswith("https://connect.stripe.test/setup/acct_")
    ((ref,),) = await shop.rows("SELECT provider_ref FROM payout_accounts WHERE vendor_id = %s", vendor_id)
    return vendor_id, str(ref)


async def ready(shop: Shop, stripe: StripeServer, *, money: int = 100_000) -> UUID:
    """Make a shop that Stripe knows, with 100.00 to be paid out."""
    vendor_id, ref = await begin(shop)
    stripe.finish_onboarding(ref)
    await shop.rows("UPDATE payout_accounts SET ready = true, held_until = NULL RETURNING vendor_id")
    await sold(shop, vendor_id, "100.00", rate="0")
    await cleared(shop)
    stripe.top_up(money)
    return vendor_id


async def the_payout(shop: Shop) -> UUID:
    ((payout_id,),) = await shop.rows("SELECT id FROM payouts WHERE status IN ('requested', 'sent')")
    assert isinstance(payout_id, UUID)
    return payout_id


async def test_a_shop_is_paid_once_stripe_says_that_it_can_be(shop: Shop, stripe: StripeServer, work: Work) -> None:
    vendor_id, ref = await begin(shop)
    await begin_again_makes_no_second_account(shop, stripe)
    await sold(shop, vendor_id, "100.00", rate="0")
    await cleared(shop)
    stripe.top_up(100_000)
    await shop.rows("UPDATE payout_accounts SET held_until = NULL RETURNING vendor_id")
    await run(shop)
    assert await shop.rows(PAYOUTS) == []

    body, headers = stripe.signed(stripe.finish_onboarding(ref))
    for _ in range(2):
        posted = await shop.client.post("/payments/webhooks/stripe", content=body, headers=headers)
        assert posted.status_code == 204
    await work()
    assert await shop.rows("SELECT ready FROM payout_accounts") == [(True,)]

    await run(shop)
    await work()
    assert await shop.rows(PAYOUTS) == [(10000, "paid", True)]
    (transfer,) = stripe.books["transfer"].values()
    assert (transfer["destination"], transfer["amount"], transfer["currency"]) == (ref, 10000, "eur")
    assert transfer["transfer_group"] == transfer["transfer_group"].lower()
    assert await standing(shop, vendor_id, "payable", "payouts") == 0
    await books_balance(shop)


async def begin_again_makes_no_second_account(shop: Shop, stripe: StripeServer) -> None:
    owner, _ = await shop.seller("north-kiln")
    await shop.client.post("/vendor/payout-account/stripe", json=START, headers=owner.headers)
    assert len(stripe.books["account"]) == 1


async def test_an_event_of_another_platform_s_account_is_nobody_s(shop: Shop, stripe: StripeServer, work: Work) -> None:
    _, ref = await begin(shop)
    event = stripe.finish_onboarding(ref)
    event["data"]["object"]["metadata"] = {"mercat": "another"}

    body, headers = stripe.signed(event)
    await shop.client.post("/payments/webhooks/stripe", content=body, headers=headers)
    await work()

    assert await shop.rows("SELECT ready FROM payout_accounts") == [(False,)]


@pytest.mark.parametrize("a_day_later", [False, True])
async def test_a_lost_answer_is_found_again(shop: Shop, stripe: StripeServer, *, a_day_later: bool) -> None:
    vendor_id = await ready(shop, stripe)
    await run(shop)
    payout_id = await the_payout(shop)
    stripe.lose_next_answer()
    with pytest.raises(ProviderAway):
        await send(shop.database, payout_id)
    assert await shop.rows(PAYOUTS) == [(10000, "sent", False)]
    if a_day_later:
        stripe.forget_keys()

    assert await send(shop.database, payout_id) == "paid"

    assert len(stripe.books["transfer"]) == 1
    assert await standing(shop, vendor_id, "payable", "payouts") == 0


async def test_looking_that_is_refused_is_no_answer(shop: Shop, stripe: StripeServer) -> None:
    await ready(shop, stripe)
    await run(shop)
    payout_id = await the_payout(shop)
    stripe.lose_next_answer()
    with pytest.raises(ProviderAway):
        await send(shop.database, payout_id)

    stripe.refuse_next(403)
    with pytest.raises(ProviderAway):
        await send(shop.database, payout_id)

    assert await shop.rows(PAYOUTS) == [(10000, "sent", False)]
    assert await send(shop.database, payout_id) == "paid"
    assert len(stripe.books["transfer"]) == 1


async def test_a_key_that_was_used_for_something_else_is_no_refusal(
    shop: Shop, stripe: StripeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ready(shop, stripe)
    await run(shop)
    payout_id = await the_payout(shop)
    stripe.lose_next_answer()
    with pytest.raises(ProviderAway):
        await send(shop.database, payout_id)

    for name, value in (("INSTANCE", "renamed"), ("SECRET_KEY", "sk_test_wrong")):
        monkeypatch.setenv(f"MERCAT_STRIPE_{name}", value)
        read_anew()
        with pytest.raises(ProviderAway):
            await send(shop.database, payout_id)

    assert await shop.rows(PAYOUTS) == [(10000, "sent", False)]
    assert len(stripe.books["transfer"]) == 1


async def test_runs_and_jobs_at_once_make_one_transfer(shop: Shop, stripe: StripeServer) -> None:
    vendor_id = await ready(shop, stripe)
    await asyncio.gather(*(run(shop) for _ in range(3)))
    payout_id = await the_payout(shop)

    await asyncio.gather(*(send(shop.database, payout_id) for _ in range(4)), return_exceptions=True)
    await send(shop.database, payout_id)

    assert len(stripe.books["transfer"]) == 1
    assert await shop.rows(PAYOUTS) == [(10000, "paid", True)]
    assert await standing(shop, vendor_id, "payable", "payouts") == 0


async def test_a_transfer_that_is_refused_puts_the_money_back_and_a_later_run_pays_it(
    shop: Shop, stripe: StripeServer
) -> None:
    vendor_id = await ready(shop, stripe, money=9_999)
    await run(shop)
    assert await send(shop.database, await the_payout(shop)) == "failed"
    assert await payable(shop, vendor_id) == ["100.00 EUR"]
    ((why,),) = await shop.rows("SELECT failure FROM payouts")
    assert "insufficient" in why

    stripe.top_up(1)
    await run(shop)
    assert await send(shop.database, await the_payout(shop)) == "paid"

    assert await shop.rows(PAYOUTS) == [(10000, "failed", False), (10000, "paid", True)]
    assert len(stripe.books["transfer"]) == 1
    await books_balance(shop)


async def test_stripe_that_is_away_changes_nothing_at_the_portal(shop: Shop, stripe: StripeServer) -> None:
    owner, _ = await shop.seller("north-kiln")
    stripe.refuse_next(500)

    answer = await shop.client.post("/vendor/payout-account/stripe", json=START, headers=owner.headers)

    assert (answer.status_code, answer.json()["code"]) == (503, "payouts.provider_unavailable")
    assert await shop.rows("SELECT * FROM payout_accounts") == []
