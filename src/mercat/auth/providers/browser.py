"""What belongs to browsers in a sign-in elsewhere: the cookie that says who began it, and where one comes back to."""

import re
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from mercat.auth.providers import flows
from mercat.auth.tokens import new_secret
from mercat.kit.config import ProcessSettings

COOKIE = "__Host-mercat-sign-in"
"""Names the browser for as long as a sign-in lasts. Several at once, in several tabs, have the same."""
SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
SECOND_FACTOR = "/second-factor"
"""The page where a browser's sign-in goes on."""
CALLBACK = "finish_in_browser"


def secret_of(request: Request) -> str:
    """Return the secret that this browser has, or nothing."""
    given = request.cookies.get(COOKIE, "")
    return given if SECRET.fullmatch(given) else ""


def remember(request: Request, response: Response) -> str:
    """Let the browser be known again when it comes back; returns its secret.

    The cookie must come along when the provider sends the browser here, from another site: Lax, not Strict.
    """
    secret = secret_of(request) or new_secret()
    response.set_cookie(COOKIE, secret, max_age=flows.SECONDS, path="/", secure=True, httponly=True, samesite="lax")
    return secret


def callback(request: Request, provider: str) -> str:
    """Return the address that is registered at a provider: always on the own origin, whatever Host says."""
    path = request.app.url_path_for(CALLBACK, provider=provider)
    return f"{ProcessSettings.read().public_url.rstrip('/')}{path}"


def go(address: str) -> RedirectResponse:
    """Send the browser on; nobody may keep the answer, it is for one person at one moment."""
    return RedirectResponse(address, status_code=303, headers={"Cache-Control": "no-store"})


def second_factor(challenge: object, return_to: str) -> str:
    """Return the page where a person shows the other proof, and from where they go on."""
    return f"{SECOND_FACTOR}?{urlencode({'challenge': challenge, 'return_to': return_to})}"
