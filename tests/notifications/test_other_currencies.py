"""Mail and pages about an order are in its currency, written as their reader does."""

from typing import Any
from uuid import uuid4

import pytest

from catalog.test_currency_prices import enable
from letters import Letter, Mailbox
from shopping import Shop


def plain(letter: Letter) -> str:
    """Return the text of a letter, its blanks made plain."""
    return " ".join(letter.text.replace("\u00a0", " ").replace("\u202f", " ").split())


async def ordered(shop: Shop, code: str, language: str) -> dict[str, Any]:
    await enable(shop, code)
    answer = await shop.order(await shop.item(price="19.99"), currency=code, headers={"Accept-Language": language})
    assert answer.status_code == 201, answer.text
    order: dict[str, Any] = answer.json()
    return order


@pytest.mark.parametrize(
    ("code", "language", "total", "part"),
    [
        ("USD", "en", "$27.38", "$5.00"),  # 21.99 and 5.39
        ("USD", "de", "27,38 $", "5,00 $"),
        ("JPY", "de", "4.060 ¥", "500 ¥"),  # 3260 and 800
        ("KWD", "fr", "8,325 KWD", "5,000 KWD"),  # 6.685 and 1.640
    ],
)
async def test_every_letter_is_in_the_currency_of_the_order(
    shop: Shop, mailbox: Mailbox, code: str, language: str, total: str, part: str
) -> None:
    order = await ordered(shop, code, language)
    (placed,) = await mailbox.letters()
    text = plain(placed)
    assert text.count(total) == 2  # the total, and what is to be transferred
    assert total in plain(Letter("", "", placed.html, ""))
    assert "€" not in text

    await shop.move(order["id"], "paid")
    paid, invoice = await mailbox.letters()
    assert total in plain(paid)
    assert total in plain(invoice)

    admin = await shop.admin()
    ((payment_id,),) = await shop.rows("SELECT id FROM payments")
    amount = {"amount": {"USD": "5.00", "JPY": "500", "KWD": "5.000"}[code], "currency": code}
    wanted = {"payment_id": str(payment_id), "amount": amount, "reason": "Broken"}
    headers = {**admin.headers, "Idempotency-Key": uuid4().hex}
    refunded = await shop.client.post("/payments/refund", json=wanted, headers=headers)
    assert refunded.status_code == 201, refunded.text
    letters = await mailbox.letters()
    assert len(letters) == 2  # that it goes back, and the credit note
    for letter in (paid, invoice, *letters):
        assert "€" not in plain(letter)
        assert "EUR" not in plain(letter)
    assert all(part in plain(letter) for letter in letters)
