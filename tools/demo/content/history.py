"""Half a year of orders, shaped like a marketplace that is slowly becoming known."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from random import Random

from content.catalogue import products
from content.people import PEOPLE
from content.shapes import Outcome, PastOrder, ProductContent

DAYS = 180
ORDERS = 320
SEED = 20260

_WEEKDAYS = (1.0, 0.9, 0.9, 1.0, 1.15, 1.6, 1.9)  # Monday first: people shop when they are off work
_HOURS = (1, 1, 0, 0, 0, 1, 2, 4, 6, 7, 8, 8, 10, 8, 7, 7, 8, 9, 12, 16, 20, 19, 12, 5)
_LINES = (58, 25, 12, 5)  # baskets of one, two, three and four lines
_LOYAL = {0: 4.0, 3: 4.5, 7: 3.5, 16: 3.0, 22: 2.5}  # a few who keep coming back
_WEEK_BEFORE_LAST: dict[Outcome, int] = {"completed": 2, "delivered": 7, "shipped": 1}
_LAST_WEEK: dict[Outcome, int] = {"delivered": 3, "shipped": 6, "processing": 2}
_LAST_DAYS: dict[Outcome, int] = {"shipped": 3, "processing": 7}
_ABROAD = {0: ("USD", "JPY"), 16: ("USD",)}
"""In which currencies a few bought something, by their place among the people; the newest that has arrived first."""
_NOTES = (
    "Please leave with the neighbour on the ground floor.",
    "It is a birthday present: no invoice in the parcel, please.",
    "The bell does not work, please knock.",
    "Thank you for packing without plastic last time!",
    "Delivery after 16:00 if possible.",
    "Could you write 'for Emil' on the wrapping?",
    "No hurry at all.",
)


@cache
def past_orders(today: datetime | None = None) -> tuple[PastOrder, ...]:
    """Return the orders of the last 180 days, oldest first.

    `today` only says which of those days were weekends; without it, today is taken for a Wednesday. The newest order
    is of yesterday, so none lies in the future whatever the hour.
    """
    now = today or datetime(2026, 1, 7, tzinfo=UTC)
    chance = Random(SEED)  # noqa: S311 - the same marketplace every time is the point
    ages = chance.choices(range(1, DAYS + 1), [_busy(now, age) for age in range(1, DAYS + 1)], k=ORDERS)
    moments = sorted(((age, _minute(chance)) for age in ages), key=lambda moment: (-moment[0], moment[1]))
    return _some_abroad([_order(chance, age, minute) for age, minute in moments])


def _some_abroad(orders: Sequence[PastOrder]) -> tuple[PastOrder, ...]:
    """Let a few orders be in other currencies than that of the books."""
    found = list(orders)
    for buyer, currencies in _ABROAD.items():
        arrived = [
            place
            for place, order in enumerate(orders)
            if order.buyer_index == buyer and order.outcome in {"completed", "delivered"}
        ]
        for place, currency in zip(reversed(arrived), currencies, strict=False):
            found[place] = replace(found[place], currency=currency)
    return tuple(found)


def _busy(now: datetime, age: int) -> float:
    growth = 1 + 2.4 * (DAYS - age) / DAYS
    return growth * _WEEKDAYS[(now - timedelta(days=age)).weekday()]


def _minute(chance: Random) -> int:
    return chance.choices(range(24), _HOURS)[0] * 60 + chance.randrange(60)


def _order(chance: Random, age: int, minute: int) -> PastOrder:
    buyer = chance.choices(range(len(PEOPLE)), [_LOYAL.get(index, 1.0) for index in range(len(PEOPLE))])[0]
    return PastOrder(
        buyer_index=buyer,
        placed_days_ago=age,
        minute_of_day=minute,
        lines=_basket(chance, age),
        outcome=_outcome(chance, age),
        note=chance.choice(_NOTES) if chance.random() < 0.12 else "",
    )


def _basket(chance: Random, age: int) -> tuple[tuple[str, int], ...]:
    """Choose different products that existed then: the next is often from the shop one is in already."""
    wanted = chance.choices(range(1, len(_LINES) + 1), _LINES)[0]
    offered = [product for product in products() if product.created_days_ago > age]
    basket: list[ProductContent] = []
    while len(basket) < wanted:
        shelf = offered
        if basket and chance.random() < 0.45:
            shelf = [product for product in offered if product.shop == basket[-1].shop]
        found = _pick(chance, shelf)
        if found not in basket and len({product.shop for product in [*basket, found]}) <= 3:
            basket.append(found)
    return tuple((_sku(chance, product), _quantity(chance, product)) for product in basket)


def _pick(chance: Random, shelf: Sequence[ProductContent]) -> ProductContent:
    return chance.choices(shelf, cum_weights=list(accumulate(product.weight for product in shelf)))[0]


def _sku(chance: Random, product: ProductContent) -> str:
    # the first option is the one in the picture, and sells best
    return chance.choices(product.variants, [1 / (2 + place) for place in range(len(product.variants))])[0].sku


def _quantity(chance: Random, product: ProductContent) -> int:
    cheap = product.variants[0].price.minor < 30_00
    return chance.choices((1, 2, 3, 4), (82, 12, 3, 3) if cheap else (97, 3, 0, 0))[0]


def _outcome(chance: Random, age: int) -> Outcome:
    fate = chance.random()
    if fate < 0.05:
        return "cancelled"
    if fate < 0.07:
        return "expired"
    if age > 20:
        return "completed"
    underway = _WEEK_BEFORE_LAST if age > 8 else _LAST_WEEK if age > 3 else _LAST_DAYS
    return chance.choices(tuple(underway), tuple(underway.values()))[0]
