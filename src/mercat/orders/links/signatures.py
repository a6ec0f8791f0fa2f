"""An order's id and a signature open it: the signature is made anew each time and always the same."""

import base64
import binascii
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.auth.keyring import mac, proves
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
    if known is None or not proves(LINK, known.bytes, _decoded(key)):
        raise OrderNotFound
    order = await session.get(Order, known)
    if order is None or not order.email:
        raise OrderNotFound
    return await queries.read(session, known)


def _decoded(key: str) -> bytes:
    """Return a signature's bytes; what is none proves nothing."""
    try:
        return base64.b64decode(key + "=" * (-len(key) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
