"""Made-up data for every kind of mail, for previews."""

from dataclasses import replace
from html import escape
from typing import Any
from uuid import UUID

from mercat.catalog.stock import LowVariant
from mercat.kit.money import Money
from mercat.notifications.composer import Letter, Subject, compose
from mercat.notifications.links import UNSUBSCRIBE
from mercat.notifications.order_values import ShownLine, ShownOrder, VendorShipment
from mercat.notifications.own_words import NONE, OwnText
from mercat.notifications.review_values import ShownReview
from mercat.notifications.table import SUBJECTS
from mercat.saved_items import AlertInMail

NUMBER, DOCUMENT = "M-100042", "NK-2030-00017"
VENDOR = "North Kiln"
SUBJECT = {
    "number": NUMBER,
    "document": DOCUMENT,
    "product": "Stoneware mug",
    "vendor": VENDOR,
}
LONG_NAME = "A bowl with a name so long that it has to go on in a second line, and in a third one on a phone"
LINES = (
    ShownLine("Stoneware mug", "Grey / 0.3 l", 2, Money(3700, "EUR")),
    ShownLine(LONG_NAME, "Default", 1, Money(4200, "EUR")),
    ShownLine("قهوة عربية محمصة", "250 g", 3, Money(3870, "EUR")),
)
ORDER = ShownOrder(
    number=NUMBER,
    buyer="Ada Lovelace",
    items=LINES,
    shipments=(
        VendorShipment(
            "North Kiln", LINES[:2], "JD014600006281230700", "DHL", "https://parcels.example/JD014600006281230700"
        ),
        VendorShipment("Bitter & Bean <Rösterei>", LINES[2:], None),
    ),
    address=("Ada Lovelace", "12 St James's Square", "SW1Y 4JH London", "United Kingdom"),
    subtotal=Money(11770, "EUR"),
    discount=Money(500, "EUR"),
    shipping=Money(490, "EUR"),
    tax=Money(0, "EUR"),
    included_tax=Money(1878, "EUR"),
    total=Money(11760, "EUR"),
    shipping_method="Standard delivery",
)
REVIEW = ShownReview(
    product="Stoneware mug",
    author="Ada L.",
    stars="★★★★☆",
    title="Just the right size",
    lines=("It keeps the coffee warm, and the handle fits my hand.", "<b>Only</b> the glaze is a little rough."),
    reply=("Thank you! The larger one is back in April.",),
)
UNSUBSCRIBING = "https://shop.example/unsubscribe/alerts/01980000-0000-7000-8000-000000000000?key=a-sample"
VALUES: dict[str, Any] = {
    "account": "DE89…3000",
    "alert": AlertInMail(
        UUID(int=0), "price_drop", "Stoneware mug", "Grey / M", Money(1500, "EUR"), Money(1850, "EUR")
    ),
    "amount": Money(3700, "EUR"),
    "bank": ("Mercat Markthalle GmbH", "DE02 1203 0000 0000 2020 51", "BYLADEM1001"),
    "due": Money(11760, "EUR"),
    "return_address": ("North Kiln GmbH", "Hafenstraße 7", "25813 Husum", "Germany"),
    "order_link": "https://shop.example/orders/01980000-0000-7000-8000-000000000000?key=a-sample",
    "home": "https://shop.example/",
    "instructions": "Please transfer the amount to the marketplace's account and name the order number.",
    "link": "https://shop.example/page?token=a-sample-that-opens-nothing",
    "month": "January 2030",
    "name": "Ada Lovelace",
    "order": ORDER,
    "order_number": NUMBER,
    "lines": LINES[:2],
    "note": "The mug shows signs of use.",
    "reason": "One mug arrived broken.",
    "review": REVIEW,
    "vendor": VENDOR,
    "more": 12,
    "lapsed": True,
    "until": "14 January 2030",
    "variants": (
        LowVariant("Stoneware mug", "Grey / 0.3 l", "NK-MUG-GR", 2),
        LowVariant(LONG_NAME, "Default", None, 0),
    ),
    "words": {"vendor": VENDOR, "reason": "The address could not be verified."},
}


def sample(kind: str, locale: str, own: OwnText = NONE) -> Letter:
    """Return a kind of mail, written to a made-up person, with an operator's own words in it or as shipped."""
    letter = compose(kind, locale, Subject(SUBJECTS[kind], SUBJECT), VALUES, own)
    html = letter.html.replace(escape(UNSUBSCRIBE), UNSUBSCRIBING)
    return replace(letter, text=letter.text.replace(UNSUBSCRIBE, UNSUBSCRIBING), html=html)
