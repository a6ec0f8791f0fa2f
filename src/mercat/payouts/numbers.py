"""Numbers of bank accounts: encrypted at rest, each for its row alone, with their ends in clear for people."""

from uuid import UUID

from mercat.auth import keyring
from mercat.kit.logs import logger
from mercat.payouts.exceptions import NumberUnreadable
from mercat.payouts.models import Payout, PayoutAccount

SEALED = "iban"
"""What the numbers are sealed for."""


def sealed(row: UUID, number: str | None) -> dict[str, object]:
    """Return the columns that store a number in the row with this key."""
    if number is None:
        return {"sealed_iban": None, "iban_ends": ""}
    return {"sealed_iban": keyring.seal(SEALED, number, row=row), "iban_ends": masked(number)}


def opened(kept: PayoutAccount | Payout) -> str | None:
    """Return the number of a row, for the bank.

    Raises:
        NumberUnreadable: no known key opens it.
    """
    if kept.sealed_iban is None:
        return None
    number = keyring.unseal(SEALED, kept.sealed_iban, row=key_of(kept))
    if number is None:
        raise NumberUnreadable(vendor_id=str(kept.vendor_id))
    return number


def readable(kept: PayoutAccount) -> bool:
    """Tell whether a row's number can be opened for the bank; the log names those that cannot."""
    try:
        opened(kept)
    except NumberUnreadable:
        logger.error("bank_number_unreadable", vendor_id=str(kept.vendor_id))
        return False
    return True


def is_kept(kept: PayoutAccount, number: object) -> bool:
    """Tell whether a row has this very number; one that no key opens is another."""
    try:
        return opened(kept) == number
    except NumberUnreadable:
        return False


def masked(number: str | None) -> str:
    """Return the ends of a number, by which people recognise it."""
    return "" if not number else f"{number[:4]}…{number[-4:]}"


def key_of(kept: PayoutAccount | Payout) -> UUID:
    """Return the key of the row that a number is sealed for."""
    return kept.id if isinstance(kept, Payout) else kept.vendor_id
