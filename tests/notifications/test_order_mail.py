"""What a buyer hears of an order: each thing once, and never the same thing twice."""

import asyncio
import re
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from letters import Mailbox
from mercat import outbox
from mercat.auth.events import EmailVerified
from mercat.kit.settings_memory import read_anew
from mercat.orders.events import OrderPlaced
from mercat.outbox.events import dispatch_event
from mercat.worker import REACTIONS
from pricing.operating import GERMAN, rate
from shopping import ADDRESS, Shop


async def test_the_whole_way_of_an_order_paid_by_hand(shop: Shop, mailbox: Mailbox) -> None:
    order = (await shop.order(await shop.item(name="Vase"), await shop.item(name="Oil", vendor="press"))).json()
    number = order["number"]

    (placed,) = await mailbox.letters()
    assert placed.subject == f"Your order {number}"
    assert "How to pay" in placed.text
    assert "How to pay" in placed.html

    await shop.move(order["id"], "paid")
    paid, *documents = await mailbox.letters()
    assert sorted(document.subject.split()[0] for document in documents) == ["Invoice"] * 2  # one of each shop
    assert paid.subject == f"Your order {number} is confirmed"
    assert "Your payment has arrived" in paid.text
    assert "How to pay" not in paid.text

    await shop.move(order["id"], "shipped", tracking="JD0146")
    (shipped,) = await mailbox.letters()
    assert shipped.subject == f"Your order {number} is on its way"
    assert shipped.text.count("Tracking number: JD0146") == 2
    assert "Press" in shipped.text
    assert "1 x Oil" in shipped.text
    assert "JD0146" in shipped.html

    await shop.move(order["id"], "delivered")
    await shop.move(order["id"], "completed")
    assert await mailbox.letters() == []


async def test_one_confirmation_where_the_money_came_at_once(shop: Shop, mailbox: Mailbox) -> None:
    order = (await shop.order(await shop.item())).json()
    await shop.move(order["id"], "paid")

    only, document = await mailbox.letters()
    assert document.subject.startswith("Invoice ")

    assert only.subject == f"Your order {order['number']} is confirmed"


