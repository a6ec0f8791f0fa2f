"""Shops are told what they have to do: orders that are paid, returns that wait for them."""

from uuid import uuid4

from letters import Mailbox
from shopping import Shop


async def test_each_shop_hears_of_its_own_lines_once(shop: Shop, mailbox: Mailbox) -> None:
    pots, _ = await shop.seller("pots")
    wool, _ = await shop.seller("wool")
    mug, scarf = await shop.item(vendor="pots", name="Stoneware mug"), await shop.item(vendor="wool", name="Scarf")
    order = (await shop.order(mug, scarf, quantity=2)).json()
    assert {letter.to for letter in await mailbox.letters()} == {"ada@example.com"}
    await shop.move(order["id"], "paid")

    told = [letter for letter in await mailbox.letters() if letter.subject == f"New order {order['number']}"]

    assert sorted(letter.to for letter in told) == sorted([pots.email, wool.email])
    for letter in told:
        own, other = ("Stoneware mug", "Scarf") if letter.to == pots.email else ("Scarf", "Stoneware mug")
        for body in (letter.text, letter.html):
            assert own in body
            assert other not in body
            assert "ada@example.com" not in body


async def test_a_return_that_waits_is_told_and_a_withdrawal_is_not(shop: Shop, mailbox: Mailbox) -> None:
    pots, _ = await shop.seller("pots")
    buyer = await shop.buyer()
    order = (await shop.order(await shop.item(vendor="pots"), quantity=2, headers=buyer.headers)).json()
    for step in ("paid", "shipped"):
        await shop.move(order["id"], step)
    await mailbox.letters()
    piece = {"item_id": order["items"][0]["id"], "quantity": 1}

    for reason in ("damaged", "withdrawal"):
        body = {"items": [piece], "reason": reason, "note": "The handle came off."}
        headers = {**buyer.headers, "Idempotency-Key": uuid4().hex}
        answer = await shop.client.post(f"/orders/{order['id']}/returns", json=body, headers=headers)
        assert answer.status_code == 201, answer.text

    (told,) = [letter for letter in await mailbox.letters() if letter.to == pots.email]
    assert told.subject == f"A return of order {order['number']} waits for your decision"
    assert "The handle came off." in told.text
