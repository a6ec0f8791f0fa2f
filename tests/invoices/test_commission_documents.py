"""Invoices over commissions reach the shop's people, are read by nobody else, and can be read."""

import csv
import io
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from pypdf import PdfReader

from invoices.commission_documents import (
    SYSTEM,
    Calendar,
    a_document,
    a_line,
    a_sale,
    billed,
    given_back,
)
from invoices.documents import written
from invoices.test_sending import attached
from letters import Mailbox
from mercat import auth, outbox, vendors
from mercat.auth import Role
from mercat.invoices.commissions import reverse_charge
from mercat.invoices.commissions.exceptions import CommissionDoesNotAddUpError
from mercat.invoices.commissions.pdf import draw
from mercat.invoices.document import Party
from mercat.outbox.jobs import app
from shopping import Person, Shop

LEGAL = """
UPDATE vendors SET legal_name = 'Atelier Dupont SARL', tax_id = 'FR40303265045',
    legal_address = '{"line1": "1 rue des Potiers", "city": "Paris", "postal_code": "75001", "country": "FR"}'
WHERE id = %s RETURNING id
"""
AGE = """
DO $$ BEGIN
    ALTER TABLE commission_invoices DISABLE TRIGGER kept;
    UPDATE commission_invoices SET keep_until = current_date - 1;
    ALTER TABLE commission_invoices ENABLE ALWAYS TRIGGER kept;
END $$
"""


async def a_billed_month(shop: Shop, calendar: Calendar, *slugs: str) -> list[tuple[Person, UUID, UUID]]:
    """Let shops have sold in January 2030 and be billed for it; returns (owner, shop, document) of each."""
    calendar.let_go()
    people = [await shop.seller(slug) for slug in slugs]
    calendar.turn("2030-01-15T12:00:00")
    for _, vendor_id in people:
        order_id = await a_sale(shop, [vendor_id], "100.00", tax_rate="0.19")
        await given_back(shop, order_id, "30.00")
    calendar.turn("2030-02-01T06:17:00")
    await billed(shop)
    calendar.let_go()
    documents = {
        shop_: document for document, shop_ in await shop.rows("SELECT id, vendor_id FROM commission_invoices")
    }
    return [(person, vendor_id, documents[vendor_id]) for person, vendor_id in people]


