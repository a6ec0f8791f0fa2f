"""The providers that this marketplace offers."""

from collections.abc import Iterator
from typing import Annotated, cast

from fastapi import Depends, Path, Request

from mercat.auth.providers.config import ProviderSettings
from mercat.auth.providers.exceptions import ProviderNotFound, RedirectNotAllowed
from mercat.auth.providers.github import Github
from mercat.auth.providers.google import Google
from mercat.auth.providers.provider import Provider


class Providers:
    """Those with a client id; one instance per application, at `app.state.providers`."""

    def __init__(self, settings: ProviderSettings) -> None:
        offered: list[Provider] = []
        if settings.google_client_id:
            offered.append(Google(settings))
        if settings.github_client_id:
            offered.append(Github(settings))
        self._offered = {provider.name: provider for provider in offered}
        self._redirect_uris = frozenset(settings.oauth_redirect_uris)

    def __iter__(self) -> Iterator[Provider]:
        return iter(self._offered.values())

    def named(self, name: str) -> Provider:
        """Return one of them.

        Raises:
            ProviderNotFound: it is not offered.
        """
        try:
            return self._offered[name]
        except KeyError:
            raise ProviderNotFound from None

    def require_redirect(self, address: str) -> None:
        """Refuse an address where a sign-in must not end.

        Raises:
            RedirectNotAllowed: it is not, letter by letter, one of those in the settings.
        """
        if address not in self._redirect_uris:
            raise RedirectNotAllowed


def providers_of(request: Request) -> Providers:
    """Return the providers of this application."""
    return cast("Providers", request.app.state.providers)


Directory = Annotated[Providers, Depends(providers_of)]


async def named_provider(
    directory: Directory, provider: Annotated[str, Path(description="Its name: `google` or `github`.")]
) -> Provider:
    """Return the provider that a path names."""
    return directory.named(provider)


Named = Annotated[Provider, Depends(named_provider)]
