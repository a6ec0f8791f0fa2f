"""An order's id and a signature open it: the signature is made anew each time and always the same."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.auth.keyring import sign, signed_id
from mercat.orders import queries
from mercat.orders.exceptions import OrderNotFound
from mercat.orders.models import Order
from mercat.orders.schemas import OrderRead

LINK = "order link"


def link_key(order_id: UUID) -> str:
    """Return the signature that opens an order; always the same one."""
    return sign(LINK, order_id.bytes)


async def read_by_link(session: AsyncSession, order_id: str, key: str) -> OrderRead:
    """Return the order that a link opens, as its buyer sees it.

    Raises:
        OrderNotFound: there is none, its buyer was erased, or the signature is not ours.
    """
    known = signed_id(LINK, order_id, key)
    if known is None:
        raise OrderNotFound
    order = await session.get(Order, known)
    if order is None or not order.email:
        raise OrderNotFound
    return await queries.read(session, known)
