"""The documentation over HTTP."""

import asyncio
import re
import threading
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from kit.application import client_of
from mercat.kit.documentation import install_docs

PATIENCE = 30


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI(openapi_url=None)
    install_docs(app)
    return app


async def test_other_requests_are_answered_while_the_document_is_written(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, answered, threads = threading.Event(), threading.Event(), []

    def written() -> dict[str, Any]:
        threads.append(threading.current_thread())
        begun.set()
        if not answered.wait(PATIENCE):  # where the loop waits for the document, nobody is answered
            raise TimeoutError
        return {"openapi": "3.1.0"}

    @app.get("/other")
    async def other() -> str:
        answered.set()
        return "answered"

    monkeypatch.setattr(app, "openapi", written)
    async with client_of(app) as http:
        first, second = (asyncio.create_task(http.get("/openapi.json")) for _ in range(2))
        assert await asyncio.to_thread(begun.wait, PATIENCE)
        meanwhile = await http.get("/other")
        found = [await first, await second, await http.get("/openapi.json")]

    assert meanwhile.json() == "answered"
    assert [one.json() for one in found] == [{"openapi": "3.1.0"}] * 3
    assert {one.headers["content-type"] for one in found} == {"application/json"}
    assert len(threads) == 1
    assert threads != [threading.main_thread()]


async def test_a_document_that_could_not_be_written_is_tried_again(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> dict[str, Any]:
        raise LookupError("a shape is not there yet")

    async with client_of(app) as http:
        with monkeypatch.context() as patch:
            patch.setattr(app, "openapi", broken)
            with pytest.raises(LookupError):
                await http.get("/openapi.json")
        found = await http.get("/openapi.json")

    assert (found.status_code, found.json()["info"]["title"]) == (200, "FastAPI")


@pytest.mark.parametrize("page", ["/docs", "/redoc", "/docs/", "/redoc/"])
async def test_documentation_needs_no_network(http: httpx2.AsyncClient, page: str) -> None:
    answer = await http.get(page)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert re.findall(r"""["'(](?:https?:)?//[^"')]+""", answer.text) == []
    files = re.findall(r"""(?:src|href)="([^"]+)\"""", answer.text)
    assert any(name.endswith(".js") for name in files)
    for name in files:
        found = await http.get(name)
        assert (found.status_code, bool(found.content)) == (200, True), name
        assert found.headers["x-content-type-options"] == "nosniff"
    assert "connect-src 'self'" in answer.headers["content-security-policy"]
    assert "http" not in answer.headers["content-security-policy"]
