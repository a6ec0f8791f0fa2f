"""What a buyer hears of an order: each thing once, and never the same thing twice."""

import pytest

from letters import Mailbox
from mercat import outbox
from mercat.auth.events import EmailVerified
from mercat.outbox.events import dispatch_event
from shopping import Shop


async def test_the_whole_way_of_an_order_paid_by_hand(shop: Shop, mailbox: Mailbox) -> None:
    order = (await shop.order(await shop.item(name="Vase"), await shop.item(name="Oil", vendor="press"))).json()
    number = order["number"]

    (placed,) = await mailbox.letters()
    assert placed.subject == f"Your order {number}"
    assert "How to pay" in placed.text
    assert "How to pay" in placed.html

    await shop.move(order["id"], "paid")
    paid, *papers = await mailbox.letters()
    assert sorted(paper.subject.split()[0] for paper in papers) == ["Invoice"] * 2  # one of each shop
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

    only, paper = await mailbox.letters()
    assert paper.subject.startswith("Invoice ")

    assert only.subject == f"Your order {order['number']} is confirmed"


async def test_a_method_that_leaves_the_buyer_nothing_to_do_waits_for_the_money(
    shop: Shop, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mercat.payments.instructions", lambda _method: "")
    order = (await shop.order(await shop.item())).json()
    assert await mailbox.letters() == []

    await shop.move(order["id"], "paid")

    only, paper = await mailbox.letters()
    assert paper.subject.startswith("Invoice ")
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
    nasty = '<img src=x onerror="alert(1)">{{ 7*7 }}{% raw %}'
    address = {"name": nasty, "line1": nasty, "city": "London", "postal_code": "SW1Y 4JH", "country": "GB"}
    await shop.order(await shop.item(name=nasty), shipping_address=address)

    (letter,) = await mailbox.letters()

    assert "<img" not in letter.html
    assert "&lt;img src=x onerror=&#34;alert(1)&#34;&gt;{{ 7*7 }}{% raw %}" in letter.html
    assert "49" not in letter.text
    assert nasty in letter.text


async def test_a_shop_may_call_itself_what_it_likes(
    shop: Shop, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MERCAT_SHOP_NAME", "Pots & <Pans>\r\nBcc: eve@example.com")
    await shop.order(await shop.item())

    (letter,) = await mailbox.letters()

    assert "Pots &amp; &lt;Pans&gt;" in letter.html
    assert "This message was sent by Pots & <Pans> Bcc: eve@example.com." in letter.text