@pytest.fixture
def calendar(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Calendar:
    """The clock, in the middle of January 2030."""
    assert shop
    return Calendar(monkeypatch)


async def get(shop: Shop, person: Person, path: str, status: int = 200) -> Any:
    answer = await shop.client.get(path, headers=person.headers)
    assert answer.status_code == status, answer.text
    return answer


async def test_a_shop_reads_its_own_documents_and_nobody_elses(shop: Shop, calendar: Calendar) -> None:
    (clay, clay_id, document), (wool, _, others) = await a_billed_month(shop, calendar, "clay", "wool")

    listed = (await get(shop, clay, "/vendor/commission-invoices")).json()
    assert (listed["total"], [one["id"] for one in listed["items"]]) == (1, [str(document)])
    assert listed["items"][0] | {"id": "", "issued_at": ""} == {
        "id": "",
        "kind": "invoice",
        "number": listed["items"][0]["number"],
        "vendor_id": str(clay_id),
        "month": "2030-01",
        "issued_at": "",
        "commission": {"amount": "7.00", "currency": "EUR"},
        "tax": {"amount": "1.33", "currency": "EUR"},
        "total": {"amount": "8.33", "currency": "EUR"},
    }
    one = (await get(shop, clay, f"/vendor/commission-invoices/{document}")).json()
    assert [(rate["rate"], rate["commission"]["amount"], rate["tax"]["amount"]) for rate in one["rates"]] == [
        ("0.19", "7.00", "1.33")
    ]
    for query, found in (("month=2030-01", 1), ("month=2029-12", 0), ("kind=credit_note", 0), ("kind=invoice", 1)):
        assert (await get(shop, clay, f"/vendor/commission-invoices?{query}")).json()["total"] == found
    for wrong in ("month=2030-13", "month=january", "kind=bill", "vendor_id=1"):
        await get(shop, clay, f"/vendor/commission-invoices?{wrong}", 422)
    for path in ("", "/pdf", "/csv"):
        for missing in (others, uuid4()):
            refused = await get(shop, clay, f"/vendor/commission-invoices/{missing}{path}", 404)
            assert refused.json()["code"] == "commission_invoices.not_found"
        await get(shop, wool, f"/vendor/commission-invoices/{others}{path}")
    staff = await shop.person(Role.vendor)
    async with shop.database.transaction() as session:
        await vendors.add_member(session, SYSTEM, clay_id, staff.id, "staff")
    for path in ("", f"/{document}", f"/{document}/pdf", f"/{document}/csv"):
        await get(shop, staff, f"/vendor/commission-invoices{path}", 403)
        await get(shop, await shop.buyer(), f"/vendor/commission-invoices{path}", 403)


async def test_the_files_are_the_document_and_its_orders(shop: Shop, calendar: Calendar) -> None:
    ((clay, vendor_id, document),) = await a_billed_month(shop, calendar, "clay")

    answer = await get(shop, clay, f"/vendor/commission-invoices/{document}/pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "private, no-store"
    name = 'attachment; filename="invoice-marketplace-f2030-00001.pdf"'
    assert answer.headers["content-disposition"] == name
    assert "MARKETPLACE-F2030-00001" in written(answer.content)
    lines = await get(shop, clay, f"/vendor/commission-invoices/{document}/csv")
    assert lines.headers["content-disposition"] == name.replace(".pdf", ".csv")
    table = list(csv.DictReader(io.StringIO(lines.text)))
    ((number,),) = await shop.rows("SELECT number FROM orders")
    assert [row["order"] for row in table] == [number, number]
    assert [tuple(row[key] for key in ("type", "sales_without_tax", "commission", "tax_rate", "tax", "amount"))
            for row in table] == [
        ("sale", "100.00", "10.00", "0.19", "1.90", "11.90"),
        ("refund", "-30.00", "-3.00", "0.19", "-0.57", "-3.57"),
    ]  # fmt: skip
    assert vendor_id


async def test_operators_see_all_documents_and_bill_by_hand(shop: Shop, calendar: Calendar, mailbox: Mailbox) -> None:
    calendar.let_go()
    admin, analyst = await shop.admin(), await shop.person(Role.analyst)
    people = [await shop.seller(slug) for slug in ("clay", "wool")]
    seller, this_month = people[0][0], f"{calendar.now():%Y-%m}"
    calendar.turn("2020-01-15T12:00:00")
    for _, vendor_id in people:
        await a_sale(shop, [vendor_id])
    calendar.let_go()

    async def ask(body: dict[str, str], person: Person) -> tuple[int, str]:
        answer = await shop.client.post("/commission-invoices", json=body, headers=person.headers)
        return answer.status_code, answer.json().get("code", "")

    assert await ask({"month": this_month}, admin) == (409, "commission_invoices.month_not_over")
    assert await ask({"month": "2020-01", "vendor_id": str(people[0][1])}, admin) == (202, "")
    assert await shop.rows("SELECT 1 FROM commission_invoices") == []
    await mailbox.work()
    assert await shop.rows("SELECT vendor_id FROM commission_invoices") == [(people[0][1],)]
    for _ in range(2):
        assert await ask({"month": "2020-01"}, admin) == (202, "")
        await mailbox.work()
    assert await shop.rows("SELECT count(*) FROM commission_invoices") == [(2,)]
    assert (await ask({"month": "2020-01", "vendor_id": str(uuid4())}, admin))[0] == 404
    assert (await ask({"month": "2020-1"}, admin))[0] == 422
    assert (await ask({"month": "2020-01"}, analyst))[0] == 403
    assert (await ask({"month": "2020-01"}, seller))[0] == 403

    listed = (await get(shop, admin, "/commission-invoices?size=1")).json()
    assert (listed["total"], len(listed["items"])) == (2, 1)
    only = (await get(shop, admin, f"/commission-invoices?vendor={people[1][1]}&month=2020-01")).json()["items"]
    assert [one["vendor_id"] for one in only] == [str(people[1][1])]
    for path in ("", "/pdf", "/csv"):
        await get(shop, admin, f"/commission-invoices/{only[0]['id']}{path}")
        await get(shop, analyst, f"/commission-invoices/{only[0]['id']}{path}")
        await get(shop, seller, f"/commission-invoices/{only[0]['id']}{path}", 403)
        await get(shop, admin, f"/commission-invoices/{uuid4()}{path}", 404)


async def test_those_who_look_after_the_money_get_it_by_mail(
    shop: Shop, calendar: Calendar, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MERCAT_MARKETPLACE_ADDRESS", "Mercat GmbH | Beispielweg 7")
    monkeypatch.setenv("MERCAT_MARKETPLACE_TAX_ID", "DE123456789")
    calendar.let_go()
    owner, vendor_id = await shop.seller("dupont")
    manager, staff = await shop.person(auth.Role.vendor), await shop.person(auth.Role.vendor)
    async with shop.database.transaction() as session:
        for person, role in ((manager, "manager"), (staff, "staff")):
            await vendors.add_member(session, SYSTEM, vendor_id, person.id, role)
    await shop.rows("UPDATE users SET locale = 'fr' WHERE id = %s RETURNING id", owner.id)
    await shop.rows("UPDATE users SET locale = 'de' WHERE id = %s RETURNING id", manager.id)
    await shop.rows(LEGAL, vendor_id)
    calendar.turn("2030-01-15T12:00:00")
    order_id = await a_sale(shop, [vendor_id])
    calendar.turn("2030-02-01T06:17:00")
    await billed(shop)
    await mailbox.work()

    mails = dict(await shop.rows("SELECT recipient, subject FROM mails WHERE kind = 'commission_invoice'"))
    assert mails == {
        owner.email: "Facture MARKETPLACE-F2030-00001 de commission",
        manager.email: "Rechnung MARKETPLACE-F2030-00001 über Provision",
    }
    ((body,),) = await shop.rows("SELECT body_text FROM mails WHERE recipient = %s AND kind ~ 'comm'", owner.email)
    assert "janvier 2030" in body
    files = [content for subject, _, content in attached(mailbox.folder) if "MARKETPLACE" in subject]
    assert len(files) == 2
    assert files[0] == files[1]
    text = written(files[0])
    for said in ("Facture", "Atelier Dupont SARL", "1 rue des Potiers", "75001 Paris", "France", "FR40303265045",
                 "Mercat GmbH", "DE123456789", "janvier 2030", "Autoliquidation", "10,00 €"):  # fmt: skip
        assert said in text, said

    calendar.turn("2030-02-05T08:00:00")
    await given_back(shop, order_id, "100.00")
    calendar.turn("2030-03-01T06:17:00")
    async with shop.database.transaction() as session:
        await outbox.defer(session, app.tasks["invoices.bill_month"], month="2030-02", vendor_id=None)
    await mailbox.work()
    told = await shop.rows("SELECT count(*) FROM mails WHERE kind = 'commission_credit_note'")
    assert told == [(2,)]
    credit = [content for _, name, content in attached(mailbox.folder) if name.startswith("credit-note-marketplace")]
    assert "MARKETPLACE-F2030-00001" in written(credit[0])
    assert "Avoir" in written(credit[0])


async def test_the_shop_leaves_a_document_when_it_need_not_be_kept(
    shop: Shop, calendar: Calendar, mailbox: Mailbox
) -> None:
    ((clay, vendor_id, _),) = await a_billed_month(shop, calendar, "clay")
    await mailbox.work()
    exported = (await get(shop, clay, "/users/me/export")).json()["commission_invoices"]
    assert [(one["buyer_name"], one["kept_until"]) for one in exported] == [("Clay", "2040-12-31")]
    stranger, _ = await shop.seller("wool")
    assert (await get(shop, stranger, "/users/me/export")).json()["commission_invoices"] == []
    async with await psycopg.AsyncConnection.connect(shop.database.settings.database_url) as connection:
        await connection.execute(AGE)
    async with shop.database.transaction() as session:
        await outbox.defer(session, app.tasks["invoices.forget_buyers"], timestamp=0)
    await mailbox.work()

    ((name, total),) = await shop.rows(
        "SELECT document #>> '{source,buyer,name}', document #>> '{source,total}' FROM commission_invoices"
    )
    assert (name, total) == ("", "833")
    assert await shop.rows("SELECT 1 FROM commission_invoice_files") == []
    assert vendor_id


def on_document(*lines: Any, **more: Any) -> str:
    return written(draw(a_document(*lines, **more)))


def test_a_german_document_says_everything() -> None:
    text = on_document(a_line(1, 1000), a_line(2, 2000, "0.07"), a_line(1, -100), a_line(3, 500, None), locale="de")

    for said in (
        "Rechnung", "MARKETPLACE-F2030-00017", "1. Februar 2030", "Januar 2030", "Provision auf Ihre Verkäufe",
        "Mercat GmbH", "DE123456789", "North Kiln Ltd", "3 Harbour Street", "M-100001", "15.01.2030", "100,00 €",
        "10,00 €", "Erstattung", "-1,00 €", "-0,19 €", "19 %", "7 %", "Steuer 19 % (9,00 €)", "1,71 €",
        "Steuer 7 % (20,00 €)", "1,40 €", "Ohne Steuer", "Nettobetrag", "34,00 €", "Gesamtbetrag", "37,11 €",
        "Es ist nichts zu zahlen.",
    ):  # fmt: skip
        assert said in text, said
    assert "Reverse Charge" not in text


def test_without_tax_no_tax_is_spoken_of_unless_the_shop_owes_it() -> None:
    text = on_document(a_line(1, 1000, None))
    assert "Tax" not in text.replace("Tax number", "").replace("Sales without tax", "")
    assert "Reverse charge" in on_document(a_line(1, 1000, None), reverse_charge=True)


def test_a_credit_note_says_what_it_gives_back_and_corrects() -> None:
    lines = [a_line(1, 3000), a_line(2, -500)]
    text = on_document(*lines, kind="credit_note", locale="fr", refers_to=("MARKETPLACE-F2029-00012",))
    for said in ("Avoir", "MARKETPLACE-F2029-00012", "Montant remboursé", "29,75 €", "ajouté à votre solde"):
        assert said in text, said


def test_two_hundred_orders_go_over_pages_with_their_headings() -> None:
    content = draw(a_document(*(a_line(n, 100 + n) for n in range(200))))
    texts = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    assert len(texts) > 3
    assert all("Order number" in text and f"{n} / {len(texts)}" in text for n, text in enumerate(texts, 1))
    everything = written(content)
    assert all(f"M-{100_000 + n}" in everything for n in range(200))


def test_a_shop_of_any_script_can_be_read() -> None:
    text = on_document(a_line(1, 100), buyer=Party(name="抹茶茶碗工房", lines=("京都市中京区",)))
    assert "抹茶" in text


def test_what_does_not_add_up_is_no_document() -> None:
    with pytest.raises(CommissionDoesNotAddUpError):
        a_document(a_line(1, 100), total=1).source.taxes()


@pytest.mark.parametrize(
    ("supplier", "buyer", "applies"),
    [
        ("DE123456789", "FR40303265045", True),
        ("DE 123 456 789", "EL094259216", True),
        ("EL094259216", "GR094259216", False),
        ("DE123456789", "DE136695976", False),
        ("DE123456789", "CHE107787577", False),
        ("DE123456789", "GB980780684", False),
        ("DE123456789", "XI980780684", False),
        ("DE123456789", "", False),
        ("12/345/67890", "FR40303265045", False),
        ("", "", False),
        ("DE123456789", "FRANCE", False),
    ],
)
def test_the_vendor_owes_the_tax_between_two_countries_of_the_union(supplier: str, buyer: str, applies: bool) -> None:  # noqa: FBT001 - a table
    assert reverse_charge.applies(supplier, buyer) is applies
