"""The page on which a buyer passes or fails the challenge of a test card: its address, and its data.

A card's own check happens on a page of its bank. The sandbox provider has one too, so that a storefront meets what it
will meet in production. The address is signed: its holder may answer, and it cannot be guessed.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.auth.keyring import sign, signed_id
from mercat.kit.config import ProcessSettings
from mercat.payments.config import settings
from mercat.payments.exceptions import PaymentNotFound
from mercat.payments.models import TestCharge

ANSWERS = {"approve": "test_require_action", "decline": "test_challenge_failed"}
"""What a button of the page confirms the payment with. Approving what was declined meanwhile only asks again."""
SIGNATURE = "test challenge"


@dataclass(frozen=True, slots=True)
class Challenge:
    """A payment whose test card asks for a challenge, or has asked for one."""

    payment_id: UUID
    return_url: str
    """The page that the buyer returns to; empty if none was named."""
    is_open: bool


def url_of(payment_id: UUID) -> str:
    """Return the address of a challenge's page."""
    origin = ProcessSettings.read().public_url.rstrip("/")
    return f"{origin}/test-payments/{payment_id}?key={sign(SIGNATURE, payment_id.bytes)}"


async def open_challenge(session: AsyncSession, payment_id: str, key: str) -> Challenge:
    """Return the challenge of an address.

    Raises:
        PaymentNotFound: there is none, the key is not ours, or test payments are off.
    """
    known = signed_id(SIGNATURE, payment_id, key)
    if not settings().test_payments or known is None:
        raise PaymentNotFound
    charge = await session.scalar(select(TestCharge).where(TestCharge.payment_id == known))
    if charge is None:
        raise PaymentNotFound
    default = ProcessSettings.read().public_url
    return_url = "" if charge.return_url == default else charge.return_url
    return Challenge(known, return_url, is_open=charge.challenge and charge.state == "requires_action")
