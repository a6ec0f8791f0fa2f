"""What the buyers of the past half year say about what they got, and what shops say to it."""

from datetime import datetime
from functools import cache
from random import Random

from content.catalogue import products
from content.history import past_orders
from content.shapes import PastOrder, ReviewContent, WishContent

SEED = 20270
_SHARE = 0.55  # of the lines that arrived, those about which somebody says something
_STARS = {5: 58, 4: 27, 3: 9, 2: 4, 1: 2}
_DAYS_ON_THE_WAY = 5

_TITLES = {
    5: ("Even better than in the picture", "A small joy every day", "Would buy it again", "Made with care", ""),
    4: ("Very good", "Nearly perfect", "Happy with it", ""),
    3: ("All right", "Good, with a but", ""),
    2: ("Not what I had hoped for", ""),
    1: ("Disappointed",),
}
_OPENINGS = {
    5: (
        "It arrived quickly and well packed.",
        "I looked for one like this for years.",
        "A present that was not given away in the end.",
        "You can tell that somebody took their time over it.",
        "My second one, and it will not be the last.",
        "The colours are exactly those of the picture.",
    ),
    4: (
        "Well made, and it does what it says.",
        "A nice piece for its price.",
        "It took a day longer than promised, but it was worth the wait.",
        "I like it more with every week.",
    ),
    3: (
        "It is fine, though a little smaller than I had thought.",
        "Decent, but I have seen better for this price.",
        "The thing itself is good; the parcel had seen better days.",
    ),
    2: ("The colour differs from the picture.", "It feels lighter than the description made me think."),
    1: ("It came with a scratch.", "Not the variant that I ordered."),
}
_DETAILS = {
    5: (
        "Everybody who comes by asks where it is from.",
        "The details are lovely, down to the label.",
        "We use it every single day.",
        "There was a handwritten note in the parcel, which made my week.",
        "I would not change a thing.",
        "My partner has claimed it already.",
    ),
    4: (
        "One star less because the instructions are short.",
        "I only wish that there were more colours.",
        "The finish could be a touch smoother.",
        "I would take the larger one next time.",
    ),
    3: ("I shall keep it all the same.", "It does its job.", "Have a look at the measurements before you order."),
    2: ("Sending it back was easy, at least.", "I gave it to my neighbour, who likes it."),
    1: ("The shop was friendly and found a way, but still.", "I had expected more care."),
}
_THANKS = (
    "Thank you for taking the time! It is a pleasure to read this at the bench.",
    "How kind. We shall pass it on to everybody here.",
)
_SORRY = (
    "We are sorry to hear that. Please write to us with your order number, and we shall make it right.",
    "Thank you for being frank. We have looked into it, and the next batch is better for it.",
)
_WISHES = (("handmade", "for the kitchen"), ("gift", "for Ingrid's birthday"), ("loved", ""), ("large", "when we move"))


@cache
def reviews(today: datetime | None = None) -> tuple[ReviewContent, ...]:
    """Return what was said, the oldest first: by each buyer once about each product that they got.

    `today` is that of `past_orders`.
    """
    chance = Random(SEED)  # noqa: S311 - the same marketplace every time is the point
    handles = {variant.sku: product.handle for product in products() for variant in product.variants}
    said: dict[tuple[int, str], ReviewContent] = {}
    for order in past_orders(today):
        if order.outcome not in {"delivered", "completed"} or order.placed_days_ago <= _DAYS_ON_THE_WAY + 1:
            continue
        for sku, _ in order.lines:
            whose = order.buyer_index, handles[sku]
            if whose not in said and chance.random() < _SHARE:
                said[whose] = _review(chance, order, handles[sku])
    return tuple(sorted(said.values(), key=lambda review: -review.days_ago))


@cache
def wishes() -> tuple[WishContent, ...]:
    """Return what the demo's buyer wishes for."""
    found: dict[str, WishContent] = {}
    for tag, note in _WISHES:
        tagged = [product for product in products() if tag in product.tags and product.handle not in found]
        if tagged:
            product = max(tagged, key=lambda one: (one.weight, one.handle))
            found[product.handle] = WishContent(product.handle, note)
    return tuple(found.values())


def _review(chance: Random, order: PastOrder, handle: str) -> ReviewContent:
    rating = chance.choices(tuple(_STARS), tuple(_STARS.values()))[0]
    latest = order.placed_days_ago - _DAYS_ON_THE_WAY
    days_ago = max(1, latest - chance.randrange(1, 15))
    replied = chance.random() < (0.6 if rating <= 3 else 0.15)
    return ReviewContent(
        buyer_index=order.buyer_index,
        handle=handle,
        rating=rating,
        title=chance.choice(_TITLES[rating]),
        body=f"{chance.choice(_OPENINGS[rating])} {chance.choice(_DETAILS[rating])}",
        days_ago=days_ago,
        reply=chance.choice(_SORRY if rating <= 3 else _THANKS) if replied else None,
    )
