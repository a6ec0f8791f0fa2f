"""What a route declares about who may call it. Deny by default: a test fails on a route that declares nothing."""

from typing import Annotated, Any

from fastapi import Depends
from fastapi.encoders import jsonable_encoder
from fastapi.security import APIKeyCookie, APIKeyHeader, OAuth2PasswordBearer
from fastapi.security.base import SecurityBase
from starlette.requests import Request

from mercat.auth import api_keys
from mercat.auth.actor import GUEST, Actor
from mercat.auth.authority import standings
from mercat.auth.browser import COOKIE, SAFE, require_own_page
from mercat.auth.exceptions import CrossSite, InPersonOnly, InvalidToken, OutOfScope
from mercat.auth.permissions import Permission
from mercat.auth.tokens import hash_secret, read_access_token
from mercat.kit.database import get_database
from mercat.kit.openapi import operations
from mercat.kit.problems import Unauthenticated
from mercat.kit.throttle import count_account

bearer = OAuth2PasswordBearer(tokenUrl="/api/v1/auth/token", auto_error=False, scheme_name="Token")
key_header = APIKeyHeader(name=api_keys.HEADER, auto_error=False, scheme_name="ApiKey")
cookie = APIKeyCookie(name=COOKIE, auto_error=False, scheme_name="BrowserSession")
WAYS = (bearer, key_header, cookie)
"""How a person signs in, for the OpenAPI document; `actor_of` looks at the request itself."""

REFUSED = (Unauthenticated, InvalidToken, OutOfScope, CrossSite)
"""What any route that looks at who asks may answer, for its `responses=`."""


class Access:
    """Base of the declarations; the architecture test looks for an instance on every route."""


class PersonAccess(Access, SecurityBase):
    """Base of the declarations for which one must be signed in.

    FastAPI takes each for the first of the ways of signing in, see `document_ways`: a dependency on each of them would
    be looked at by every request, and while the process starts.
    """

    model = bearer.model
    scheme_name = bearer.scheme_name


class _Anyone(Access):
    """No token is looked at."""

    async def __call__(self) -> None:
        return


async def actor_of(request: Request) -> Actor:
    """Return a guest, or whoever the request's token, key or cookie speaks for.

    A bad token or key is refused, not taken for a guest; a browser whose session has ended is a guest again.
    """
    header = request.headers.get("authorization")
    if header is not None:
        scheme, _, credential = header.partition(" ")
        if scheme.lower() != "bearer":
            raise Unauthenticated
        return await _by_credential(request, credential.strip())
    key = request.headers.get(api_keys.HEADER)
    if key is not None:
        return await _by_credential(request, key if api_keys.looks_like_one(key) else "")
    if "cookie" in request.headers and (secret := request.cookies.get(COOKIE)):
        found = await standings.of_cookie(get_database(request).primary, hash_secret(secret))
        if found is not None:
            if request.method not in SAFE:
                require_own_page(request)
            await count_account(request, str(found.user_id))
            return found
    return GUEST


async def _by_credential(request: Request, credential: str) -> Actor:
    reads = get_database(request).primary
    if api_keys.looks_like_one(credential):
        key_hash = hash_secret(credential)
        found, counted = await standings.of_key(reads, key_hash), key_hash.hex()
    else:
        claims = read_access_token(credential)
        found, counted = await standings.of_session(reads, claims.session_id), str(claims.user_id)
        if found is not None and found.user_id != claims.user_id:
            found = None
    if found is None:
        raise InvalidToken
    await count_account(request, counted)
    return found


class _Known(Access):
    """Whoever asks, within what their key is limited to."""

    def __init__(self, *also: Permission) -> None:
        """A key needs the scope of what is one's own, or one of these permissions, with which the route shows more."""
        self.also = also

    async def find(self, request: Request) -> Actor:
        """Return a guest or a person.

        Raises:
            OutOfScope: a key that is limited to other things.
        """
        actor = await actor_of(request)
        change = request.method not in SAFE
        if actor.may_act_for_self(change=change) or any(actor.can(permission) for permission in self.also):
            return actor
        raise OutOfScope


class OptionalOr(_Known):
    """A guest or a person; see `KnownOr` about keys."""

    async def __call__(self, request: Request) -> Actor:
        """Return the actor, who may be nobody."""
        return await self.find(request)


class KnownOr(_Known, PersonAccess):
    """A person; a key may also have one of these permissions instead of the scope of what is one's own."""

    async def __call__(self, request: Request) -> Actor:
        """Return the actor, who is a person."""
        actor = await self.find(request)
        if not actor.signed_in:
            raise Unauthenticated
        return actor


class _InPerson(PersonAccess):
    """A person who is signed in, not a program with a key: for what a stolen key must not do."""

    async def __call__(self, request: Request) -> Actor:
        actor = await actor_of(request)
        if not actor.signed_in:
            raise Unauthenticated
        if actor.session_id is None:
            raise InPersonOnly
        return actor


class Requires(PersonAccess):
    """A person with at least one of these permissions."""

    def __init__(self, *permissions: Permission) -> None:
        self.permissions = permissions

    async def __call__(self, request: Request) -> Actor:
        """Return the actor.

        Raises:
            NotAllowed, SecondFactorNeeded: signed in without the permission.
        """
        actor = await actor_of(request)
        if not actor.signed_in:
            raise Unauthenticated
        actor.require(*self.permissions)
        return actor


Public = Depends(_Anyone())
"""For `dependencies=[Public]` of routes that ask nobody who they are."""
OptionalActor = Annotated[Actor, Depends(OptionalOr())]
SignedIn = Annotated[Actor, Depends(KnownOr())]
InPerson = Annotated[Actor, Depends(_InPerson())]


def document_ways(document: dict[str, Any]) -> dict[str, Any]:
    """Say in the OpenAPI document that any of the ways of signing in will do where one must be signed in."""
    schemes = {way.scheme_name: jsonable_encoder(way.model, by_alias=True, exclude_none=True) for way in WAYS}
    document["components"]["securitySchemes"] = schemes
    for _, _, operation in operations(document):
        if "security" in operation:
            operation["security"] = [{name: []} for name in schemes]
    return document
