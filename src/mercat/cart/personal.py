"""What carts know about a person."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.cart.models import Cart, CartItem
from mercat.cart.schemas import CartRecord, CartRecordLine
from mercat.kit.money import default_currency


async def record_of(session: AsyncSession, user_id: UUID) -> list[CartRecord]:
    """Return a person's carts, also ordered or merged ones."""
    carts = list(await session.scalars(select(Cart).where(Cart.user_id == user_id).order_by(Cart.id)))
    lines = await session.scalars(
        select(CartItem).where(CartItem.cart_id.in_([cart.id for cart in carts])).order_by(CartItem.id)
    )
    by_cart: dict[UUID, list[CartRecordLine]] = {cart.id: [] for cart in carts}
    for line in lines:
        shown = CartRecordLine(
            variant_id=line.variant_id,
            quantity=line.quantity,
            price_seen=line.price_seen,
            created_at=line.created_at,
        )
        by_cart[line.cart_id].append(shown)
    return [
        CartRecord(
            id=cart.id,
            status=cart.status,
            coupon=cart.coupon,
            currency=cart.currency or default_currency(),
            items=by_cart[cart.id],
            created_at=cart.created_at,
            updated_at=cart.updated_at,
        )
        for cart in carts
    ]


async def forget(session: AsyncSession, user_id: UUID, cart_ids: Sequence[UUID]) -> list[bytes]:
    """Delete the carts of an erased person, and these that they used as a guest; returns the guest's tokens."""
    gone = await session.scalars(
        delete(Cart).where(or_(Cart.user_id == user_id, Cart.id.in_(cart_ids))).returning(Cart.token_hash)
    )
    return [token_hash for token_hash in gone if token_hash is not None]
