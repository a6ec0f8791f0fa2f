"""Money in buyers' currencies, from the charge to the last refund: theirs to the unit, and explained in the books."""

from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import psycopg
import pytest

from catalog.test_currency_prices import RATES, costs, enable, set_prices
from gift_cards.cards import balance, issue, money_adds_up
from mercat import payment_processing
from mercat.kit import clock
from mercat.kit.currencies import EXPONENTS
from payment_processing.books import books_balance
from payment_processing.conftest import Work
from payment_processing.test_reconciling import EVERYTHING, found
from payment_processing.test_refunding import refund
from pricing.operating import operate
from shopping import Shop
from stripe_server import StripeServer

CODES = sorted(RATES)
CARD = {"payment_method": "card", "return_url": "http://shop.test/done"}


async def bought(shop: Shop, code: str, **more: Any) -> dict[str, Any]:
    """Let the buyer order things of two vendors in a currency."""
    buyer = await shop.buyer()
    items = [await shop.item(price=price, vendor=vendor) for price, vendor in (("19.99", "clay"), ("7.35", "kiln"))]
    answer = await shop.order(*items, quantity=3, currency=code, headers=buyer.headers, **more)
    assert answer.status_code == 201, answer.text
    order: dict[str, Any] = answer.json()
    return order


def minor(money: dict[str, str]) -> int:
    return int(Decimal(money["amount"]).scaleb(EXPONENTS[money["currency"]]))


def amount(units: int, code: str) -> dict[str, str]:
    return {"amount": f"{Decimal(units).scaleb(-EXPONENTS[code]):f}", "currency": code}


async def stands(shop: Shop, account: str) -> int:
    rows = await shop.rows("SELECT sum(amount_minor)::int FROM ledger_postings WHERE account = %s", account)
    return rows[0][0] or 0


async def read(shop: Shop, order_id: str) -> dict[str, Any]:
    buyer = await shop.buyer()
    order: dict[str, Any] = (await shop.client.get(f"/orders/{order_id}", headers=buyer.headers)).json()
    return order


@pytest.mark.parametrize("code", CODES)
async def test_a_buyer_pays_and_gets_back_their_own_currency(shop: Shop, work: Work, code: str) -> None:
    await enable(shop, code)
    order = await bought(shop, code, payment_method="card", payment_method_id="test_approve")
    total = order["total"]
    payment = order["payment"]
    assert (payment["amount"], payment["captured"]) == (total, total)
    assert payment["books_amount"]["currency"] == "EUR"
    assert await shop.rows("SELECT currency, captured_minor FROM test_charges") == [(code, minor(total))]
    await books_balance(shop)

    random, left = Random(code), minor(total)
    while left:
        units = random.randint(1, left) if left > 30 else left
        answer = await refund(shop, payment["id"], amount=amount(units, code))
        assert answer.status_code == 201, answer.text
        left -= units
        await work()
        await books_balance(shop)
    rows = await shop.rows("SELECT sum(amount_minor)::bigint, sum(books_minor)::bigint FROM refunds")
    assert rows == [(minor(total), minor(payment["books_amount"]))]
    assert await stands(shop, "exchange_differences") == 0
    assert await found(shop) == []


async def test_a_refund_in_another_currency_is_refused_and_says_which(shop: Shop) -> None:
    await enable(shop, "USD")
    order = await bought(shop, "USD", payment_method="card", payment_method_id="test_approve")
    for wrong in ({"amount": "1.00", "currency": "EUR"}, "1.00", {"amount": "1", "currency": "JPY"}):
        answer = await refund(shop, order["payment"]["id"], amount=wrong)
        assert (answer.status_code, answer.json()["code"]) == (409, "payments.refund_in_other_currency")
        assert "USD" in answer.json()["detail"]
    assert await shop.rows("SELECT count(*) FROM refunds") == [(0,)]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("worth", ["10.07", "500.00"])
