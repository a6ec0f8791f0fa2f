"""Gift cards in tests: how they are issued, and what must be true of them at any moment."""

from typing import Any

from payment_processing.books import books_balance
from shopping import Shop

ADDS_UP = """
SELECT c.id FROM gift_cards c WHERE c.balance_minor <> c.initial_minor - coalesce((
    SELECT sum(p.books_minor - coalesce((
        SELECT sum(r.books_minor) FROM refunds r WHERE r.payment_id = p.id AND r.status = 'succeeded'), 0))
    FROM payments p WHERE p.gift_card_id = c.id), 0)
"""
OWED = """
SELECT coalesce((SELECT -sum(amount_minor) FROM ledger_postings WHERE account = 'gift_cards'), 0)
    = coalesce((SELECT sum(balance_minor) FROM gift_cards), 0)
"""


async def issue(shop: Shop, amount: str = "50.00", **more: Any) -> dict[str, Any]:
    """Issue a card as the operator."""
    admin = await shop.admin()
    answer = await shop.client.post("/gift-cards", json={"amount": amount, **more}, headers=admin.headers)
    assert answer.status_code == 201, answer.text
    card: dict[str, Any] = answer.json()
    return card


async def change(shop: Shop, card: dict[str, Any], **wanted: Any) -> Any:
    """Change a card as the operator."""
    admin = await shop.admin()
    return await shop.client.patch(f"/gift-cards/{card['id']}", json=wanted, headers=admin.headers)


async def balance(shop: Shop, card: dict[str, Any]) -> str:
    """Return what is left on a card, past the API."""
    found = await shop.rows("SELECT balance_minor FROM gift_cards WHERE id = %s", card["id"])
    return f"{found[0][0] / 100:.2f}"


async def money_adds_up(shop: Shop) -> None:
    """Assert that the books balance, and owe to the holders of cards what is left on them."""
    await books_balance(shop)
    assert await shop.rows(ADDS_UP) == []
    assert await shop.rows(OWED) == [(True,)]
