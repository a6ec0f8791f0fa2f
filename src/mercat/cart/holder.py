"""Whose cart a request means: a signed-in person's, or the one whose token the guest carries.

Pages get the token as a cookie. Others can plant cookies: a page of a sibling domain, or an attacker who alters a plain
connection. So over HTTPS only a `__Host-` cookie counts, which no other host can set. And a cookie holds more than the
token: only with the proof that this server gave it to a browser do its lines follow a person who signs in.
"""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated
from uuid import UUID

from fastapi import Cookie, Depends, Header, Request, Response

from mercat.auth import OptionalActor, keyring
from mercat.cart.config import CartSettings

COOKIE = "mercat_cart"
HOST_COOKIE = f"__Host-{COOKIE}"
HEADER = "X-Cart-Token"
MAX_TOKEN = 100
PURPOSE = "cart cookie"
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Holder:
    """A person and the guest token that the same client still carries; either may be missing.

    `proven`: the client was given that token here, and so brings its own lines along.
    """

    user_id: UUID | None
    token: str | None
    proven: bool = True

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


def give_cookie(request: Request, response: Response, token: str) -> None:
    """Give a browser the token, for as long as an idle cart is kept."""
    secure = request.url.scheme == "https"
    response.set_cookie(
        HOST_COOKIE if secure else COOKIE,
        f"{token}~{keyring.sign(PURPOSE, token.encode())}",
        max_age=CartSettings.read().guest_cart_days * DAY,
        httponly=True,
        samesite="lax",
        secure=secure,
    )


async def carried(
    request: Request,
    x_cart_token: Annotated[
        str | None, Header(description="A guest's key to the cart, from the first `POST /cart/add`.")
    ] = None,
    mercat_cart: Annotated[str | None, Cookie(description="The same, as a cookie; over HTTP only.")] = None,
    host_cart: Annotated[
        str | None, Cookie(alias=HOST_COOKIE, description="The same, as a cookie; over HTTPS only.")
    ] = None,
) -> tuple[str | None, bool]:
    """Read the token of a guest's cart, and whether this client was given it; one longer than ours is none."""
    if x_cart_token:
        return (x_cart_token, True) if len(x_cart_token) <= MAX_TOKEN else (None, False)
    token, _, proof = ((host_cart if request.url.scheme == "https" else mercat_cart) or "").partition("~")
    if not token or len(token) > MAX_TOKEN:
        return None, False
    return token, keyring.signed(PURPOSE, token.encode(), proof)


Carried = Annotated[tuple[str | None, bool], Depends(carried)]


async def guest_token(found: Carried) -> str | None:
    """Return the token of a guest's cart."""
    return found[0]


GuestToken = Annotated[str | None, Depends(guest_token)]


async def holder_of(actor: OptionalActor, found: Carried) -> Holder:
    """Read who holds the cart."""
    return Holder(actor.user_id, *found)
