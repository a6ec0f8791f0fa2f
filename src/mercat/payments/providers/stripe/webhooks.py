"""Webhooks of Stripe: verified, then reduced to the charge to query."""

from collections.abc import Mapping
from typing import Any

import stripe
from pydantic import BaseModel, ValidationError

from mercat.payments.providers.interface import WebhookEvent, WebhookRejected
from mercat.payments.providers.stripe.account import Account

TOLERANCE = 300
"""Seconds that a webhook may be old."""
KEPT = ("id", "object", "payment_intent", "status", "amount", "currency")
"""What is stored of the object of an event: no secrets, no names, no addresses."""


class Event(BaseModel):
    """An event, as far as it is used here."""

    class Data(BaseModel):
        """What has changed."""

        object: dict[str, Any]

    id: str
    type: str
    created: int = 0
    data: Data


def read(account: Account, secrets: str, body: bytes, headers: Mapping[str, str]) -> WebhookEvent:
    """Return the subject of a webhook. Several secrets, separated by commas, are valid while one replaces another.

    Raises:
        WebhookRejected: no secret verifies it.
    """
    _check(body, next((value for name, value in headers.items() if name.lower() == "stripe-signature"), ""), secrets)
    try:
        event = Event.model_validate_json(body)
    except ValidationError:
        raise WebhookRejected("not an event") from None
    thing = event.data.object
    kept = {name: thing[name] for name in KEPT if isinstance(thing.get(name), str | int)}
    said = {"id": event.id, "type": event.type, "created": event.created, "data": {"object": kept}}
    ours = event.type == "account.updated" and account.own(thing.get("metadata") or {})
    account_ref = _text(thing, "id") if ours else None
    return WebhookEvent(event.id, event.type, _charge_in(account, event.type, thing), said, account_ref)


def _check(body: bytes, signature: str, secrets: str) -> None:
    """Compare signatures, before the body is parsed."""
    known = [secret.strip() for secret in secrets.split(",") if secret.strip()]
    if not known:
        raise WebhookRejected("there is no secret to check webhooks with")
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise WebhookRejected("not an event") from None
    reason = ""
    for secret in known:
        try:
            stripe.WebhookSignature.verify_header(text, signature, secret, TOLERANCE)
        except stripe.SignatureVerificationError as error:
            reason = str(error.user_message)
        else:
            return
    raise WebhookRejected(reason)


def _charge_in(account: Account, kind: str, thing: Mapping[str, Any]) -> str | None:
    """Return the intent that an event is about; None if it is another marketplace's, or about anything else."""
    if kind.startswith("payment_intent."):
        return _text(thing, "id") if account.own(thing.get("metadata") or {}) else None
    if kind in {"charge.refunded", "charge.refund.updated"} or kind.startswith(("charge.dispute.", "refund.")):
        return _text(thing, "payment_intent")
    return None


def _text(thing: Mapping[str, Any], name: str) -> str | None:
    found = thing.get(name)
    return found if isinstance(found, str) else None
