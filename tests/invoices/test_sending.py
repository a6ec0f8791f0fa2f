"""Papers are drawn in the background, sent once, and given to those whom they concern."""

import email
import email.policy
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg

from invoices.documents import an_order, written
from letters import Mailbox
from mercat import invoices, outbox
from mercat.auth import Role
from mercat.kit.ids import new_id
from mercat.orders.events import OrderPaid
from mercat.outbox.events import dispatch_event
from mercat.outbox.jobs import app
from shopping import ADDRESS, Shop

AGE = """
DO $$ BEGIN
    ALTER TABLE invoices DISABLE TRIGGER kept;
    UPDATE invoices SET keep_until = current_date - 1 WHERE document #>> '{source,buyer,name}' = 'Old Buyer';
    ALTER TABLE invoices ENABLE ALWAYS TRIGGER kept;
END $$
"""
"""Lets the time of a document be over, as only the owner of the tables can."""


def attached(folder: Path) -> list[tuple[str, str, bytes]]:
    """Return (subject, file name, file) of all that came with mail."""
    found = []
    for path in sorted(folder.iterdir()):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        for vendor_order in message.iter_attachments():
            assert vendor_order.get_content_type() == "application/pdf"
            found.append((message["Subject"], str(vendor_order.get_filename()), vendor_order.get_content()))
    return found


async def documents(shop: Shop, order_id: str, headers: dict[str, str]) -> list[dict[str, Any]]:
    answer = await shop.client.get(f"/orders/{order_id}/invoices", headers=headers)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_a_buyer_gets_each_shops_invoice_once(shop: Shop, mailbox: Mailbox) -> None:
    items = [await shop.item(vendor="clay", name="Vase"), await shop.item(vendor="wool", name="Hat", price="7.50")]
    order = await an_order(shop, *items, headers={"Accept-Language": "de"})
    await mailbox.work()

    found = attached(mailbox.folder)

    assert len(found) == 2
    for subject, name, content in found:
        number = subject.split()[1]
        assert subject == f"Rechnung {number} zu Ihrer Bestellung {order['number']}"
        assert name == f"invoice-{number.lower()}.pdf"
        text = written(content)
        assert number in text
        assert "Ada Lovelace" in text
        assert ("Vase" in text) != ("Hat" in text)
    kept = await shop.rows("SELECT content, sha256 FROM invoice_files")
    assert {content for content, _ in kept} == {content for *_, content in found}
    assert all(sha256(content).hexdigest() == kept_hash for content, kept_hash in kept)

    events = await shop.rows("SELECT id::text FROM events")
    async with shop.database.transaction() as session:
        for (event_id,) in events:
            await outbox.defer(session, dispatch_event, event_id=event_id)
    await mailbox.work()
    assert len(attached(mailbox.folder)) == 2
    total = sum(
        float(one["total"]["amount"]) for one in await documents(shop, order["id"], (await shop.admin()).headers)
    )
    assert total == float(order["total"]["amount"])


async def test_an_order_that_is_not_paid_has_no_invoice(shop: Shop, mailbox: Mailbox) -> None:
    order = (await shop.order(await shop.item())).json()
    await mailbox.work()

    assert await documents(shop, order["id"], (await shop.admin()).headers) == []
    assert await shop.rows("SELECT 1 FROM invoices") == []


