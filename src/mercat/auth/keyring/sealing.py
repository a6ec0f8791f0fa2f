"""Secrets that the database keeps, encrypted (Fernet)."""

import base64
import hmac
from hashlib import sha256
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from mercat.auth.keyring.derived_keys import keys


def seal(purpose: str, secret: str, *, row: UUID | None = None) -> str:
    """Encrypt a secret that the database keeps, in this row alone if one is named."""
    return MultiFernet(_boxes(purpose, row)).encrypt(secret.encode()).decode()


def unseal(purpose: str, sealed: str, *, row: UUID | None = None) -> str | None:
    """Return a sealed secret, or None when no key that is still known opens it."""
    try:
        return MultiFernet(_boxes(purpose, row)).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def seal_anew(purpose: str, sealed: str, *, row: UUID | None = None) -> str | None:
    """Return a secret sealed with today's key, or None if it is already, or nothing opens it."""
    secret = unseal(purpose, sealed, row=row)
    if secret is None or _opens(_boxes(purpose, row)[0], sealed):
        return None
    return seal(purpose, secret, row=row)


def _boxes(purpose: str, row: UUID | None) -> list[Fernet]:
    found = keys(purpose)
    if row is not None:
        found = tuple(hmac.digest(key, row.bytes, sha256) for key in found)
    return [Fernet(base64.urlsafe_b64encode(key)) for key in found]


def _opens(box: Fernet, sealed: str) -> bool:
    try:
        box.decrypt(sealed.encode())
    except InvalidToken:
        return False
    return True
