"""Access tokens: short-lived JWTs whose algorithm, issuer, audience and kind are pinned."""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import GuestProtocol, OctKey

from mercat.auth.config import AuthSettings
from mercat.auth.exceptions import InvalidToken
from mercat.auth.keyring import keys
from mercat.auth.permissions import Role
from mercat.kit import clock
from mercat.kit.ids import new_id
from mercat.kit.settings_memory import by_settings

ALGORITHM = "HS256"
ISSUER = "mercat"
AUDIENCE = "mercat-api"
TYPE = "at+jwt"
MAX_TOKEN = 4096

CLOCKS_DIFFER_SECONDS = 60
"""How far ahead the clock of the host may be that issued a token. It does not make a token live longer."""

CLAIMS = jwt.JWTClaimsRegistry(
    leeway=CLOCKS_DIFFER_SECONDS,
    iss={"essential": True, "value": ISSUER},
    aud={"essential": True, "value": AUDIENCE},
    exp={"essential": True},
    sub={"essential": True},
    sid={"essential": True},
    jti={"essential": True},
)
EXPIRY = jwt.JWTClaimsRegistry(exp={"essential": True})


@dataclass(frozen=True, slots=True)
class Claims:
    """What an access token says; the roles are those at its making, today's are looked up."""

    user_id: UUID
    session_id: UUID
    name: str
    roles: frozenset[Role]


@by_settings
def signing_keys() -> dict[str, OctKey]:
    """Return the keys that are accepted by their public names; the first one signs."""
    return {sha256(b"kid" + key).hexdigest()[:12]: OctKey.import_key(key) for key in keys("access token")}


def access_token(claims: Claims) -> tuple[str, int]:
    """Return a signed access token and its life in seconds."""
    life = AuthSettings.read().access_token_seconds
    issued = int(clock.now().timestamp())
    kid, key = next(iter(signing_keys().items()))
    body = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(claims.user_id),
        "sid": str(claims.session_id),
        "name": claims.name,
        "roles": sorted(claims.roles),
        "iat": issued,
        "exp": issued + life,
        "jti": str(new_id()),
    }
    return jwt.encode({"alg": ALGORITHM, "typ": TYPE, "kid": kid}, body, key, algorithms=[ALGORITHM]), life


def read_access_token(token: str) -> Claims:
    """Return what the token says.

    Raises:
        InvalidToken: any flaw at all; the reader is not told which.
    """
    if len(token) > MAX_TOKEN:
        raise InvalidToken
    try:
        decoded = jwt.decode(token, _named_key, algorithms=[ALGORITHM])
        if decoded.header.get("typ") != TYPE:
            raise InvalidToken
        CLAIMS.validate(decoded.claims)
        EXPIRY.validate({"exp": decoded.claims["exp"]})  # the leeway above is for `iat` and `nbf`
        roles = frozenset(Role(role) for role in decoded.claims["roles"])
        found = decoded.claims
        return Claims(UUID(found["sub"]), UUID(found["sid"]), str(found["name"]), roles)
    except (JoseError, ValueError, KeyError, TypeError, AttributeError):
        raise InvalidToken from None


def _named_key(signature: GuestProtocol) -> OctKey:
    """Return the key that a token says it was signed with; a name that is not ours finds nothing."""
    return signing_keys()[signature.headers()["kid"]]


def new_secret() -> str:
    """Return 256 random bits for a refresh token or a cookie."""
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> bytes:
    """Hash a secret of full entropy: a fast hash is enough."""
    return sha256(secret.encode()).digest()
