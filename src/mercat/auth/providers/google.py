"""Google: OpenID Connect by discovery. What it says of a person is signed, and the signature is checked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, cast

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet, KeySetSerialization
from pydantic import BaseModel, Field, TypeAdapter

from mercat.auth.providers.config import ProviderSettings, ProviderUrl
from mercat.auth.providers.exceptions import ProviderUnavailable, SignInNotConfirmed
from mercat.auth.providers.oauth import Registration, Talk
from mercat.auth.providers.provider import Asked, Vouched, Word, as_name
from mercat.kit import clock
from mercat.kit.logs import logger

ALGORITHMS = ("RS256", "ES256")
LEEWAY_SECONDS = 60
KEPT = timedelta(hours=1)
FLAWS = (JoseError, ValueError, KeyError, TypeError, AttributeError)
"""What reading a token raises that is none."""
DISCOVERY = "/.well-known/openid-configuration"


class _Document(BaseModel):
    issuer: str
    authorization_endpoint: ProviderUrl
    token_endpoint: ProviderUrl
    jwks_uri: ProviderUrl


class _Keys(BaseModel):
    keys: list[dict[str, object]] = Field(min_length=1)


class _Claims(BaseModel):
    sub: Annotated[Word, Field(min_length=1)]
    aud: str | list[str]
    azp: str | None = None
    email: Word = ""
    email_verified: object = None
    given_name: str = ""
    family_name: str = ""


DOCUMENT = TypeAdapter(_Document)
KEYS = TypeAdapter(_Keys)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the provider publishes about itself, as read at a moment."""

    document: _Document
    keys: KeySet
    read_at: datetime


class Google:
    """Signing in with Google, or with any issuer in its place that puts address and names into the ID token."""

    def __init__(self, settings: ProviderSettings) -> None:
        self.name, self.label = "google", "Google"
        self._issuer = settings.google_issuer
        self._registration = Registration(
            self.name,
            settings.google_client_id,
            settings.google_client_secret,
            "openid email profile",
            settings.oauth_timeout,
        )
        self._known: _Known | None = None

    async def authorization_url(self, asked: Asked) -> str:
        """Return where to send a person who wants to sign in."""
        async with self._registration.talk() as talk:
            known = await self._published(talk)
            return talk.authorization_url(known.document.authorization_endpoint, asked, nonce=asked.nonce)

    async def vouch(self, code: str, asked: Asked) -> Vouched:
        """Return whom a code stands for, as the signed ID token has it."""
        async with self._registration.talk() as talk:
            known = await self._published(talk)
            redeemed = await talk.redeem(known.document.token_endpoint, code, asked)
            token = self._decoded(redeemed.id_token or "", known.keys)
            if token is None:
                known = await self._published(talk, anew=True)
                token = self._decoded(redeemed.id_token or "", known.keys)
        if token is None:
            raise self._refused("key")
        return self._checked(token, asked)

    def _decoded(self, id_token: str, keys: KeySet) -> jwt.Token | None:
        """Return a token that is signed well, or None if its key is not known: it may have been published just now."""
        try:
            return jwt.decode(id_token, keys, algorithms=ALGORITHMS)
        except InvalidKeyIdError:
            return None
        except FLAWS as flaw:
            raise self._refused(type(flaw).__name__) from None

    def _checked(self, token: jwt.Token, asked: Asked) -> Vouched:
        """Take what a well-signed token says, if it was made by this issuer, for us, for this request, a moment ago."""
        client_id = self._registration.client_id
        wanted = jwt.JWTClaimsRegistry(
            now=lambda: int(clock.now().timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": asked.nonce},
        )
        try:
            wanted.validate(token.claims)
            claims = _Claims.model_validate(token.claims)
        except FLAWS as flaw:
            raise self._refused(type(flaw).__name__) from None
        # a token for several audiences, or that another party asked for, is not for us
        if claims.aud not in (client_id, [client_id]) or claims.azp not in (None, client_id):
            raise self._refused("audience")
        return Vouched(
            subject=claims.sub,
            email=claims.email,
            email_verified=claims.email_verified is True,
            names=(as_name(claims.given_name), as_name(claims.family_name)),
        )

    def _refused(self, flaw: str) -> SignInNotConfirmed:
        logger.warning("id_refused", provider=self.name, flaw=flaw)
        return SignInNotConfirmed()

    async def _published(self, talk: Talk, *, anew: bool = False) -> _Known:
        """Return what the provider publishes; it is read again after an hour, or when it turns out to be old."""
        known = self._known
        if known is None or anew or clock.now() - known.read_at > KEPT:
            document = await talk.read(self._issuer.rstrip("/") + DISCOVERY, DOCUMENT, own=False)
            if document.issuer != self._issuer:
                logger.warning("provider_unavailable", provider=self.name, error="issuer")
                raise ProviderUnavailable
            found = await talk.read(document.jwks_uri, KEYS, own=False)
            known = self._known = _Known(document, _imported(found), clock.now())
        return known


def _imported(found: _Keys) -> KeySet:
    try:
        return KeySet.import_key_set(cast("KeySetSerialization", found.model_dump()))
    except FLAWS:
        raise ValueError("the published keys are none") from None
