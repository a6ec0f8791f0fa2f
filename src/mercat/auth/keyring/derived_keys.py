"""A key of its own for each purpose, and the proofs that are made with it."""

import hmac
from hashlib import sha256
from uuid import UUID

from mercat.auth.config import AuthSettings
from mercat.kit.ids import parse_id
from mercat.kit.settings_memory import by_settings


@by_settings
def keys(purpose: str) -> tuple[bytes, ...]:
    """Return 32 bytes for each secret key, today's first (HMAC-SHA256 of the purpose)."""
    settings = AuthSettings.read()
    secrets = (settings.secret_key, *settings.previous_secret_keys)
    return tuple(hmac.digest(secret.get_secret_value().encode(), purpose.encode(), sha256) for secret in secrets)


def mac(purpose: str, message: bytes) -> bytes:
    """Return a proof of 32 bytes that only this marketplace could have made."""
    return hmac.digest(keys(purpose)[0], message, sha256)


def proves(purpose: str, message: bytes, proof: bytes) -> bool:
    """Tell whether a proof was made here, with today's key or a former one; takes as long for any proof."""
    found = [hmac.compare_digest(hmac.digest(key, message, sha256), proof) for key in keys(purpose)]
    return any(found)


def sign(purpose: str, message: bytes) -> str:
    """Return the proof as text, for links and cookies."""
    return mac(purpose, message).hex()


def signed(purpose: str, message: bytes, signature: str) -> bool:
    """Tell whether a text is a proof that was made here; what is none at all proves nothing."""
    try:
        return proves(purpose, message, bytes.fromhex(signature))
    except ValueError:
        return False


def signed_id(purpose: str, written: str, signature: str) -> UUID | None:
    """Return the id that a link names and proves, None if it does not."""
    known = parse_id(written)
    return known if known is not None and signed(purpose, known.bytes, signature) else None


def replacing(purpose: str) -> bool:
    """Tell whether a former key is still accepted: what it sealed should be sealed anew."""
    return len(keys(purpose)) > 1
