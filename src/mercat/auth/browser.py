"""Sessions in a browser: one cookie that no script can read, and changes from our own pages only.

A cookie travels with every request, also with one that a page of another site makes. So a change is taken only if the
browser itself says that one of our own pages asks for it (`Sec-Fetch-Site`, or `Origin` in older ones); a program that
sends neither has no business with cookies and uses tokens.
"""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from mercat.auth.config import AuthSettings
from mercat.auth.exceptions import CrossSite
from mercat.kit.config import ProcessSettings
from mercat.kit.edge import EdgeSettings
from mercat.kit.settings_memory import by_settings

COOKIE = "__Host-mercat-session"
"""Browsers take a name like this only with Secure, for one host and for all of its paths."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
DAY = 86_400


def give_cookie(response: Response, secret: str) -> None:
    """Let the browser stay signed in."""
    life = AuthSettings.read().refresh_token_days * DAY
    response.set_cookie(COOKIE, secret, max_age=life, path="/", secure=True, httponly=True, samesite="lax")


def take_cookie(response: Response) -> None:
    """Let the browser forget the session."""
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")


def require_own_page(request: Request) -> None:
    """Refuse a change that a page of another site asks for.

    Raises:
        CrossSite: it does, or nothing says who does.
    """
    site = request.headers.get("sec-fetch-site")
    if site in {"same-origin", "none"}:
        return
    if request.headers.get("origin") in own_origins():
        return
    raise CrossSite


@by_settings
def own_origins() -> frozenset[str]:
    """Return where our own pages come from."""
    public = urlsplit(ProcessSettings.read().public_url)
    return frozenset({f"{public.scheme}://{public.netloc}", *EdgeSettings.read().cors_origins})
