"""Settings of signing in with an account elsewhere."""

from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr
from pydantic_core import PydanticCustomError

from mercat.kit.config import Settings


def _private(url: str) -> str:
    """Refuse an address to which a client's secret would travel for everybody to read."""
    parts = urlsplit(url)
    if not parts.hostname or parts.username is not None or parts.query or parts.fragment:
        raise PydanticCustomError("provider_url", "write the address of a server, such as https://login.example.com")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_this_machine(parts.hostname)):
        raise PydanticCustomError("provider_url", "use https; http is for servers on this machine only")
    return url


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


ProviderUrl = Annotated[str, AfterValidator(_private)]
"""Where a provider is: over HTTPS, unless it runs on this machine."""


class ProviderSettings(Settings):
    """Signing in with an account elsewhere; a provider without a client id is not offered."""

    google_client_id: str = Field("", description="OAuth client id from Google; empty: no sign-in with Google.")
    google_client_secret: SecretStr = Field(
        SecretStr(""), description="The secret of that client.", json_schema_extra={"secret": True}
    )
    google_issuer: ProviderUrl = Field(
        "https://accounts.google.com", description="Whose OpenID Connect discovery document is read."
    )
    github_client_id: str = Field("", description="OAuth app's client id from GitHub; empty: no sign-in with GitHub.")
    github_client_secret: SecretStr = Field(
        SecretStr(""), description="The secret of that app.", json_schema_extra={"secret": True}
    )
    github_url: ProviderUrl = Field(
        "https://github.com", description="Where GitHub is; a GitHub Enterprise Server has its own address."
    )
    github_api_url: ProviderUrl = Field(
        "https://api.github.com", description="Where its API is; on a GitHub Enterprise Server under /api/v3."
    )
    oauth_redirect_uris: list[str] = Field(
        [], description="Addresses of apps and pages elsewhere at which a sign-in may end, as a JSON list; exact."
    )
    oauth_timeout: float = Field(8.0, gt=0, le=60, description="Seconds that a conversation with a provider may take.")
