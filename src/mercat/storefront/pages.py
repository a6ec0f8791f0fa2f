"""Rendering a page: in the reader's language, with a policy that lets nothing in it run, kept by nobody."""

from functools import lru_cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated

from fastapi import FastAPI, Form
from starlette.requests import Request
from starlette.responses import HTMLResponse

from mercat import i18n
from mercat.kit.static_files import PublicFiles

if TYPE_CHECKING:
    import jinja2

STATIC = "/_shop"
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
Secret = Annotated[str, Form(max_length=2000)]
"""A field of a form that is handed on as it came; what is in it is checked by whom it is for."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",  # addresses of these pages hold secrets
    "X-Robots-Tag": "noindex",
}


def mount_static(app: FastAPI) -> None:
    """Serve the pages' style sheet."""
    app.mount(STATIC, PublicFiles(directory=str(files("mercat.storefront") / "static")), name="shop-static")


def page(request: Request, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """Render a template for whoever asks."""
    locale = i18n.negotiate(request.headers.get("accept-language", ""))
    context = {**values, "_": partial(i18n.translate, locale), "locale": locale, "static": STATIC}
    body = _templates().get_template(f"{template}.html.j2").render(context)
    return HTMLResponse(body, status_code=status, headers={**HEADERS, "Content-Language": locale})


@lru_cache(maxsize=1)
def _templates() -> "jinja2.Environment":
    import jinja2  # noqa: PLC0415 - most processes never draw a page

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(str(files("mercat.storefront") / "templates")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