async def test_a_gift_card_of_the_books_pays_some_of_it_or_all(shop: Shop, work: Work, code: str, worth: str) -> None:
    await enable(shop, code)
    card = await issue(shop, worth)
    order = await bought(shop, code, gift_card=card["code"], payment_method="card", payment_method_id="test_approve")
    await work()
    order = await read(shop, order["id"])
    paid = minor(order["paid_by_gift_card"])
    assert order["payment_status"] == "paid"
    if worth == "10.07":
        assert await balance(shop, card) == "0.00"
        assert 0 < paid < minor(order["total"])
    else:
        assert paid == minor(order["total"])
        assert Decimal(worth) - Decimal(await balance(shop, card)) == Decimal(order["exchange"]["total"]["amount"])
    await money_adds_up(shop)

    assert (await shop.move(order["id"], "cancelled")).status_code == 200
    await work()
    assert await balance(shop, card) == worth
    await money_adds_up(shop)
    assert await found(shop) == []


async def test_what_a_gift_card_gets_back_in_steps_is_what_it_gave(shop: Shop, work: Work) -> None:
    await enable(shop, "JPY")
    card = await issue(shop, "500.00")
    order = await bought(shop, "JPY", gift_card=card["code"])
    [(payment_id,)] = await shop.rows("SELECT id FROM payments")
    left = minor(order["total"])
    while left:
        units = min(left, 777)
        assert (await refund(shop, str(payment_id), amount=amount(units, "JPY"))).status_code == 201
        left -= units
        await work()
        await money_adds_up(shop)
    assert await balance(shop, card) == "500.00"


