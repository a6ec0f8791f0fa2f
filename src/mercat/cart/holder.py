"""Whose cart a request means: a signed-in person's, or the one whose token the guest carries."""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated
from uuid import UUID

from fastapi import Cookie, Depends, Header

from mercat.auth import OptionalActor

COOKIE = "mercat_cart"
HEADER = "X-Cart-Token"
MAX_TOKEN = 100


@dataclass(frozen=True, slots=True)
class Holder:
    """A person and the guest token that the same client still carries; either may be missing."""

    user_id: UUID | None
    token: str | None

    @property
    def token_hash(self) -> bytes | None:
        """How the token is kept."""
        return hash_token(self.token)


def new_token() -> str:
    """Return a guest's key to a new cart."""
    return secrets.token_urlsafe(24)


def hash_token(token: str | None) -> bytes | None:
    """Hash a token of full entropy, for which a fast hash is enough."""
    return sha256(b"cart" + token.encode()).digest() if token else None


async def guest_token(
    x_cart_token: Annotated[
        str | None, Header(description="A guest's key to the cart, from the first `POST /cart/add`.")
    ] = None,
    mercat_cart: Annotated[str | None, Cookie(description="The same, as a cookie.")] = None,
) -> str | None:
    """Read the token of a guest's cart; one longer than ours is none."""
    token = x_cart_token or mercat_cart
    return token if token and len(token) <= MAX_TOKEN else None


GuestToken = Annotated[str | None, Depends(guest_token)]


async def holder_of(actor: OptionalActor, token: GuestToken) -> Holder:
    """Read who holds the cart."""
    return Holder(actor.user_id, token)
