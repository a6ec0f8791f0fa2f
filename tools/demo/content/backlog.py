"""What waits for somebody: something to pack, to decide, to moderate, to send again."""

from typing import Any

from content.history import past_orders
from content.shapes import PastOrder

OWN_SHOP = "SMP-"
"""How the SKUs of the vendor login's shop begin."""
REVIEWS: tuple[dict[str, Any], ...] = (
    {
        "rating": 5,
        "title": "Look what I found",
        "body": "I have written more about this one, with pictures, on www.my-kitchen-shelf.example.",
        "signals": ["link"],
    },
    {
        "rating": 1,
        "title": "STILL WAITING",
        "body": "THE PARCEL WAS LATE AND NOBODY ANSWERS THE TELEPHONE ON A SUNDAY!",
        "signals": ["capitals"],
    },
    {
        "rating": 4,
        "title": "Très joli",
        "body": "Très joli, un peu plus petit que prévu. Mehr Bilder gibt es auf meiner Seite: https://töpfe.example",
        "signals": ["link"],
    },
)
"""Reviews that a moderator looks at first, and why."""


def backlog() -> dict[str, Any]:
    """Return what waits, as the loader reads it."""
    return {
        "gift_card": {"amount": {"amount": "100.00", "currency": "EUR"}, "note": "For the delay in March"},
        "bought": {"SMP-101-TID": 1, "SMP-105-TID": 1},
        "returns": [
            {
                **_newest(OWN_SHOP, beside=0),
                "reason": "damaged",
                "note": "There is a hairline crack below the glaze. I have kept the box.",
            },
            {**_newest("", buyer=0), "reason": "other", "note": "Hübsch, aber ich habe schon zwei davon."},
        ],
        "mail": {
            "kind": "order_shipped",
            "recipient": "nobody@mailbox-is-gone.example",
            "subject": "Your order is on its way",
            "text": "Your order has left the workshop. It should be with you in two or three days.",
            "reason": "550 5.1.1 The mailbox does not exist",
        },
        "job_failure": ["OSError", "[Errno 28] No space left on device"],
    }


def _newest(prefix: str, *, buyer: int | None = None, beside: int | None = None) -> dict[str, Any]:
    """Return the newest delivered order with such an SKU, of the buyer or of anybody else, and that SKU."""
    for number, order in reversed(list(enumerate(past_orders()))):
        skus = [sku for sku, _ in order.lines if sku.startswith(prefix)]
        if order.outcome == "delivered" and skus and _is_of(order, buyer, beside):
            return {"order": number, "sku": skus[0]}
    raise LookupError(prefix)


def _is_of(order: PastOrder, buyer: int | None, beside: int | None) -> bool:
    return order.buyer_index == buyer if buyer is not None else order.buyer_index != beside
