"""Passkeys (WebAuthn): key pairs in people's devices, which sign in without a password or after one."""

from mercat.auth.passkeys.assertions import ask, shown
from mercat.auth.passkeys.config import PasskeySettings  # known before a process starts, which looks at all settings
from mercat.auth.passkeys.exceptions import PasskeyNotFound, PasskeyRefused
from mercat.auth.passkeys.own_router import router as own_router
from mercat.auth.passkeys.router import router
from mercat.auth.passkeys.schemas import REQUEST_EXAMPLE, Credential, Options

__all__ = [
    "REQUEST_EXAMPLE",
    "Credential",
    "Options",
    "PasskeyNotFound",
    "PasskeyRefused",
    "PasskeySettings",
    "ask",
    "own_router",
    "router",
    "shown",
]
