"""Who an `Idempotency-Key` belongs to: two buyers may use the same one."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit import idempotency


def of_cart(user_id: UUID | None, token_hash: bytes | None) -> str:
    """Return who checks a cart out: a person, or the guest who holds it."""
    return str(user_id) if user_id else f"cart {token_hash.hex() if token_hash else ''}"


def of_items(user_id: UUID | None, email: str | None) -> str:
    """Return who orders without a cart: a person, or the guests of one address."""
    return str(user_id or f"guest {email}")


async def forget(session: AsyncSession, user_id: UUID, emails: Iterable[str], token_hashes: Iterable[bytes]) -> None:
    """Delete the stored answers of an erased person: they are copies of orders."""
    guests = (*(of_items(None, email) for email in emails), *(of_cart(None, token) for token in token_hashes))
    await idempotency.forget(session, [str(user_id), *guests])
