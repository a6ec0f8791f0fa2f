"""An invoice says who supplied the goods: the vendor in law, with the marketplace as issuer on its behalf."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from invoices.documents import an_order, vendor_orders_of, written
from letters import Mailbox
from mercat.invoices.credit_notes import Returned, ReturnedLine, ReturnedVendorOrder, credit
from shopping import Shop

PLAZA = {"MERCAT_MARKETPLACE_ADDRESS": "Mercat Betriebs GmbH | Marktplatz 1 | 10115 Berlin"}
PLAZA_TAX_ID = "DE240200424"
KILN: dict[str, Any] = {
    "legal_name": "Nordbrand Keramik GmbH",
    "address": {"line1": "Hafenstr. 7", "city": "Husum", "postal_code": "25813", "country": "DE"},
    "tax_id": "DE136695976",
}


@pytest.fixture(autouse=True)
def _plaza(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**PLAZA, "MERCAT_MARKETPLACE_TAX_ID": PLAZA_TAX_ID, "MERCAT_MARKETPLACE_NAME": "Plaza"}.items():
        monkeypatch.setenv(name, value)


async def known(shop: Shop, vendor_id: UUID, **more: Any) -> None:
    admin = await shop.admin()
    path = f"/vendors/{vendor_id}/legal-details"
    changed = await shop.client.put(path, json={**KILN, **more}, headers=admin.headers)
    assert changed.status_code == 200, changed.text


async def documents(shop: Shop, mailbox: Mailbox) -> list[tuple[str, dict[str, Any], str]]:
    await mailbox.work()
    rows = await shop.rows(
        "SELECT i.kind, i.document -> 'source', f.content FROM invoices i JOIN invoice_files f ON f.invoice_id = i.id"
        " ORDER BY i.id"
    )
    return [(kind, source, written(content)) for kind, source, content in rows]


async def test_the_vendor_is_the_supplier_and_the_marketplace_issues(shop: Shop, mailbox: Mailbox) -> None:
    _, vendor_id = await shop.seller("clay")
    await known(shop, vendor_id)
    order = await an_order(shop, await shop.item(vendor="clay", name="Vase"))
    await mailbox.work()
    lines = (ReturnedLine(400, 0, UUID(order["items"][0]["id"])),)
    ((vendor_order, _),) = await vendor_orders_of(shop, order["id"])
    async with shop.database.transaction() as session:
        await credit(session, Returned(uuid4(), "Arrived broken.", (ReturnedVendorOrder(vendor_order, lines),)))

    found = await documents(shop, mailbox)

    assert [kind for kind, *_ in found] == ["invoice", "credit_note"]
    for _, source, text in found:
        assert source["supplier"] == {
            "name": "Nordbrand Keramik GmbH",
            "lines": ["Clay", "Hafenstr. 7", "25813 Husum", "Germany"],
            "tax_id": "DE136695976",
        }
        assert source["issuer"]["name"] == "Plaza"
        above, below = text.split("Bill to")
        for said in ("Nordbrand Keramik GmbH", "Hafenstr. 7", "25813 Husum", "Tax number: DE136695976"):
            assert said in above, said
        for said in ("Plaza", "Marktplatz", PLAZA_TAX_ID):
            assert said not in above, said
        flat = " ".join(below.split())
        assert "Issued by Plaza in the name and on behalf of Nordbrand Keramik GmbH." in flat
        assert f"Tax number: {PLAZA_TAX_ID}" in flat


async def test_what_the_marketplace_sells_itself_is_its_own(shop: Shop, mailbox: Mailbox) -> None:
    await an_order(shop, await shop.item(name="Voucher"))

    [(_, source, text)] = await documents(shop, mailbox)

    assert (source["supplier"]["name"], source["supplier"]["tax_id"], source["issuer"]) == ("Plaza", PLAZA_TAX_ID, None)
    assert "on behalf of" not in text


async def test_a_vendor_that_nobody_knows_does_not_pass_for_the_marketplace(shop: Shop, mailbox: Mailbox) -> None:
    await an_order(shop, await shop.item(vendor="clay"))

    [(_, source, _)] = await documents(shop, mailbox)

    assert source["supplier"] == {"name": "Clay", "lines": [], "tax_id": ""}
