"""The page where a browser's sign-in goes on that began elsewhere: it asks for the second proof."""

from fastapi import APIRouter, Request
from pydantic import TypeAdapter, ValidationError
from starlette.responses import RedirectResponse, Response

from mercat import auth
from mercat.kit.database import Connections
from mercat.kit.problems import Problem
from mercat.storefront.pages import HEADERS, Secret, page

router = APIRouter(include_in_schema=False, dependencies=[auth.Public])

CODE_DIGITS = 6
LOCAL = TypeAdapter[str](auth.LocalPath)
WRONG_FORM = "A code has six digits; a recovery code looks like 7k2m-q9xd-40rt-v8wz."


@router.get("/second-factor")
async def show_second_factor(request: Request, challenge: str = "", return_to: str = "/") -> Response:
    """Ask for a code of the authenticator app, or for a recovery code."""
    return _asked(request, challenge, return_to)


@router.post("/second-factor")
async def give_second_factor(
    request: Request,
    database: Connections,
    guesses: auth.CountedGuesses,
    challenge: Secret = "",
    code: Secret = "",
    return_to: Secret = "/",
) -> Response:
    """Finish the sign-in and go where the person wanted to."""
    typed = code.replace(" ", "")
    kind = "code" if typed.isdecimal() and len(typed) == CODE_DIGITS else "recovery_code"
    try:
        auth.require_own_page(request)
        proof = auth.SecondProof.model_validate({"challenge": challenge, kind: typed})
        secret = await auth.finish_in_browser(request, database, guesses, proof)
    except ValidationError:
        return _asked(request, challenge, return_to, problem=WRONG_FORM)
    except Problem as refused:
        return _asked(request, challenge, return_to, problem=refused.detail)
    answer = RedirectResponse(_local(return_to), status_code=303, headers=HEADERS)
    auth.give_cookie(answer, secret)
    return answer


def _asked(request: Request, challenge: str, return_to: str, *, problem: str = "") -> Response:
    status = 422 if problem else 200
    values = {"challenge": challenge, "return_to": _local(return_to), "problem": problem}
    return page(request, "second_factor", status=status, **values)


def _local(path: str) -> str:
    """Return where to go afterwards: a page of the marketplace, whatever the address of this one said."""
    try:
        return LOCAL.validate_python(path)
    except ValidationError:
        return "/"
