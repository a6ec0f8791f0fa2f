"""An OAuth 2 client (RFC 6749 with PKCE, RFC 7636): Authlib, behind types and with its failures told apart.

What a provider gives is used within one conversation and forgotten: no token of theirs is stored or logged.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from ssl import SSLContext
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, SecretStr, TypeAdapter

from mercat.auth.providers.exceptions import EmailNotVouched, ProviderUnavailable, SignInNotConfirmed
from mercat.auth.providers.provider import Asked
from mercat.kit.logs import logger
from mercat.kit.problems import Problem

if TYPE_CHECKING:
    from authlib.integrations.httpx_client import AsyncOAuth2Client

AGENT = "mercat"
BAD_CODE = frozenset({"invalid_grant", "bad_verification_code"})
"""What a standard server and what GitHub says of a code that is used, expired, or of another request."""
NO_ADDRESS = "unverified_user_email"

Answer = TypeVar("Answer")


class Redeemed(BaseModel):
    """What a code was exchanged for."""

    access_token: str
    id_token: str | None = None


class Talk:
    """One conversation with a provider."""

    def __init__(self, client: "AsyncOAuth2Client") -> None:
        self._client = client

    def authorization_url(self, endpoint: str, asked: Asked, **more: str) -> str:
        """Return where a person can agree to the sign-in."""
        url, _ = self._client.create_authorization_url(
            endpoint, state=asked.state, redirect_uri=asked.redirect_uri, code_verifier=asked.verifier, **more
        )
        return str(url)

    async def redeem(self, endpoint: str, code: str, asked: Asked) -> Redeemed:
        """Exchange a code for tokens; `own` requests carry the access token from then on."""
        try:
            found = await self._client.fetch_token(
                endpoint,
                grant_type="authorization_code",
                code=code,
                redirect_uri=asked.redirect_uri,
                code_verifier=asked.verifier,
            )
        except TypeError:  # Authlib takes any `expires_in` for a number
            raise ValueError("no token") from None
        return Redeemed.model_validate(found)

    async def read(self, url: str, shape: TypeAdapter[Answer], *, own: bool, **headers: str) -> Answer:
        """Return what is at an address, `own` being what the person lets us see."""
        answer = await self._client.request("GET", url, headers=headers, withhold_token=not own)
        answer.raise_for_status()
        return shape.validate_json(answer.content)


@dataclass(frozen=True, slots=True)
class Registration:
    """What a provider knows this marketplace as."""

    provider: str
    client_id: str
    client_secret: SecretStr
    scope: str
    seconds: float

    @asynccontextmanager
    async def talk(self) -> AsyncIterator[Talk]:
        """Speak to the provider, for so many seconds at most.

        Raises:
            ProviderUnavailable: it cannot be reached, takes too long, makes no sense, or does not know us.
            SignInNotConfirmed: the code is not good.
        """
        import httpx2  # noqa: PLC0415 - for marketplaces with such sign-ins alone
        from authlib.common.errors import AuthlibBaseError  # noqa: PLC0415 - a hundred modules, for marketplaces with such sign-ins alone

        try:
            async with asyncio.timeout(self.seconds), self._client() as client:
                yield Talk(client)
        except Problem:
            raise
        except AuthlibBaseError as error:
            raise self._refusal(str(error.error)) from None
        # ValueError: no JSON, or not of the expected shape
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
            logger.warning("provider_unavailable", provider=self.provider, error=type(error).__name__)
            raise ProviderUnavailable from None

    def _client(self) -> Any:  # noqa: ANN401 - Authlib publishes no types; `Talk` is its typed face
        from authlib.integrations.httpx_client import AsyncOAuth2Client  # noqa: PLC0415 - a hundred modules, for marketplaces with such sign-ins alone

        return AsyncOAuth2Client(
            client_id=self.client_id,
            client_secret=self.client_secret.get_secret_value(),
            token_endpoint_auth_method="client_secret_post",  # noqa: S106 - where the secret is sent, not the secret
            scope=self.scope,
            code_challenge_method="S256",
            headers={"User-Agent": AGENT},
            timeout=self.seconds,
            verify=_trusted(),
        )

    def _refusal(self, error: str) -> Problem:
        if error in BAD_CODE:
            return SignInNotConfirmed()
        if error == NO_ADDRESS:
            return EmailNotVouched()
        logger.warning("provider_unavailable", provider=self.provider, error=error[:50])
        return ProviderUnavailable()


@lru_cache(maxsize=1)
def _trusted() -> SSLContext:
    """Return whose certificates are trusted; reading them takes long enough to do it once."""
    from httpx2 import create_ssl_context  # noqa: PLC0415 - for marketplaces with such sign-ins alone

    return create_ssl_context()
