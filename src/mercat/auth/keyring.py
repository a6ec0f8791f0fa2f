"""What is derived from the secret key: a key of its own for each purpose, and the former ones while they are accepted.

The first key of a purpose makes, all of them check: a secret key is replaced by moving the old value to
`MERCAT_PREVIOUS_SECRET_KEYS`, and nobody is signed out.
"""

import base64
import hmac
from functools import lru_cache
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from mercat.auth.config import AuthSettings


@lru_cache(maxsize=16)
def keys(purpose: str) -> tuple[bytes, ...]:
    """Return 32 bytes for each secret key, today's first (HMAC-SHA256 of the purpose)."""
    settings = AuthSettings()
    secrets = (settings.secret_key, *settings.previous_secret_keys)
    return tuple(hmac.digest(secret.get_secret_value().encode(), purpose.encode(), sha256) for secret in secrets)


def mac(purpose: str, message: bytes) -> bytes:
    """Return a proof of 32 bytes that only this shop could have made."""
    return hmac.digest(keys(purpose)[0], message, sha256)


def proves(purpose: str, message: bytes, proof: bytes) -> bool:
    """Tell whether a proof was made here, with today's key or a former one; takes as long for any proof."""
    found = [hmac.compare_digest(hmac.digest(key, message, sha256), proof) for key in keys(purpose)]
    return any(found)


@lru_cache(maxsize=4)
def _box(purpose: str) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys(purpose)])


def seal(purpose: str, secret: str) -> str:
    """Encrypt a secret that the database keeps."""
    return _box(purpose).encrypt(secret.encode()).decode()


def unseal(purpose: str, sealed: str) -> str | None:
    """Return a sealed secret, or None when no key that is still known opens it."""
    try:
        return _box(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def seal_anew(purpose: str, sealed: str) -> str | None:
    """Return a secret sealed with today's key, or None if it is already, or nothing opens it."""
    secret = unseal(purpose, sealed)
    if secret is None or _opens(keys(purpose)[0], sealed):
        return None
    return seal(purpose, secret)


def _opens(key: bytes, sealed: str) -> bool:
    try:
        Fernet(base64.urlsafe_b64encode(key)).decrypt(sealed.encode())
    except InvalidToken:
        return False
    return True
