"""Passkeys (WebAuthn): key pairs in people's devices, which sign in without a password or after one."""

from mercat.auth.passkeys.asserting import shown
from mercat.auth.passkeys.ceremonies import request_options
from mercat.auth.passkeys.exceptions import PasskeyNotFound, PasskeyRefused
from mercat.auth.passkeys.keeping import descriptors
from mercat.auth.passkeys.own_router import router as own_router
from mercat.auth.passkeys.router import router
from mercat.auth.passkeys.schemas import REQUEST_EXAMPLE, Credential, Options

__all__ = [
    "REQUEST_EXAMPLE",
    "Credential",
    "Options",
    "PasskeyNotFound",
    "PasskeyRefused",
    "descriptors",
    "own_router",
    "request_options",
    "router",
    "shown",
]