async def test_a_method_that_leaves_the_buyer_nothing_to_do_waits_for_the_money(
    shop: Shop, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mercat.payments.instructions", lambda _method: "")
    order = (await shop.order(await shop.item())).json()
    assert await mailbox.letters() == []

    await shop.move(order["id"], "paid")

    only, document = await mailbox.letters()
    assert document.subject.startswith("Invoice ")
    assert only.subject == f"Your order {order['number']} is confirmed"


async def test_a_cancelled_and_an_expired_order_say_so(shop: Shop, mailbox: Mailbox) -> None:
    cancelled, expired = [(await shop.order(await shop.item())).json() for _ in range(2)]
    await mailbox.letters()
    await shop.move(cancelled["id"], "cancelled")
    await shop.move(expired["id"], "expired")

    subjects = sorted(letter.subject for letter in await mailbox.letters())

    assert subjects == sorted(
        [f"Your order {cancelled['number']} was cancelled", f"Your order {expired['number']} has expired"]
    )


async def test_who_was_blanked_gets_nothing(shop: Shop, mailbox: Mailbox) -> None:
    order = (await shop.order(await shop.item())).json()
    await shop.move(order["id"], "paid")
    await shop.rows("UPDATE orders SET email = '' RETURNING 1")

    assert await mailbox.letters() == []
    assert await shop.rows("SELECT 1 FROM mails") == []


async def test_an_event_brought_twice_writes_one_mail(shop: Shop, mailbox: Mailbox) -> None:
    order = (await shop.order(await shop.item())).json()
    await shop.move(order["id"], "paid")
    await mailbox.letters()
    events = await shop.rows("SELECT id::text FROM events ORDER BY id")
    async with shop.database.transaction() as session:
        for (event_id,) in events:
            await outbox.defer(session, dispatch_event, event_id=event_id)

    assert await mailbox.letters() == []


async def test_a_person_is_welcomed_once(shop: Shop, mailbox: Mailbox) -> None:
    ada = await shop.person(email="ada@example.com")
    for _ in range(3):
        async with shop.database.transaction() as session:
            await outbox.publish(session, EmailVerified(user_id=ada.id))

    letter = await mailbox.only("ada@example.com")

    assert letter.subject == "Welcome to Mercat"
    assert "http://shop.test" in letter.text
    assert await mailbox.letters() == []


async def test_html_holds_no_markup_of_others(shop: Shop, mailbox: Mailbox) -> None:
    nasty = '<img src=x onerror="alert(1)">{{ 76543*98765 }}{% raw %}'
    await shop.order(await shop.item(name=nasty))

    (letter,) = await mailbox.letters()

    assert "<img" not in letter.html
    assert "&lt;img src=x onerror=&#34;alert(1)&#34;&gt;{{ 76543*98765 }}{% raw %}" in letter.html
    assert str(76543 * 98765) not in letter.text
    assert nasty in letter.text


async def test_words_of_a_guest_go_to_nobody_else(shop: Shop, mailbox: Mailbox) -> None:
    """Whoever orders names any address: mail to it carries nothing that they wrote, until it is shown to be theirs."""
    spam = {**ADDRESS, "name": "Win now at evil.example", "line1": "Call evil.example"}
    await shop.order(await shop.item(), email="victim@example.com", shipping_address=spam)
    (stranger,) = await mailbox.letters()
    assert "evil" not in stranger.text + stranger.html
    assert "Thank you for your order." in stranger.text

    ada = await shop.person(email="ada@example.com")
    await shop.rows("UPDATE users SET email_verified = true WHERE id = %s RETURNING 1", ada.id)
    await shop.order(await shop.item(), headers=ada.headers, shipping_address=ADDRESS)
    (own,) = await mailbox.letters()
    assert "12 St James's Square" in own.text
    assert "United Kingdom" in own.text


async def test_ten_orders_are_not_ten_mails_to_a_stranger(shop: Shop, mailbox: Mailbox) -> None:
    item = await shop.item(stock=100)
    orders = [(await shop.order(item, email="victim@example.com")).json() for _ in range(8)]

    assert len(await mailbox.letters()) == 5

    await shop.move(orders[-1]["id"], "paid")
    assert any("is confirmed" in letter.subject for letter in await mailbox.letters())


async def test_events_that_are_handled_at_once_are_not_more_mails_either(shop: Shop) -> None:
    item = await shop.item(stock=100)
    for _ in range(12):
        await shop.order(item, email="victim@example.com")
    [confirm] = [one for one in REACTIONS[OrderPlaced] if one.name == "notifications.confirm_order"]

    async def react(event_id: UUID, payload: dict[str, Any]) -> None:
        async with shop.database.transaction() as session:
            await confirm(session, event_id, OrderPlaced.model_validate(payload))

    placed = await shop.rows("SELECT id, payload FROM events WHERE name = 'orders.order_placed'")
    await asyncio.gather(*(react(*event) for event in placed))

    assert await shop.rows("SELECT count(*) FROM mails WHERE kind = 'order_placed'") == [(5,)]


async def test_one_shipment_with_everything_is_the_order_on_its_way(shop: Shop, mailbox: Mailbox) -> None:
    owner, _ = await shop.seller("clay")
    mug, bowl = await shop.item(vendor="clay", name="Mug"), await shop.item(vendor="clay", name="Bowl")
    whole, halves = [(await shop.order(mug, bowl)).json() for _ in range(2)]
    for order in (whole, halves):
        await shop.move(order["id"], "paid")
    await mailbox.letters()
    label = {"carrier": "DHL", "tracking": "JD0146"}

    async def ship(order: dict[str, Any], **more: Any) -> None:
        path = f"/vendor/orders/{order['vendor_orders'][0]['id']}/shipments"
        headers = {**owner.headers, "Idempotency-Key": uuid4().hex}
        sent = await shop.client.post(path, json={**label, **more}, headers=headers)
        assert sent.status_code == 201, sent.text

    await ship(whole)
    (letter,) = await mailbox.letters()
    assert letter.subject == f"Your order {whole['number']} is on its way"
    for said in ("Your order has left:", "1 x Mug", "1 x Bowl", "Carrier: DHL", "Tracking number: JD0146"):
        assert said in letter.text, said
    assert "part of your order" not in letter.text

    await ship(halves, items=[{"item_id": halves["items"][0]["id"], "quantity": 1}])
    (first,) = await mailbox.letters()
    assert first.subject == f"A shipment of your order {halves['number']} is on its way"
    assert "Carrier: DHL" in first.text


async def test_the_link_opens_the_order_for_a_guest_and_nobody_else(
    shop: Shop, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MERCAT_BANK_DETAILS", "Plaza GmbH | DE02 1203 0000 0000 2020 51")
    order = (await shop.order(await shop.item(name="Vase"))).json()
    (letter,) = await mailbox.letters()
    for said in ("Plaza GmbH\nDE02 1203", f"Reference: {order['number']}", "Amount: €14.90"):
        assert said in letter.text, said
    [link] = set(re.findall(r"http://\S+/orders/\S+", letter.text))
    assert link.replace("&", "&amp;") in letter.html
    kept = await shop.rows("SELECT body_text || body_html FROM mails")
    assert link not in kept[0][0]

    async def opened(address: str) -> httpx2.Response:
        return await shop.client.get(address)

    page = await opened(link)
    assert page.status_code == 200
    assert f"Your order {order['number']}" in page.text
    assert "Vase" in page.text
    for wrong in (link[:-1] + ("a" if link[-1] != "a" else "b"), link.split("?")[0], f"{link.split('?')[0]}?key=é"):
        assert (await opened(wrong)).status_code == 404
    await shop.rows("UPDATE orders SET email = '' RETURNING 1")
    assert (await opened(link)).status_code == 404


async def test_a_shop_may_call_itself_what_it_likes(
    shop: Shop, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MERCAT_MARKETPLACE_NAME", "Pots & <Pans>\r\nBcc: eve@example.com")
    await shop.order(await shop.item())

    (letter,) = await mailbox.letters()

    assert "Pots &amp; &lt;Pans&gt;" in letter.html
    assert "This message was sent by Pots & <Pans> Bcc: eve@example.com." in letter.text


async def test_an_order_s_mail_says_what_tax_is_in_it(shop: Shop, mailbox: Mailbox) -> None:
    await rate(shop, "DE", "0.19")
    order = (await shop.order(await shop.item(price="11.90"), shipping_address=GERMAN)).json()

    (placed,) = await mailbox.letters()
    assert "Tax included: €2.68" in placed.text
    assert "€2.68" in placed.html

    await shop.move(order["id"], "paid")
    assert "Tax included: €2.68" in next(one for one in await mailbox.letters() if "confirmed" in one.subject).text


@pytest.mark.parametrize("central", [None, "Mercat Returns|Dock 4|20457 Hamburg"])
async def test_whose_return_is_accepted_reads_where_to_send_it(
    shop: Shop, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, central: str | None
) -> None:
    pots, _ = await shop.seller("pots")
    details = {
        "legal_name": "Pots & Co KG",
        "address": {"line1": "Hafenstraße 7", "city": "Husum", "postal_code": "25813", "country": "DE"},
        "tax_id": "DE136695976",
    }
    known = await shop.client.put("/vendor/legal-details", json=details, headers=pots.headers)
    assert known.status_code == 200, known.text
    if central:
        monkeypatch.setenv("MERCAT_RETURN_ADDRESS", central)
        read_anew()
    buyer = await shop.buyer()
    order = (await shop.order(await shop.item(vendor="pots"), headers=buyer.headers)).json()
    for step in ("paid", "shipped", "delivered"):
        await shop.move(order["id"], step)
    body = {"items": [{"item_id": order["items"][0]["id"], "quantity": 1}], "reason": "damaged"}
    headers = {**buyer.headers, "Idempotency-Key": uuid4().hex}
    asked = (await shop.client.post(f"/orders/{order['id']}/returns", json=body, headers=headers)).json()
    await mailbox.letters()

    path = f"/vendor/returns/{asked['id']}/status"
    assert (await shop.client.put(path, json={"status": "approved"}, headers=pots.headers)).status_code == 200
    (told,) = [letter for letter in await mailbox.letters() if letter.to == order["email"]]

    lines = central.split("|") if central else ["Pots & Co KG", "Hafenstraße 7", "25813 Husum"]
    assert all(line in told.text for line in lines), told.text
    assert ("Husum" in told.text) is (central is None)
    read_anew()
