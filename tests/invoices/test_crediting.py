"""Credit notes say what was given back of which invoice, once for each refund."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from invoices.documents import an_order, vendor_orders_of, written
from letters import Mailbox
from mercat.invoices import InvoiceNotFound
from mercat.invoices.credit_notes import Returned, ReturnedLine, ReturnedVendorOrder, credit
from shopping import Shop


async def a_refund(shop: Shop, order: dict[str, Any], *lines: ReturnedLine) -> Returned:
    """Return a refund of the first part of an order."""
    ((vendor_order, _), *_) = await vendor_orders_of(shop, order["id"])
    return Returned(uuid4(), "Arrived broken.", (ReturnedVendorOrder(vendor_order, lines),))


async def test_a_credit_note_repeats_its_invoice_and_is_sent_once(shop: Shop, mailbox: Mailbox) -> None:
    order = await an_order(shop, await shop.item(name="Vase"), quantity=2)
    await mailbox.letters()
    item_id = UUID(order["items"][0]["id"])
    shipping = ReturnedLine(200, 0, role="shipping")
    refund = await a_refund(shop, order, ReturnedLine(1000, 160, item_id), shipping, ReturnedLine(150, 0))
    ids = []
    for _ in range(3):
        async with shop.database.transaction() as session:
            ids += await credit(session, refund)
    assert len(set(ids)) == 1

    (letter,) = await mailbox.letters()

    ((number,),) = await shop.rows("SELECT number FROM invoices WHERE kind = 'credit_note'")
    ((invoice,),) = await shop.rows("SELECT number FROM invoices WHERE kind = 'invoice'")
    assert letter.subject == f"Credit note {number} for your order {order['number']}"
    ((content,),) = await shop.rows(
        "SELECT content FROM invoice_files f JOIN invoices i ON i.id = f.invoice_id WHERE kind = 'credit_note'"
    )
    text = written(content)
    for said in (
        "Credit note", number, invoice, "Vase", "Shipping", "Price reduction", "Amount returned", "13.50",
        "Arrived broken.", "Ada Lovelace",
    ):  # fmt: skip
        assert said in text, said
    listed = await shop.client.get(f"/orders/{order['id']}/invoices", headers=(await shop.admin()).headers)
    assert [(one["kind"], one["total"]["amount"]) for one in listed.json()["items"]] == [
        ("invoice", order["total"]["amount"]),
        ("credit_note", "13.50"),
    ]


async def test_each_refund_has_a_credit_note_of_its_own(shop: Shop, mailbox: Mailbox) -> None:
    order = await an_order(shop)
    await mailbox.work()
    for _ in range(2):
        async with shop.database.transaction() as session:
            await credit(session, await a_refund(shop, order, ReturnedLine(100, 0)))

    found = await shop.rows("SELECT position, document #>> '{source,total}' FROM invoices WHERE kind = 'credit_note'")
    assert sorted(found) == [(1, "100"), (2, "100")]


async def test_without_an_invoice_there_is_nothing_to_correct(shop: Shop) -> None:
    order = (await shop.order(await shop.item())).json()
    refund = await a_refund(shop, order, ReturnedLine(100, 0))
    async with shop.database.transaction() as session:
        with pytest.raises(InvoiceNotFound):
            await credit(session, refund)

    assert await shop.rows("SELECT 1 FROM invoices UNION SELECT 1 FROM invoice_series") == []
