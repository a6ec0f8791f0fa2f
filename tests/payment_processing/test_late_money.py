"""Money that is late, promised or lost sight of: what its order does, and who hears of it."""

from datetime import timedelta
from typing import Any

import pytest

from letters import Mailbox
from mercat.kit import clock
from mercat.kit.settings_memory import read_anew
from mercat.orders import jobs as order_jobs
from mercat.outbox import JobContext
from mercat.payment_processing import jobs
from mercat.payments import providers
from mercat.worker import REACTIONS
from payment_processing.books import books_balance
from payment_processing.conftest import Work
from payment_processing.test_paying import confirm, create, ordered, status
from payment_processing.test_reconciling import found, reconcile
from payment_processing.test_refund_rules import refresh
from payment_processing.test_stripe import intent_of
from payment_processing.test_stripe import ordered as ordered_with_stripe
from shopping import Shop
from stripe_server import StripeServer


@pytest.fixture
def captured_later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Cards only promise their money."""
    monkeypatch.setenv("MERCAT_PAYMENT_CAPTURE", "manual")
    read_anew()
    yield
    monkeypatch.undo()
    read_anew()


async def expire_due(shop: Shop) -> None:
    await order_jobs.expire_due(JobContext(shop.database, REACTIONS))


async def look_after(shop: Shop) -> None:
    await jobs.look_after_payments(JobContext(shop.database, REACTIONS))


async def too_late(shop: Shop) -> None:
    """Let the time of every order be over."""
    await shop.rows("UPDATE orders SET expires_at = now() - interval '1 second' RETURNING id")
    await expire_due(shop)


async def test_who_pays_too_late_hears_what_came_and_why_it_goes_back(shop: Shop, mailbox: Mailbox) -> None:
    order = await ordered(shop, payment_method_id="test_processing")
    await too_late(shop)
    await shop.rows("UPDATE test_charges SET state = 'captured', captured_minor = amount_minor RETURNING ref")

    assert (await refresh(shop, order["payment"]["id"])).status_code == 200
    letters = {letter.subject: letter for letter in await mailbox.letters()}

    assert await status(shop, order["id"]) == ("expired", "cancelled")
    letter = letters[f"Your payment for order {order['number']} goes back"]
    for said in ("€14.90", "the payment came after the order had expired", "at the latest", "order them again"):
        assert said in letter.text, letter.text
    assert await shop.rows("SELECT sum(amount_minor)::int FROM test_returns") == [(1490,)]
    assert await shop.rows("SELECT count(*) FROM mails WHERE kind IN ('order_refunded', 'credit_note')") == [(0,)]
    await mailbox.letters()
    assert await shop.rows("SELECT count(*) FROM mails WHERE kind = 'payment_returned'") == [(1,)]
    await books_balance(shop)


@pytest.mark.usefixtures("captured_later")
async def test_an_authorized_order_does_not_expire(shop: Shop, work: Work) -> None:
    item = await shop.item(price="10.00")
    order = await ordered(shop, item, payment_method_id="test_approve")
    assert order["payment"]["status"] == "authorized"
    admin = await shop.admin()
    found_order = (await shop.client.get(f"/orders/{order['id']}", headers=admin.headers)).json()
    assert found_order["expires_at"] > (clock.now() + timedelta(days=6)).isoformat()
    await shop.rows("UPDATE orders SET placed_at = placed_at - interval '5 days' RETURNING id")

    await expire_due(shop)
    await work()

    assert await status(shop, order["id"]) == ("pending", "pending")
    assert await shop.level(item) == (10, 1)
    path = f"/payments/{order['payment']['id']}/capture"
    assert (await shop.client.post(path, headers=admin.headers)).json()["status"] == "captured"
    assert await status(shop, order["id"]) == ("paid", "paid")
    await books_balance(shop)


@pytest.mark.usefixtures("captured_later")
async def test_an_authorization_that_lapsed_ends_its_order(shop: Shop, work: Work) -> None:
    item = await shop.item(price="10.00")
    order = await ordered(shop, item, payment_method_id="test_approve")
    await too_late(shop)
    await work()

    assert await status(shop, order["id"]) == ("expired", "cancelled")
    assert await shop.level(item) == (10, 0)
    assert await shop.rows("SELECT state FROM test_charges") == [("cancelled",)]


@pytest.mark.usefixtures("captured_later")
async def test_an_authorization_that_its_provider_gave_up_leaves_the_order_as_a_new_one(shop: Shop) -> None:
    order = await ordered(shop, payment_method_id="test_approve")
    await shop.rows("UPDATE test_charges SET state = 'cancelled' RETURNING ref")

    assert (await refresh(shop, order["payment"]["id"])).json()["status"] == "cancelled"

    admin = await shop.admin()
    found_order = (await shop.client.get(f"/orders/{order['id']}", headers=admin.headers)).json()
    assert found_order["expires_at"] < (clock.now() + timedelta(hours=2)).isoformat()
    assert (await create(shop, order["id"], payment_method_id="test_approve")).json()["status"] == "authorized"


async def test_a_declined_card_that_is_followed_by_another_is_heard_of_without_webhooks(
    shop: Shop, work: Work, stripe: StripeServer
) -> None:
    order = await ordered_with_stripe(shop)
    intent = intent_of(order)
    stripe.pay(intent, "pm_card_chargeDeclined")
    assert (await confirm(shop, order["payment"]["id"]))["status"] == "failed"
    stripe.pay(intent, "pm_card_visa")  # and the webhook is lost
    await shop.rows("UPDATE payments SET checked_at = now() - interval '10 minutes' RETURNING id")

    await look_after(shop)
    await work()

    assert await status(shop, order["id"]) == ("paid", "paid")
    await books_balance(shop)


async def test_nobody_says_by_hand_that_a_declined_card_has_paid(shop: Shop) -> None:
    order = await ordered(shop, payment_method_id="test_decline")
    assert order["payment"]["status"] == "failed"

    answer = await shop.move(order["id"], "paid")

    assert (answer.status_code, answer.json()["code"]) == (409, "payments.not_by_hand")
    assert await status(shop, order["id"]) == ("pending", "pending")
    assert await shop.rows("SELECT count(*) FROM ledger_entries") == [(0,)]


async def test_a_payment_that_its_provider_does_not_know_is_one_finding(shop: Shop, work: Work) -> None:
    await ordered(shop, payment_method_id="test_processing")
    await shop.rows("DELETE FROM test_charges RETURNING ref")

    for _ in range(3):
        await shop.rows("UPDATE payments SET checked_at = now() - interval '10 minutes' RETURNING id")
        await look_after(shop)
        await work()

    assert await shop.rows("SELECT failure_code FROM payments") == [("unknown_to_provider",)]
    waiting = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'payment_processing.refresh_payment'"
    assert await shop.rows(waiting) == [(0,)]
    assert await shop.rows("SELECT count(*) FROM job_failures") == [(0,)]
    changes = "SELECT count(*) FROM audit_log WHERE changes::text LIKE %s"
    assert await shop.rows(changes, "%unknown_to_provider%") == [(1,)]
    assert await found(shop) == [("unknown_to_provider", False)]


async def test_an_order_whose_payment_its_provider_does_not_know_is_called_off_quietly(shop: Shop, work: Work) -> None:
    order = await ordered(shop, payment_method_id="test_processing")
    await shop.rows("DELETE FROM test_charges RETURNING ref")

    assert (await shop.move(order["id"], "cancelled")).status_code == 200
    await work()

    waiting = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'payment_processing.abandon_charge'"
    assert await shop.rows(waiting) == [(0,)]


async def test_what_begins_while_it_reconciles_is_left_to_the_next_run(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await ordered(shop, payment_method_id="test_processing")
    provider = type(providers.provider("test", shop.database))
    listed = provider.charges

    async def slowly(self: Any, since: Any) -> Any:
        """Somebody orders while the list is read, and somebody else's money comes after it was."""
        async for charge in listed(self, since):
            await shop.rows("UPDATE test_charges SET state = 'captured', captured_minor = amount_minor RETURNING ref")
            await refresh(shop, first["payment"]["id"])
            yield charge
        await ordered(shop, payment_method_id="test_approve")

    monkeypatch.setattr(provider, "charges", slowly)
    report = await reconcile(shop)

    assert report.differences == []
    assert (report.charges, report.payments) == (1, 1)


async def test_a_payment_that_is_paid_while_it_reconciles_is_known_to_its_provider(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = await ordered(shop)
    provider = type(providers.provider("test", shop.database))
    listed = provider.charges

    async def before_the_buyer_confirms(self: Any, since: Any) -> Any:
        async for charge in listed(self, since):
            yield charge
        await confirm(shop, order["payment"]["id"], "test_approve")

    monkeypatch.setattr(provider, "charges", before_the_buyer_confirms)

    assert (await reconcile(shop)).differences == []


async def test_a_provider_that_is_not_set_up_here_is_named(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    await ordered(shop, payment_method_id="test_approve")
    monkeypatch.setenv("MERCAT_TEST_PAYMENTS", "false")
    read_anew()

    report = await reconcile(shop)

    monkeypatch.undo()
    read_anew()
    assert (report.not_set_up, report.differences, report.away) == (["test"], [], [])
