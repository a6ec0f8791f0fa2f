"""Links to an order that open it without an account: the order's id and a signature, as mail carries them.

Owns: nothing.
Calls: auth.
Publishes: nothing.
Listens: nothing.
"""

import base64
from hmac import compare_digest
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.auth.keyring import mac
from mercat.kit.ids import parse_id
from mercat.orders import queries
from mercat.orders.exceptions import OrderNotFound
from mercat.orders.models import Order
from mercat.orders.schemas import OrderRead

LINK = "order link"


def link_key(order_id: UUID) -> str:
    """Return the signature that opens an order; always the same one."""
    return base64.urlsafe_b64encode(mac(LINK, order_id.bytes)).decode().rstrip("=")


async def read_by_link(session: AsyncSession, order_id: str, key: str) -> OrderRead:
    """Return the order that a link opens, as its buyer sees it.

    Raises:
        OrderNotFound: there is none, its buyer was erased, or the signature is not ours.
    """
    known = parse_id(order_id)
    if known is None or not compare_digest(link_key(known).encode(), key.encode()):
        raise OrderNotFound
    order = await session.get(Order, known)
    if order is None or not order.email:
        raise OrderNotFound
    return await queries.read(session, known)


__all__ = ["link_key", "read_by_link"]
