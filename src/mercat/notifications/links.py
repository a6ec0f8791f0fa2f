"""One-time links in mail: always on the marketplace's own origin, and without their secret until the mail is sent."""

import re
from dataclasses import dataclass
from uuid import UUID

from mercat import auth
from mercat.kit.config import ProcessSettings
from mercat.orders.links import link_key


class OurLink(str):
    """An address that we have written ourselves: only in these the placeholders below are filled when mail is sent."""

    __slots__ = ()


SECRET = "<one-time-token>"  # noqa: S105 - what stands for it
"""Placeholder for the secret of a link until the message is sent."""

ORDER_KEY = "<order-key:{order_id}>"
"""Placeholder for the signature of a link to an order until the message is sent."""
ORDER_KEYS = re.compile(r"<order-key:([0-9a-f-]{36})>")
ORDER_KEYS_IN_HTML = re.compile(r"&lt;order-key:([0-9a-f-]{36})&gt;")

CAN_BE_ENDED = frozenset({"back_in_stock", "price_drop"})
"""Mail that a person asked for, and that is about none of their orders and not about their account."""
UNSUBSCRIBE = OurLink("<unsubscribe>")
"""Placeholder for the link that ends such mail until the message is sent: its signature opens a page."""
MARKS = re.compile(r"(?:<|&lt;)(?:one-time-token|order-key:[^<>&]*|unsubscribe)(?:>|&gt;)")
"""What looks like one of these placeholders in words of others, as it is or escaped."""


def to_order(order_id: UUID) -> OurLink:
    """Return the link to an order's page: its holder sees the order, without an account."""
    return OurLink(f"{origin()}/orders/{order_id}?key={ORDER_KEY.format(order_id=order_id)}")


def without_marks(value: object) -> object:
    """Return what a template writes, so that words of others get no secret and no signature: ours are in `OurLink`s."""
    if not isinstance(value, str) or isinstance(value, OurLink) or MARKS.search(value) is None:
        return value
    return type(value)(MARKS.sub("…", value))


def signed(text: str) -> str:
    """Put the signatures into the links of a message."""
    return ORDER_KEYS.sub(lambda found: link_key(UUID(found[1])), text)


def signed_html(text: str) -> str:
    """Put the signatures into the links of a message in HTML, where the placeholder is escaped."""
    return ORDER_KEYS_IN_HTML.sub(lambda found: link_key(UUID(found[1])), text)


def origin() -> str:
    """Return the marketplace's own origin, whatever a request said."""
    return ProcessSettings.read().public_url.rstrip("/")


@dataclass(frozen=True, slots=True)
class Link:
    """A link that works once: a page of the marketplace, and the token that its secret is made from."""

    page: str
    purpose: auth.Purpose
    token_id: UUID

    @property
    def url(self) -> OurLink:
        """The address without its secret."""
        return OurLink(f"{origin()}/{self.page}?token={SECRET}")
