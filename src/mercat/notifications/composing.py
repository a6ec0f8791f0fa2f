"""Writing mail: templates in HTML and plain text, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from babel import Locale
from babel.numbers import format_currency

from mercat import i18n
from mercat.kit.config import ProcessSettings
from mercat.kit.money import Money
from mercat.notifications.notices import NOTICES
from mercat.notifications.templating import fill, templates

SUBJECTS = {
    "back_in_stock": "{product} is back",
    "commission_credit_note": "Credit note {paper} over commission",
    "commission_invoice": "Invoice {paper} over commission",
    "credit_note": "Credit note {paper} for your order {number}",
    "invoice": "Invoice {paper} for your order {number}",
    "new_order": "New order {number}",
    "new_return": "A return of order {number} waits for your decision",
    "new_review": "A new review of {product}",
    "low_stock": "Stock runs low at {seller}",
    "order_cancelled": "Your order {number} was cancelled",
    "order_expired": "Your order {number} has expired",
    "order_paid": "Your order {number} is confirmed",
    "order_placed": "Your order {number}",
    "order_refunded": "Money back for your order {number}",
    "order_shipped": "Your order {number} is on its way",
    "part_cancelled": "A part of your order {number} was cancelled",
    "part_shipped": "A parcel of your order {number} is on its way",
    "payment_failed": "The payment of your order {number} did not go through",
    "payment_returned": "Your payment for order {number} goes back",
    "refund_failed": "A refund for order {number} has failed",
    "return_approved": "You can send your return of order {number}",
    "return_rejected": "About your return of order {number}",
    "price_drop": "{product} costs less now",
    "review_answered": "{shop_name} has replied to your review",
    "payout_failed": "A payout for {seller} has failed",
    "payout_paid": "A payout for {seller}",
    "welcome": "Welcome to {shop}",
}
"""Kind of mail with templates of its own -> its subject in English."""
KINDS = (*sorted(SUBJECTS), *sorted(NOTICES))


@dataclass(frozen=True, slots=True)
class Letter:
    """A subject and the two bodies of a message."""

    subject: str
    text: str
    html: str


def compose(kind: str, locale: str, subject: Mapping[str, str], values: Mapping[str, Any]) -> Letter:
    """Render a kind of mail: a notice about somebody's account, or one that has templates of its own.

    `subject` fills the places of the subject; the templates say what `values` they need.
    """
    translate = partial(i18n.translate, locale)
    shop = ProcessSettings.read().shop_name
    notice = NOTICES.get(kind)
    title = fill(translate(notice.subject if notice else SUBJECTS[kind]), **{"shop": shop, **subject})
    leftwards = Locale.parse(locale).text_direction == "rtl"
    context = {
        "words": {},
        **values,
        "_": translate,
        "locale": locale,
        "direction": "rtl" if leftwards else "ltr",
        "start": "right" if leftwards else "left",
        "end": "left" if leftwards else "right",
        "shop": shop,
        "subject": title,
        "title": title,
        "notice": notice,
        "money": partial(_money, locale=locale),
    }
    template = "notice" if notice else kind
    html = templates().get_template(f"{template}.html").render(context)
    return Letter(title, templates().get_template(f"{template}.txt.j2").render(context), html)


def _money(amount: Money, *, locale: str) -> str:
    return format_currency(amount.amount, amount.currency, locale=locale)
