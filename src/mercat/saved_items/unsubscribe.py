"""The signed link that ends an account's alerts at once, as their mail carries it: without signing in."""

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.auth.keyring import sign, signed_id
from mercat.kit.config import ProcessSettings
from mercat.saved_items.exceptions import AlertNotFound
from mercat.saved_items.models import ProductAlert

SIGNATURE = "end alerts"


def unsubscribe_url(user_id: UUID) -> str:
    """Return the address that ends an account's alerts; always the same one."""
    origin = ProcessSettings.read().public_url.rstrip("/")
    return f"{origin}/unsubscribe/alerts/{user_id}?key={sign(SIGNATURE, user_id.bytes)}"


def may_unsubscribe(user_id: str, key: str) -> UUID:
    """Return the account that a link is about.

    Raises:
        AlertNotFound: the signature is not ours.
    """
    known = signed_id(SIGNATURE, user_id, key)
    if known is None:
        raise AlertNotFound
    return known


async def end_alerts(session: AsyncSession, user_id: UUID) -> None:
    """Delete all alerts of an account. Triggered ones that are not told yet, are not told."""
    await session.execute(delete(ProductAlert).where(ProductAlert.user_id == user_id))
