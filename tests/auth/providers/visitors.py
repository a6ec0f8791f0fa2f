"""Those who sign in: a browser that goes to a provider and back, and an app that does it with one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
from fastapi import FastAPI

from mercat.auth.providers.browser import COOKIE

API = "/api/v1"
APP_URI = "com.example.shop:/signed-in"


@dataclass
class Browser:
    """A browser: it has cookies, follows redirects when it is told to, and speaks real HTTP to the providers."""

    shop: httpx2.AsyncClient
    web: httpx2.AsyncClient

    async def begin(self, provider: str = "google", **query: str) -> httpx2.Response:
        """Click on the button."""
        return await self.shop.get(f"{API}/auth/oauth/{provider}", params=query)

    async def agree(self, url: str) -> str:
        """Agree, or not, at the provider; returns where it sends the browser."""
        answer = await self.web.get(url)
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    async def come_back(self, url: str) -> httpx2.Response:
        """Follow the provider's redirect to the shop."""
        parts = urlsplit(url)
        return await self.shop.get(f"{parts.path}?{parts.query}")

    async def sign_in(self, provider: str = "google", **query: str) -> httpx2.Response:
        """Do all of it; returns the last answer."""
        begun = await self.begin(provider, **query)
        assert begun.status_code == 303, begun.text
        return await self.come_back(await self.agree(begun.headers["location"]))

    async def me(self) -> dict[str, Any] | None:
        """Return who is signed in here."""
        answer = await self.shop.get(f"{API}/auth/me")
        return answer.json() if answer.status_code == 200 else None

    @property
    def flow_cookie(self) -> str | None:
        """What the browser has in hand while a sign-in lasts."""
        return self.shop.cookies.get(COOKIE)


@dataclass
class Phone:
    """An app: it keeps the secret of a flow itself."""

    shop: httpx2.AsyncClient
    browser: Browser

    async def begin(self, provider: str = "google", redirect_uri: str = APP_URI) -> httpx2.Response:
        return await self.shop.post(f"/auth/oauth/{provider}", json={"redirect_uri": redirect_uri})

    async def agree(self, begun: dict[str, Any]) -> dict[str, str]:
        """Return the body that ends a flow."""
        url = await self.browser.agree(begun["authorization_url"])
        assert url.startswith(APP_URI)
        came = parse_qs(urlsplit(url).query)
        assert came["state"] == [begun["state"]]
        return {"code": came["code"][0], "state": begun["state"], "flow_secret": begun["flow_secret"]}

    async def end(self, body: dict[str, str], provider: str = "google") -> httpx2.Response:
        return await self.shop.post(f"/auth/oauth/{provider}/callback", json=body)

    async def sign_in(self, provider: str = "google") -> httpx2.Response:
        begun = await self.begin(provider)
        assert begun.status_code == 200, begun.text
        return await self.end(await self.agree(begun.json()), provider)


@asynccontextmanager
async def new_browser(app: FastAPI, web: httpx2.AsyncClient) -> AsyncIterator[Browser]:
    """Open a browser that has no cookies yet."""
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="https://shop.test") as shop:
        yield Browser(shop, web)
