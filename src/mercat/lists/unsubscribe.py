"""The signed link that ends an account's alerts at once, as their mail carries it: without signing in."""

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.auth.keyring import mac, proves
from mercat.kit.config import ProcessSettings
from mercat.kit.ids import parse_id
from mercat.lists.exceptions import AlertNotFound
from mercat.lists.models import ProductAlert

SIGNATURE = "end alerts"


def unsubscribe_url(user_id: UUID) -> str:
    """Return the address that ends an account's alerts; always the same one."""
    origin = ProcessSettings.read().public_url.rstrip("/")
    return f"{origin}/unsubscribe/alerts/{user_id}?key={mac(SIGNATURE, user_id.bytes).hex()}"


def may_unsubscribe(user_id: str, key: str) -> UUID:
    """Return the account that a link is about.

    Raises:
        AlertNotFound: the signature is not ours.
    """
    known = parse_id(user_id)
    try:
        proof = bytes.fromhex(key)
    except ValueError:
        proof = b""
    if known is None or not proves(SIGNATURE, known.bytes, proof):
        raise AlertNotFound
    return known


async def end_alerts(session: AsyncSession, user_id: UUID) -> None:
    """Delete all alerts of an account. What has come true and is not told yet, is not told."""
    await session.execute(delete(ProductAlert).where(ProductAlert.user_id == user_id))
