"""Refunds of orders with taxes, by amount and by unit: nothing gets stuck, and credit notes have their rate."""

import json
from fractions import Fraction
from typing import Any

import pytest

from payment_processing.books import books_balance
from payment_processing.conftest import Work
from payment_processing.test_paying import ordered, status
from payment_processing.test_refunding import eur, refund
from pricing.operating import operate, rate
from shopping import Shop


async def two_rates(shop: Shop) -> dict[str, Any]:
    """Return a paid order of one vendor: a line of 100.00 with 7 % of tax, and another one with 19 %."""
    await rate(shop, "GB", "0.19")
    await rate(shop, "GB", "0.07", tax_class="books")
    book, lamp = await shop.item(price="100.00", name="Book"), await shop.item(price="100.00", name="Lamp")
    await operate(shop, "PATCH", f"/products/{book.product_id}", {"tax_class": "books"})
    buyer = await shop.buyer()
    answer = await shop.order(
        book, lamp, headers=buyer.headers, payment_method="test", payment_method_id="test_approve"
    )
    assert answer.status_code == 201, answer.text
    order: dict[str, Any] = answer.json()
    return order


async def credit_notes(shop: Shop) -> list[dict[str, Any]]:
    """Return what stands on the credit notes, in the order of their refunds: numbers follow the jobs that issue."""
    rows = await shop.rows(
        """
        SELECT document -> 'source' FROM invoices i JOIN refunds r ON r.id = i.refund_id
        WHERE kind = 'credit_note' ORDER BY r.created_at"""
    )
    return [row[0] if isinstance(row[0], dict) else json.loads(row[0]) for row in rows]


async def accounts(shop: Shop, order_id: str) -> dict[str, int]:
    """Return what stands on each account for an order that was paid."""
    return dict(
        await shop.rows(
            """
            SELECT l.account, sum(l.amount_minor)::int FROM ledger_entries e JOIN ledger_postings l ON l.entry_id = e.id
            WHERE e.order_id = %s AND e.kind IN ('order.paid', 'refund.paid')
            AND l.account IN ('sales', 'shipping', 'tax', 'commission', 'commission_income', 'commission_tax')
            GROUP BY 1""",
            order_id,
        )
    )


async def test_a_unit_of_one_rate_after_an_amount_then_the_rest(shop: Shop, work: Work) -> None:
    order = await two_rates(shop)
    payment_id = order["payment"]["id"]
    book = next(line["id"] for line in order["items"] if line["name"] == "Book")

    by_amount = await refund(shop, payment_id, amount=eur("99.00"))
    by_unit = await refund(shop, payment_id, items=[{"item_id": book, "quantity": 1}])
    again = await refund(shop, payment_id, items=[{"item_id": book, "quantity": 1}])
    rest = await refund(shop, payment_id)
    await work()

    assert [one.status_code for one in (by_amount, by_unit, again, rest)] == [201, 201, 409, 201]
    amounts = [one.json()["amount"]["amount"] for one in (by_amount, by_unit, rest)]
    assert amounts == ["99.00", "100.00", "5.90"]
    assert await status(shop, order["id"]) == ("refunded", "refunded")
    assert set((await accounts(shop, order["id"])).values()) == {0}
    notes = await credit_notes(shop)
    assert [note["total"] for note in notes] == [9900, 10000, 590]
    for note in notes:
        for line in note["lines"]:
            if line["rate"] is not None:
                exact = line["amount"] * Fraction(line["rate"]) / (1 + Fraction(line["rate"]))
                assert abs(line["tax"] - exact) <= 1, line
    taxed = sum(line["tax"] for note in notes for line in note["lines"])
    assert taxed == round(float(order["included_tax"]["amount"]) * 100)
    await books_balance(shop)


async def test_an_order_is_cancelled_after_an_amount_and_a_unit_went_back(shop: Shop, work: Work) -> None:
    order = await two_rates(shop)
    book = next(line["id"] for line in order["items"] if line["name"] == "Book")
    for more in ({"amount": eur("99.00")}, {"items": [{"item_id": book, "quantity": 1}]}):
        assert (await refund(shop, order["payment"]["id"], **more)).status_code == 201

    assert (await shop.move(order["id"], "cancelled")).status_code == 200
    await work()

    assert await status(shop, order["id"]) == ("cancelled", "refunded")
    assert set((await accounts(shop, order["id"])).values()) == {0}
    await books_balance(shop)


async def test_an_amount_of_lines_with_several_rates_names_each_on_its_credit_note(shop: Shop, work: Work) -> None:
    order = await two_rates(shop)

    assert (await refund(shop, order["payment"]["id"], amount=eur("50.00"))).status_code == 201
    await work()

    [note] = await credit_notes(shop)
    assert [(line["role"], line["rate"]) for line in note["lines"]] == [
        ("shipping", None), ("reduction", "0.07"), ("reduction", "0.19"),
    ]  # fmt: skip
    assert sum(line["amount"] for line in note["lines"]) == 5000


@pytest.mark.parametrize(
    "amounts", [("3.20", "0.90", "0.80", "0.30", "0.60", "0.30", "4.90"), ("0.05",) * 6 + ("10.70",)]
)
async def test_the_tax_of_every_credit_note_is_that_of_its_rate(
    shop: Shop, work: Work, amounts: tuple[str, ...]
) -> None:
    await rate(shop, "GB", "0.19")
    order = await ordered(shop, await shop.item(price="6.10"), payment_method_id="test_approve")

    for amount in amounts:
        assert (await refund(shop, order["payment"]["id"], amount=eur(amount))).status_code == 201
    await work()

    taxes = []
    for note in await credit_notes(shop):
        taxes.append(sum(line["tax"] for line in note["lines"]))
        assert abs(taxes[-1] - Fraction(note["total"] * 19, 119)) <= 1
    assert (len(taxes), sum(taxes)) == (len(amounts), 175)
    assert set((await accounts(shop, order["id"])).values()) == {0}
    await books_balance(shop)
