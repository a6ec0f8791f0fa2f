"""Where passkeys of this marketplace work."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import Field

from mercat.kit.config import ProcessSettings, Settings

USUAL_PORTS = {"http": 80, "https": 443}


class PasskeySettings(Settings):
    """Where passkeys may be used."""

    passkey_origins: list[str] = Field(
        [],
        description="Further origins that may use the marketplace's passkeys, as JSON; the public URL's always may.",
    )


@dataclass(frozen=True, slots=True)
class Party:
    """The marketplace as authenticators know it (the relying party): passkeys belong to its `host` for good."""

    host: str
    name: str
    origins: list[str]


def party() -> Party:
    """Return who we are to authenticators. Browsers take a host name for this, not an IP address."""
    process = ProcessSettings.read()
    host = urlsplit(process.public_url).hostname or ""
    return Party(host, process.marketplace_name, [_origin(process.public_url), *PasskeySettings.read().passkey_origins])


def _origin(url: str) -> str:
    """Return the origin of an address as browsers write it: without the path, and without a usual port."""
    parts = urlsplit(url)
    port = "" if parts.port in {None, USUAL_PORTS.get(parts.scheme)} else f":{parts.port}"
    host = parts.hostname or ""
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"
