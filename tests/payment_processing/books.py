"""What must be true of the money at any moment."""

from datetime import date

from mercat.kit.exchange_rates import FrozenRate
from mercat.kit.money import Money
from shopping import Shop

BALANCED = (
    "SELECT currency, sum(amount_minor)::int FROM ledger_postings GROUP BY currency HAVING sum(amount_minor) <> 0"
)
CASH = """
SELECT p.id FROM payments p WHERE p.captured_minor - p.refunded_minor <> coalesce((
    SELECT sum(coalesce(l.original_minor, l.amount_minor))
    FROM ledger_entries e JOIN ledger_postings l ON l.entry_id = e.id
    WHERE e.payment_id = p.id AND l.account IN ('cash', 'gift_cards')
      AND e.kind IN ('payment.captured', 'refund.paid', 'refund.reversed')), 0)
"""
PREPAID = """
SELECT o.id FROM orders o WHERE coalesce((
    SELECT -sum(coalesce(l.original_minor, l.amount_minor))
    FROM ledger_entries e JOIN ledger_postings l ON l.entry_id = e.id
    WHERE e.order_id = o.id AND l.account = 'prepayments'), 0) <> coalesce((
    SELECT sum(p.captured_minor - p.refunded_minor) FROM payments p
    WHERE p.order_id = o.id AND (p.surplus OR o.paid_at IS NULL)), 0)
"""
SOLD = """
SELECT o.id FROM orders o WHERE o.paid_at IS NOT NULL AND o.total_minor - o.refunded_minor <> (
    SELECT -sum(coalesce(l.original_minor, l.amount_minor))
    FROM ledger_entries e JOIN ledger_postings l ON l.entry_id = e.id
    WHERE e.order_id = o.id AND e.kind <> 'vendor_order.cleared' AND l.account IN ('sales', 'shipping', 'tax'))
"""
PAID = """
SELECT o.id FROM orders o WHERE o.refunded_minor <> coalesce((
    SELECT sum(p.refunded_minor) FROM payments p WHERE p.order_id = o.id AND NOT p.surplus), 0)
"""

CONVERTED = """
SELECT o.id, o.currency, o.books_currency, o.exchange_rate, l.account, l.party, sum(l.amount_minor)::bigint,
    sum(l.original_minor)::bigint
FROM orders o JOIN ledger_entries e ON e.order_id = o.id JOIN ledger_postings l ON l.entry_id = e.id
WHERE l.original_currency = o.currency AND l.account NOT IN ('gift_cards', 'payable') GROUP BY 1, 2, 3, 4, 5, 6
"""


async def books_balance(shop: Shop) -> None:
    """Assert that the ledger adds up to nothing, and says what payments and orders say."""
    for name, question in {"sum": BALANCED, "cash": CASH, "prepaid": PREPAID, "sold": SOLD, "paid": PAID}.items():
        assert await shop.rows(question) == [], name
    for order, currency, books, rate, account, party, minor, original in await shop.rows(CONVERTED):
        worth = FrozenRate(books, currency, rate, date.min, "").to_books(Money(original, currency))
        assert worth.minor == minor, (order, account, party)