async def test_those_whom_it_concerns_may_read_it(shop: Shop, mailbox: Mailbox) -> None:
    seller, _ = await shop.seller("clay")
    rival, _ = await shop.seller("wool")
    buyer, stranger, admin = await shop.buyer(), await shop.person(), await shop.admin()
    items = [await shop.item(vendor="clay"), await shop.item(vendor="wool")]
    order = await an_order(shop, *items, headers=buyer.headers)
    await mailbox.work()
    mine = {one["vendor_id"]: one for one in await documents(shop, order["id"], buyer.headers)}
    assert len(mine) == 2
    (clays,) = await documents(shop, order["id"], seller.headers)
    (wools,) = await documents(shop, order["id"], rival.headers)
    assert {clays["id"], wools["id"]} == {one["id"] for one in mine.values()}
    url = clays["url"].removeprefix("/api/v1")

    for who in (buyer, seller, admin):
        answer = await shop.client.get(url, headers=who.headers)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
        filename = f"invoice-{clays['number'].lower()}.pdf"
        assert answer.headers["content-disposition"] == f'attachment; filename="{filename}"'
        assert "no-store" in answer.headers["cache-control"]
        assert clays["number"] in written(answer.content)
    for headers in (rival.headers, stranger.headers, {}, {"X-Cart-Token": "nonsense"}):
        refused = await shop.client.get(url, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (404, "invoices.not_found")
    assert (await shop.client.get(f"/orders/{order['id']}/invoices", headers=stranger.headers)).status_code == 404
    assert (await shop.client.get(f"/invoices/{uuid4()}/pdf", headers=admin.headers)).status_code == 404
    assert (await shop.client.get("/invoices/nonsense/pdf", headers=admin.headers)).status_code == 422


async def test_a_guest_shows_the_carts_token(shop: Shop, mailbox: Mailbox) -> None:
    token = await shop.guest_cart(await shop.item())
    order = (await shop.check_out(token)).json()["order"]
    await shop.move(order["id"], "paid")
    await mailbox.work()

    (document,) = await documents(shop, order["id"], token)
    assert (await shop.client.get(document["url"].removeprefix("/api/v1"), headers=token)).status_code == 200


async def test_a_document_is_drawn_when_it_is_asked_for_before_the_job_ran(shop: Shop, mailbox: Mailbox) -> None:
    order = await an_order(shop)
    admin = await shop.admin()
    async with shop.database.transaction() as session:
        await invoices.invoice_order(session, new_id(), OrderPaid(order_id=UUID(order["id"])))
    (document,) = await documents(shop, order["id"], admin.headers)
    url = document["url"].removeprefix("/api/v1")
    assert await shop.rows("SELECT 1 FROM invoice_files") == []

    early = await shop.client.get(url, headers=admin.headers)
    await mailbox.work()
    late = await shop.client.get(url, headers=admin.headers)

    assert early.status_code == 200
    assert early.content == late.content
    assert len(await shop.rows("SELECT 1 FROM invoice_files")) == 1


async def test_operators_page_through_all(shop: Shop, mailbox: Mailbox) -> None:
    clay, wool = await shop.item(vendor="clay"), await shop.item(vendor="wool")
    for item in (clay, clay, wool):
        await an_order(shop, item)
    await mailbox.work()
    admin, analyst = await shop.admin(), await shop.person(Role.analyst)
    ((vendor,),) = await shop.rows("SELECT id FROM vendors WHERE slug = 'clay'")

    async def listed(query: str) -> Any:
        answer = await shop.client.get(f"/invoices?{query}", headers=admin.headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    assert (await listed("size=2"))["total"] == 3
    assert len((await listed("size=2"))["items"]) == 2
    assert (await listed(f"vendor={vendor}"))["total"] == 2
    assert (await listed("from=2000-01-01"))["total"] == 3
    assert (await listed("from=2000-01-01&to=2000-12-31"))["total"] == 0
    assert (await listed("from=2999-01-01"))["total"] == 0
    assert (await shop.client.get("/invoices", headers=analyst.headers)).status_code == 200
    assert (await shop.client.get("/invoices", headers=(await shop.buyer()).headers)).status_code == 403
    assert (await shop.client.get("/invoices")).status_code == 401
    for wrong in ("from=2030-02-01&to=2030-01-01", "from=yesterday", "vendor=clay", "size=0", "unknown=1"):
        assert (await shop.client.get(f"/invoices?{wrong}", headers=admin.headers)).status_code == 422


async def test_the_buyer_leaves_when_the_document_need_not_be_kept(shop: Shop, mailbox: Mailbox) -> None:
    for name in ("Old Buyer", "New Buyer"):
        await an_order(shop, shipping_address={**ADDRESS, "name": name})
    await mailbox.work()
    async with await psycopg.AsyncConnection.connect(shop.database.settings.database_url) as connection:
        await connection.execute(AGE)
    async with shop.database.transaction() as session:
        await outbox.defer(session, app.tasks["invoices.forget_buyers"], timestamp=0)

    await mailbox.work()

    found = await shop.rows("SELECT document #>> '{source,buyer,name}', document #>> '{source,total}' FROM invoices")
    assert sorted(name for name, _ in found) == ["", "New Buyer"]
    assert all(int(total) > 0 for _, total in found)
    assert await shop.rows("SELECT count(*) FROM invoice_files") == [(1,)]


async def test_an_invoice_of_the_past_is_drawn_and_nobody_is_told(shop: Shop, mailbox: Mailbox) -> None:
    order = await an_order(shop, await shop.item(vendor="clay", name="Vase"))
    async with shop.database.transaction() as session:
        await invoices.invoice_past(session, UUID(order["id"]))
    await mailbox.work()

    assert await shop.rows("SELECT count(*) FROM invoices i JOIN invoice_files f ON f.invoice_id = i.id") == [(1,)]
    assert attached(mailbox.folder) == []
