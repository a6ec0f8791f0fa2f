"""The API's documentation over HTTP: the OpenAPI document, and pages that show it and need no network."""

import asyncio
from importlib.resources import files
from pathlib import Path

import orjson
from fastapi import APIRouter, FastAPI
from fastapi.openapi.docs import get_redoc_html, get_swagger_ui_html
from starlette.responses import HTMLResponse, Response

from mercat.kit.static_files import PublicFiles

DOCUMENT = "/openapi.json"
STATIC = "/_docs"
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; worker-src blob:; frame-ancestors 'none'; base-uri 'none'"
)


class WrittenDocument:
    """The application's OpenAPI document as it is sent, written when it is first asked for."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._written = b""
        self._lock = asyncio.Lock()

    async def read(self) -> bytes:
        """Return the document. The first one takes a second of a thread, in which other requests are answered."""
        async with self._lock:
            self._written = self._written or await asyncio.to_thread(self._write)
        return self._written

    def _write(self) -> bytes:
        return orjson.dumps(self._app.openapi())


def install_docs(app: FastAPI) -> None:
    """Serve `/openapi.json`, and `/docs` and `/redoc` from files in a package: they render with the network unplugged.

    The application is made without routes of FastAPI's own for them, one of which would write the document on the
    event loop.
    """
    static = Path(str(files("fastapi_offline") / "static"))
    app.mount(STATIC, PublicFiles(directory=static), name="docs-static")
    pages = APIRouter(include_in_schema=False)
    document = WrittenDocument(app)

    @pages.get(DOCUMENT)
    async def openapi() -> Response:
        return Response(await document.read(), media_type="application/json")

    @pages.get("/docs")
    async def swagger() -> HTMLResponse:
        page = get_swagger_ui_html(
            openapi_url=DOCUMENT,
            title=f"{app.title} · API",
            swagger_js_url=f"{STATIC}/swagger-ui-bundle.js",
            swagger_css_url=f"{STATIC}/swagger-ui.css",
            swagger_favicon_url=f"{STATIC}/favicon.png",
            swagger_ui_parameters={"persistAuthorization": True, "docExpansion": "none", "filter": True},
        )
        page.headers["Content-Security-Policy"] = POLICY
        return page

    @pages.get("/redoc")
    async def redoc() -> HTMLResponse:
        page = get_redoc_html(
            openapi_url=DOCUMENT,
            title=f"{app.title} · API reference",
            redoc_js_url=f"{STATIC}/redoc.standalone.js",
            redoc_favicon_url=f"{STATIC}/favicon.png",
            with_google_fonts=False,
        )
        page.headers["Content-Security-Policy"] = POLICY
        return page

    app.include_router(pages)
