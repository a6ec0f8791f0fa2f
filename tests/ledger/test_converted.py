"""Amounts of a buyer's currency in the books: each entry balances in both, and what is settled leaves nothing."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mercat import ledger
from mercat.kit.exchange_rates import FrozenRate
from mercat.kit.ids import new_id
from mercat.kit.money import Money
from mercat.ledger import Account, Posting
from mercat.ledger.postings import balanced, converted
from shopping import Shop

ACCOUNTS = [(Account.cash, "stripe"), (Account.prepayments, ""), (Account.sales, "a"), (Account.tax, "a")]
RATES = {"USD": "1.0842", "CHF": "0.9312", "JPY": "162.37", "KWD": "0.3345", "KRW": "1498.7213"}


def rate_of(currency: str, value: str | None = None) -> FrozenRate:
    return FrozenRate("EUR", currency, Decimal(value or RATES[currency]), date(2026, 11, 27), "ecb")


@given(
    st.sampled_from(sorted(RATES)),
    st.decimals("0.0001", "100000", places=4),
    st.lists(st.lists(st.integers(-(10**7), 10**7), min_size=3, max_size=3), min_size=1, max_size=12),
)
def test_any_movements_balance_in_both_currencies_and_settle_in_both(
    currency: str, value: Decimal, movements: list[list[int]]
) -> None:
    rate = rate_of(currency, str(value))
    stands: dict[tuple[Account, str], tuple[int, int]] = {}
    books: dict[tuple[Account, str], int] = defaultdict(int)
    total = [sum(movement[n] for movement in movements) for n in range(3)]
    for movement in [*movements, [-minor for minor in total]]:  # the last one settles everything
        amounts = [*movement, -sum(movement)]
        postings = [
            Posting(account, Money(minor, currency), party)
            for (account, party), minor in zip(ACCOUNTS, amounts, strict=True)
        ]
        written = balanced(converted(postings, rate, stands))
        assert sum((one.books or one.amount).minor for one in written) == 0
        for one in written:
            key = (one.account, one.party)
            books[key] += (one.books or one.amount).minor
            if one.books is not None:
                original, worth = stands.get(key, (0, 0))
                stands[key] = (original + one.amount.minor, worth + one.books.minor)
                assert rate.to_books(Money(stands[key][0], currency)).minor == stands[key][1]

    assert all(original == 0 and worth == 0 for original, worth in stands.values())
    assert not any(books.values())  # exchange differences as well


@pytest.mark.parametrize("currency", sorted(RATES))
async def test_an_order_that_is_paid_in_steps_and_given_back_in_others_leaves_nothing(
    shop: Shop, currency: str
) -> None:
    order_id, rate = new_id(), rate_of(currency)
    steps = [(333, "payment.captured:1"), (334, "payment.captured:2"), (-1, "refund.paid:1"), (-666, "refund.paid:2")]
    for minor, cause in steps:
        postings = (
            Posting(Account.cash, Money(minor, currency), "test"),
            Posting(Account.prepayments, Money(-minor, currency)),
        )
        async with shop.database.transaction() as session:
            assert await ledger.post(session, ledger.Entry(cause, postings, order_id, rate=rate))

    kept = await shop.rows(
        "SELECT account, currency, sum(amount_minor)::int, sum(original_minor)::int, max(original_currency) "
        "FROM ledger_postings WHERE account <> 'exchange_differences' GROUP BY 1, 2 ORDER BY 1"
    )
    assert kept == [("cash", "EUR", 0, 0, currency), ("prepayments", "EUR", 0, 0, currency)]
    assert await shop.rows("SELECT sum(amount_minor)::int FROM ledger_postings WHERE original_minor IS NULL") in (
        [(None,)],
        [(0,)],
    )
    back = Posting(Account.cash, Money(5, currency), "test"), Posting(Account.prepayments, Money(-5, currency))
    again = ledger.Entry("refund.paid:2", back, order_id, rate=rate)
    async with shop.database.transaction() as session:
        assert not await ledger.post(session, again)


async def test_what_left_a_gift_card_is_booked_as_it_left_and_the_rest_is_a_difference(shop: Shop) -> None:
    card = Posting(Account.gift_cards, Money(938, "CHF"), books=Money(1008, "EUR"))
    entry = ledger.Entry(
        "payment.captured:1", (card, Posting(Account.prepayments, Money(-938, "CHF"))), new_id(), rate=rate_of("CHF")
    )
    async with shop.database.transaction() as session:
        await ledger.post(session, entry)

    assert await shop.rows(
        "SELECT account, amount_minor, currency, original_minor FROM ledger_postings ORDER BY 1"
    ) == [
        ("exchange_differences", -1, "EUR", None),
        ("gift_cards", 1008, "EUR", 938),
        ("prepayments", -1007, "EUR", -938),
    ]
