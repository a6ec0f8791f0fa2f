"""What a provider of sign-in is to us: somewhere to send people, who come back with a code for who they are."""

from dataclasses import dataclass
from typing import Annotated, Protocol

from pydantic import StringConstraints

MAX_NAME = 100

Word = Annotated[str, StringConstraints(max_length=255, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""A name or an address in a provider's answer: what a database can hold, and no more than fits."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request for a code says, and the redeeming of that code must say again."""

    state: str
    redirect_uri: str
    verifier: str
    """PKCE (RFC 7636): who brings the code must know it; the provider has seen its hash only."""
    nonce: str
    """Comes back inside the ID token of OpenID Connect, which so belongs to this request."""


@dataclass(frozen=True, slots=True)
class Vouched:
    """A person as a provider knows them."""

    subject: str
    """Never changes and is never given to another person, unlike addresses and user names."""
    email: str
    email_verified: bool
    names: tuple[str, str]
    """First and last name, as far as they are known."""


class Provider(Protocol):
    """One provider. Both verbs speak to it over the network: no transaction may be open.

    Raises:
        ProviderUnavailable: it does not answer, or its answer makes no sense.
    """

    name: str
    label: str

    async def authorization_url(self, asked: Asked) -> str:
        """Return where to send a person who wants to sign in."""

    async def vouch(self, code: str, asked: Asked) -> Vouched:
        """Return whom a code stands for.

        Raises:
            SignInNotConfirmed: the code is used, expired, or of another request.
        """


def as_name(text: str | None) -> str:
    """Return a name from elsewhere as an account can have it."""
    kept = "".join(char for char in text or "" if char.isprintable() and char not in "<>")
    return " ".join(kept.split())[:MAX_NAME].strip()
