"""What operators may put into their own texts of mail: a few named values of each kind, and nothing that is looked up.

The values are those that the shipped sentences have. A name is one only where the address is proven to be its owner's.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal, get_args

from mercat.kit.money import Money
from mercat.notifications.account_messages import ACCOUNT_MESSAGES

Audience = Literal["account", "buyer", "operator", "vendor"]
AUDIENCES: tuple[Audience, ...] = get_args(Audience)

OPENING = "opening"
"""Stands for the shipped opening sentences."""
DESCRIPTIONS: Mapping[str, str] = {
    "amount": "The amount that the message is about.",
    "author": "Who wrote the review, as the product's page shows it.",
    "document": "The number of the attached document.",
    "marketplace": "The name of the marketplace.",
    "month": "The month that is billed.",
    "name": (
        "The recipient's name. It is left out, with the comma or blank before it, where the address is not proven to "
        "be theirs or they gave none."
    ),
    "number": "The number of the order.",
    OPENING: "The shipped opening sentences; in the introduction, in a paragraph of its own.",
    "product": "The name of the product.",
    "total": "The total of the order.",
    "vendor": "The name of the vendor.",
}
ORDER = ("name", "number", "total")
VENDOR = ("name", "vendor")
_MESSAGES_TO_VENDORS = (
    "payout_account_changed", "vendor_approved", "vendor_invitation", "vendor_reinstated", "vendor_rejected",
    "vendor_suspended",
)  # fmt: skip
_KINDS: Mapping[Audience, Mapping[str, tuple[str, ...]]] = {
    "account": {
        **{kind: ("name",) for kind in ACCOUNT_MESSAGES if kind not in _MESSAGES_TO_VENDORS},
        "back_in_stock": ("name", "product"),
        "price_drop": ("name", "product"),
        "review_answered": ("name", "product", "vendor"),
        "welcome": ("name",),
    },
    "buyer": {
        **dict.fromkeys(
            (
                "order_cancelled", "order_expired", "order_paid", "order_placed", "order_shipped", "payment_failed",
                "return_approved", "return_rejected", "vendor_order_cancelled", "vendor_order_shipped",
            ),
            ORDER,
        ),
        **dict.fromkeys(("credit_note", "invoice"), ("amount", "document", "name", "number", "vendor")),
        **dict.fromkeys(("order_refunded", "payment_returned"), ("amount", *ORDER)),
    },
    "operator": {"refund_failed": ("amount", "name", "number")},
    "vendor": {
        **dict.fromkeys(_MESSAGES_TO_VENDORS, VENDOR),
        **dict.fromkeys(
            ("commission_credit_note", "commission_invoice"), ("amount", "document", "month", "name", "vendor")
        ),
        **dict.fromkeys(("new_order", "new_return"), ("name", "number", "vendor")),
        **dict.fromkeys(("payout_failed", "payout_paid"), ("amount", *VENDOR)),
        "low_stock": VENDOR,
        "new_review": ("author", "name", "product", "vendor"),
    },
}  # fmt: skip
WITHOUT_NAME = frozenset({"change_email", "vendor_invitation", "verify_email"})
"""Goes to addresses whose owner is not known yet."""
WITHOUT_OPENING = frozenset({"commission_credit_note", "commission_invoice", "order_refunded", "payment_returned"})
"""Every shipped sentence of these is about money: they stay, and own words stand before them."""


def _of_kind(kind: str, named: tuple[str, ...]) -> tuple[str, ...]:
    wanted = {*named, "marketplace"} - ({"name"} if kind in WITHOUT_NAME else set())
    return tuple(sorted(wanted if kind in WITHOUT_OPENING else wanted | {OPENING}))


AUDIENCE: Mapping[str, Audience] = MappingProxyType(
    {kind: audience for audience, kinds in _KINDS.items() for kind in kinds}
)
"""Kind of mail -> who gets it: owners of accounts, buyers about their orders, operators, or vendors' people."""
PLACEHOLDERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {kind: _of_kind(kind, named) for kinds in _KINDS.values() for kind, named in kinds.items()}
)
"""Kind of mail -> the names that its own texts may put in braces."""


def values_of(
    kind: str, values: Mapping[str, Any], subject: Mapping[str, str], money: Callable[[Money], str]
) -> dict[str, str]:
    """Return what stands for each placeholder of a kind; nothing for what is not known of this recipient."""
    known: dict[str, Any] = {**values.get("words", {}), **subject, **values}
    found: dict[str, str] = {}
    for name in PLACEHOLDERS[kind]:
        if name == "total":
            found[name] = money(known["order"].total)
        elif name == "amount":
            found[name] = money(known["amount"])
        elif name == "author":
            found[name] = known["review"].author
        elif name != OPENING:
            found[name] = str(known[name] or "")
    return found
