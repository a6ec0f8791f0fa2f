"""The page where the challenge of a test card is passed or failed; see `payments.providers.sandbox.challenges`."""

import re
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from mercat import auth, i18n, orders, payment_processing, payments
from mercat.kit.bulkhead import IN_TURN
from mercat.kit.config import ProcessSettings
from mercat.kit.database import Connections, Database
from mercat.kit.problems import NotFound, Problem
from mercat.orders.links import link_key
from mercat.payments.providers import ANSWERS, Challenge, open_challenge
from mercat.storefront.pages import HEADERS, POLICY, Secret, page

router = APIRouter(include_in_schema=False, dependencies=[auth.Public])

ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-]+(:[0-9]{1,5})?")
STATES = {
    "requires_action": "This challenge is over. Pay in the shop again.",
    "processing": "This payment is on its way.",
    "authorized": "This payment is made.",
    "captured": "This payment is made.",
    "failed": "This payment was declined. Pay with another card in the shop.",
    "cancelled": "This payment was given up.",
    "refunded": "This payment was refunded.",
    "partially_refunded": "This payment was refunded in part.",
}


@dataclass(frozen=True, slots=True)
class _Found:
    """What the page shows of a payment."""

    challenge: Challenge
    about: payments.PaymentSnapshot
    order_number: str

    @property
    def target(self) -> str:
        """Where the buyer goes afterwards: back to where they came from, or to the order's own page."""
        if _origin(self.challenge.return_url):
            return self.challenge.return_url
        order_id = self.about.order_id
        return f"{ProcessSettings.read().public_url.rstrip('/')}/orders/{order_id}?key={link_key(order_id)}"


@router.get("/test-payments/{payment_id}")
async def show_challenge(request: Request, database: Connections, payment_id: str, key: str = "") -> Response:
    """Show what is to be paid, and ask; looking changes nothing."""
    try:
        found = await _find(database, payment_id, key)
    except NotFound as refused:
        return _nothing(request, refused)
    return _asked(request, found, key)


@router.post("/test-payments/{payment_id}", dependencies=[IN_TURN])
async def answer_challenge(
    request: Request,
    database: Connections,
    payment_id: str,
    answer: Annotated[Literal["approve", "decline"], Form()],
    key: Secret = "",
) -> Response:
    """Pass or fail the challenge as `POST /payments/confirm` does, once, and lead back to the marketplace."""
    try:
        found = await _find(database, payment_id, key)
        if found.challenge.is_open:
            choice = payment_processing.Choice(ANSWERS[answer], return_url=found.challenge.return_url)
            await payment_processing.confirm(database, found.challenge.payment_id, choice)
    except NotFound as refused:
        return _nothing(request, refused)
    except Problem as refused:
        return _asked(request, await _find(database, payment_id, key), key, status=refused.status)
    return RedirectResponse(found.target, status_code=303, headers=HEADERS)


async def _find(database: Database, payment_id: str, key: str) -> _Found:
    async with database.transaction() as session:
        challenge = await open_challenge(session, payment_id, key)
        about = await payments.snapshot(session, challenge.payment_id)
        paid_for = await orders.order_payment_of(session, about.order_id)
    return _Found(challenge, about, paid_for.number)


def _asked(request: Request, found: _Found, key: str, *, status: int = 200) -> Response:
    locale = i18n.negotiate(request.headers.get("accept-language", ""))
    answer = page(
        request,
        "test_payment",
        status=status,
        problem="",
        found=True,
        is_open=found.challenge.is_open and found.about.status == "requires_action",
        payment_id=str(found.about.payment_id),
        key=key,
        amount=i18n.in_words(found.about.amount, locale),
        order_number=found.order_number,
        state=STATES[found.about.status],
        target=found.target,
    )
    # browsers follow a form's redirect only to where the page says that forms may lead
    answer.headers["Content-Security-Policy"] = POLICY.replace(
        "form-action 'self'", f"form-action 'self' {_origin(found.target)}"
    )
    return answer


def _nothing(request: Request, refused: Problem) -> Response:
    return page(request, "test_payment", status=404, problem=refused.detail, found=False)


def _origin(url: str) -> str:
    """Return an address's origin if a policy can name it, else nothing."""
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    return origin if ORIGIN.fullmatch(origin) else ""