@pytest.mark.usefixtures("stripe")
@pytest.mark.parametrize("code", ["USD", "JPY", "CHF"])
async def test_what_the_provider_makes_of_it_is_an_exchange_difference(
    shop: Shop, stripe: StripeServer, work: Work, code: str
) -> None:
    """Stripe settles in euros at a rate of its own: the cash is what Stripe says, the difference is explained."""
    shift = Fraction(10) ** (2 - EXPONENTS[code])
    stripe.books.settles[code.lower()] = ("eur", Fraction(Decimal("0.95") / Decimal(RATES[code])) * shift)
    await enable(shop, code)
    order = await bought(shop, code, payment_method_id="pm_card_visa", **CARD)
    await work()
    assert (await read(shop, order["id"]))["payment_status"] == "paid"
    settled = next(iter(stripe.books["balance_transaction"].values()))
    assert settled["currency"] == "eur"

    assert await stands(shop, "cash") == settled["net"]
    total = minor(order["total"])
    for units in (total // 3, total - total // 3):
        answer = await refund(shop, order["payment"]["id"], amount=amount(units, code))
        assert answer.status_code == 201, answer.text
        await work()
    assert (await read(shop, order["id"]))["status"] == "refunded"
    assert await stands(shop, "cash") == sum(one["net"] for one in stripe.books["balance_transaction"].values())
    for _ in range(2):  # again changes nothing
        report = await payment_processing.reconcile(shop.database, since=clock.now() - EVERYTHING, repair=True)
        assert report.differences == []
    assert await stands(shop, "cash") == sum(one["net"] for one in stripe.books["balance_transaction"].values())
    assert await stands(shop, "exchange_differences") == -sum(
        one["amount"] for one in stripe.books["balance_transaction"].values()
    )
    await books_balance(shop)


async def test_missing_entries_are_booked_at_the_orders_rate(shop: Shop, work: Work) -> None:
    await enable(shop, "CHF")
    card = await issue(shop, "10.07")
    order = await bought(shop, "CHF", gift_card=card["code"], payment_method="card", payment_method_id="test_approve")
    await work()
    for (payment_id,) in await shop.rows("SELECT id FROM payments ORDER BY id"):
        assert (await refund(shop, str(payment_id), amount=amount(77, "CHF"))).status_code == 201
    await work()
    written = """
        SELECT e.kind, l.account, l.party, sum(l.amount_minor)::int, sum(l.original_minor)::int
        FROM ledger_entries e JOIN ledger_postings l ON l.entry_id = e.id
        WHERE e.order_id = %s AND e.kind <> 'payment.fee' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""
    before = await shop.rows(written, order["id"])
    assert any(account == "gift_cards" for _, account, *_ in before)
    async with await psycopg.AsyncConnection.connect(shop.database.settings.database_url) as past_our_code:
        for table in ("ledger_postings", "ledger_entries"):
            await past_our_code.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
        of_order = "(SELECT id FROM ledger_entries WHERE order_id = %s AND kind <> 'payment.fee')"
        await past_our_code.execute(f"DELETE FROM ledger_postings WHERE entry_id IN {of_order}", (order["id"],))
        await past_our_code.execute(
            "DELETE FROM ledger_entries WHERE order_id = %s AND kind <> 'payment.fee'", (order["id"],)
        )

    assert await found(shop) == [("not_in_ledger", True)] * 5
    assert await found(shop) == []
    after = await shop.rows(written, order["id"])
    sums = [(account, party, worth, original) for _, account, party, worth, original in after]
    assert sorted(map(str, sums)) == sorted(map(str, [one[1:] for one in before]))
    await money_adds_up(shop)


async def enabled_without_rules(shop: Shop, *codes: str) -> None:
    """Show prices in currencies as they are converted where no rule was chosen."""
    for code in codes:
        assert (await operate(shop, "PUT", f"/currencies/{code}", {})).status_code == 200
    rates = {code: RATES[code] for code in codes}
    assert (await operate(shop, "POST", "/currencies/rates", {"rates": rates})).status_code == 200
    await shop.handle_events()


async def test_an_order_in_dinars_is_charged_by_stripe_to_the_tenth_fils(
    shop: Shop, stripe: StripeServer, work: Work
) -> None:
    await enabled_without_rules(shop, "KWD", "JPY")
    order = await bought(shop, "KWD", **CARD, payment_method_id="pm_card_visa")
    yen = await bought(shop, "JPY", **CARD, payment_method_id="pm_card_visa")

    # three times 6.690 and 2.460, and 4.90 euros of shipping for 1.640
    assert order["total"] == {"amount": "29.090", "currency": "KWD"}
    assert [one["payment"]["captured"] for one in (order, yen)] == [order["total"], yen["total"]]
    charged = [(intent["currency"], intent["amount"]) for intent in stripe.books["payment_intent"].values()]
    assert sorted(charged) == [("jpy", minor(yen["total"])), ("kwd", 29090)]
    assert all(minor(part["total"]) % 10 == 0 for part in order["vendor_orders"])
    answer = await refund(shop, order["payment"]["id"], amount=amount(6690, "KWD"))
    assert answer.status_code == 201, answer.text
    refused = await refund(shop, order["payment"]["id"], amount=amount(1239, "KWD"))
    assert (refused.status_code, refused.json()["code"]) == (409, "payments.refund_not_chargeable")
    assert (await refund(shop, yen["payment"]["id"], amount=amount(1239, "JPY"))).status_code == 201
    await work()
    refunded = await shop.rows("SELECT currency, refunded_minor FROM payments ORDER BY currency")
    assert refunded == [("JPY", 1239), ("KWD", 6690)]
    await books_balance(shop)


async def test_what_stripe_cannot_charge_is_refused_before_it_is_ordered(
    shop: Shop, stripe: StripeServer, work: Work
) -> None:
    await enable(shop, "KWD")  # by a rule that has finer amounts than cards
    buyer, item = await shop.buyer(), await shop.item(price="19.99")
    assert (await set_prices(shop, item, costs("1.995", "KWD"))).status_code == 200

    def order(**more: Any) -> Any:
        return shop.order(item, currency="KWD", headers=buyer.headers, **more)

    refused = await order(**CARD)
    assert (refused.status_code, refused.json()["code"]) == (409, "payments.amount_not_chargeable")
    assert "3.635 KWD" in refused.json()["detail"]
    assert await shop.rows("SELECT FROM orders") == []
    assert stripe.calls.total() == 0

    by_transfer = await order(payment_method="manual")
    assert by_transfer.status_code == 201
    again = {"order_id": by_transfer.json()["id"], "provider": "card"}
    headers = {**buyer.headers, "Idempotency-Key": "again"}
    refused = await shop.client.post("/payments/create", json=again, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "payments.amount_not_chargeable")
    await work()
    assert (await order(quantity=2, **CARD)).status_code == 201
