"""The application with two providers of sign-in, and a browser that goes from the one to the other and back."""

from collections.abc import AsyncIterator, Iterator

import httpx2
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from auth.providers.visitors import APP_URI, Browser, Phone, new_browser
from identity_providers import GithubProvider, OpenIDProvider, running
from mercat import auth
from mercat.kit.limits import Limiter, LimitSettings
from mercat.kit.redis import Reach


@pytest.fixture(scope="session")
def google_server() -> Iterator[OpenIDProvider]:
    yield from running(OpenIDProvider())


@pytest.fixture(scope="session")
def github_server() -> Iterator[GithubProvider]:
    yield from running(GithubProvider())


@pytest.fixture
def google(google_server: OpenIDProvider) -> OpenIDProvider:
    google_server.reset()
    google_server.client.redirect_uris.add(APP_URI)
    return google_server


@pytest.fixture
def github(github_server: GithubProvider) -> GithubProvider:
    github_server.reset()
    github_server.client.redirect_uris.add(APP_URI)
    return github_server


@pytest.fixture
def settings(google: OpenIDProvider, github: GithubProvider) -> auth.ProviderSettings:
    """Those of a shop that offers both."""
    return auth.ProviderSettings(
        google_client_id=google.client.client_id,
        google_client_secret=SecretStr(google.client.secret),
        google_issuer=google.url,
        github_client_id=github.client.client_id,
        github_client_secret=SecretStr(github.client.secret),
        github_url=github.url,
        github_api_url=github.url,
        oauth_redirect_uris=[APP_URI],
    )


@pytest.fixture
def app(app: FastAPI, settings: auth.ProviderSettings) -> Iterator[FastAPI]:
    """The application with these settings, and with limits that nobody has used yet."""
    before = app.state.providers
    app.state.providers = auth.Providers(settings)
    app.state.limiter = Limiter(Reach(app.state.redis, "limits", patience=0.1), LimitSettings())
    yield app
    app.state.providers = before


@pytest.fixture
async def web() -> AsyncIterator[httpx2.AsyncClient]:
    """What a browser has to speak to the rest of the world."""
    async with httpx2.AsyncClient() as opened:
        yield opened


@pytest.fixture
async def browser(app: FastAPI, web: httpx2.AsyncClient) -> AsyncIterator[Browser]:
    async with new_browser(app, web) as opened:
        yield opened


@pytest.fixture
async def other_browser(app: FastAPI, web: httpx2.AsyncClient) -> AsyncIterator[Browser]:
    async with new_browser(app, web) as opened:
        yield opened


@pytest.fixture
def phone(client: httpx2.AsyncClient, browser: Browser) -> Phone:
    return Phone(client, browser)
