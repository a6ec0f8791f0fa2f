"""GitHub: OAuth 2 and its API. It signs nothing; what it says comes from its own servers over TLS."""

from pydantic import BaseModel, StrictBool, StrictInt, TypeAdapter

from mercat.auth.providers.config import ProviderSettings
from mercat.auth.providers.oauth import Registration
from mercat.auth.providers.provider import Asked, Vouched, Word, as_name

HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}


class _User(BaseModel):
    id: StrictInt
    name: str | None = None


class _Address(BaseModel):
    email: Word
    primary: StrictBool
    verified: StrictBool


USER = TypeAdapter(_User)
ADDRESSES = TypeAdapter(list[_Address])


class Github:
    """Signing in with GitHub or a GitHub Enterprise Server."""

    def __init__(self, settings: ProviderSettings) -> None:
        self.name, self.label = "github", "GitHub"
        self._url, self._api = settings.github_url.rstrip("/"), settings.github_api_url.rstrip("/")
        self._registration = Registration(
            self.name,
            settings.github_client_id,
            settings.github_client_secret,
            "read:user user:email",
            settings.oauth_timeout,
        )

    async def authorization_url(self, asked: Asked) -> str:
        """Return where to send a person who wants to sign in."""
        async with self._registration.talk() as talk:
            return talk.authorization_url(f"{self._url}/login/oauth/authorize", asked)

    async def vouch(self, code: str, asked: Asked) -> Vouched:
        """Return whom a code stands for: by the account's number, for its name can go to another person.

        Only the primary address counts. Others may be verified and long forgotten.
        """
        async with self._registration.talk() as talk:
            await talk.redeem(f"{self._url}/login/oauth/access_token", code, asked)
            user = await talk.read(f"{self._api}/user", USER, own=True, **HEADERS)
            addresses = await talk.read(f"{self._api}/user/emails?per_page=100", ADDRESSES, own=True, **HEADERS)
        primary = next((address for address in addresses if address.primary), None)
        first, _, last = as_name(user.name).rpartition(" ")
        return Vouched(
            subject=str(user.id),
            email=primary.email if primary else "",
            email_verified=primary is not None and primary.verified,
            names=(first or last, last if first else ""),
        )
