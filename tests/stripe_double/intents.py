"""PaymentIntents: what they ask for, and the attempts to take the money."""

import secrets
from typing import Any

from stripe_double import money_back
from stripe_double.books import UNSEEN, Books
from stripe_double.cards import Card, Fate
from stripe_double.lists import page
from stripe_double.refusals import Refused, missing, unexpected

CONFIRMABLE = frozenset({"requires_payment_method", "requires_confirmation", "requires_action"})
CANCELABLE = CONFIRMABLE | {"requires_capture"}
SMALLEST = {"eur": 50, "usd": 50, "gbp": 30, "jpy": 50}
LARGEST = 99_999_999
COARSE = dict.fromkeys(("bhd", "jod", "kwd", "omr", "tnd"), 10) | dict.fromkeys(("isk", "ugx"), 100)
"""Currencies whose amounts must be multiples of something."""
WITH_CONFIRM = ("off_session", "return_url", "error_on_requires_action", "mandate")


def create(books: Books, _refs: tuple[str, ...], given: dict[str, Any]) -> dict[str, Any]:
    """Make an intent, and confirm it if that is wanted."""
    _check(books, given)
    method = books.method(given["payment_method"]) if "payment_method" in given else None
    _usable(books, method, given.get("customer"))
    intent = books.add(
        "payment_intent",
        amount=given["amount"],
        amount_capturable=0,
        amount_received=0,
        automatic_payment_methods=given.get("automatic_payment_methods"),
        canceled_at=None,
        capture_method=given.get("capture_method", "automatic"),
        confirmation_method="automatic",
        currency=given["currency"],
        customer=given.get("customer"),
        description=given.get("description"),
        last_payment_error=None,
        latest_charge=None,
        metadata=given.get("metadata", {}),
        next_action=None,
        payment_method=method and method["id"],
        payment_method_types=["card", "us_bank_account"],
        setup_future_usage=given.get("setup_future_usage"),
        status="requires_confirmation" if method else "requires_payment_method",
    )
    intent["client_secret"] = f"{intent['id']}_secret_{secrets.token_hex(8)}"
    books.tell("payment_intent.created", intent)
    if given.get("confirm"):
        _go(books, intent, given)
    return books.view(intent, given.get("expand"))


def retrieve(books: Books, refs: tuple[str, ...], given: dict[str, Any]) -> dict[str, Any]:
    """Return an intent."""
    return books.view(books.get("payment_intent", refs[0]), given.get("expand"))


def listed(books: Books, _refs: tuple[str, ...], given: dict[str, Any]) -> dict[str, Any]:
    """Return a page of intents."""
    return page(books, "payment_intent", "/v1/payment_intents", given)


def confirm(books: Books, refs: tuple[str, ...], given: dict[str, Any]) -> dict[str, Any]:
    """Try to take the money, perhaps with another method."""
    intent = books.get("payment_intent", refs[0])
    if intent["status"] not in CONFIRMABLE:
        raise unexpected(books.view(intent), "confirm")
    if "payment_method" in given:
        method = books.method(given["payment_method"])
        _usable(books, method, intent["customer"])
        intent["payment_method"] = method["id"]
    _go(books, intent, given)
    return books.view(intent, given.get("expand"))


def capture(books: Books, refs: tuple[str, ...], given: dict[str, Any]) -> dict[str, Any]:
    """Take authorized money; what is left is released."""
    intent = books.get("payment_intent", refs[0])
    if intent["status"] != "requires_capture":
        raise unexpected(books.view(intent), "capture")
    amount = given.get("amount_to_capture", intent["amount_capturable"])
    if not 0 < amount <= intent["amount_capturable"]:
        raise Refused(400, "The amount to capture is not within the authorized amount.", code="amount_too_large")
    take(books, intent, books["charge"][intent["latest_charge"]], amount)
    return books.view(intent, given.get("expand"))


def cancel(books: Books, refs: tuple[str, ...], given: dict[str, Any]) -> dict[str, Any]:
    """Give an intent up."""
    intent = books.get("payment_intent", refs[0])
    if intent["status"] not in CANCELABLE:
        raise unexpected(books.view(intent), "cancel")
    intent |= {"status": "canceled", "amount_capturable": 0, "next_action": None, "canceled_at": intent["created"]}
    books.tell("payment_intent.canceled", intent)
    return books.view(intent, given.get("expand"))


def attempt(books: Books, intent: dict[str, Any], *, off_session: bool = False, shown: bool = False) -> None:
    """Try the card of an intent. `shown`: the bank has seen the buyer.

    Raises:
        Refused: declined.
    """
    method = books["payment_method"][intent["payment_method"]]
    card: Card = method[UNSEEN]
    if card.fate is Fate.declined:
        decline(books, intent, card.code, "Your card was declined.", decline_code=card.decline_code)
    if card.fate is Fate.asks and off_session:
        decline(books, intent, "authentication_required", "The bank wants to see the buyer.",
                decline_code="authentication_required")  # fmt: skip
    if card.fate is Fate.asks and not shown:
        intent["status"] = "requires_action"
        books.tell("payment_intent.requires_action", intent)
        return
    charge = _charge(books, intent, method, "pending" if card.fate is Fate.processing else "succeeded")
    if intent["setup_future_usage"] and intent["customer"]:
        method["customer"] = intent["customer"]
    elif not method["customer"]:
        books.spent.add(method["id"])
    if card.fate is Fate.processing:
        intent["status"] = "processing"
        books.tell("payment_intent.processing", intent)
    elif intent["capture_method"] == "manual":
        intent |= {"status": "requires_capture", "amount_capturable": intent["amount"]}
        books.tell("payment_intent.amount_capturable_updated", intent)
    else:
        take(books, intent, charge, intent["amount"])
        if card.fate is Fate.disputed:
            money_back.dispute(books, charge, charge["amount"], "fraudulent")


def take(books: Books, intent: dict[str, Any], charge: dict[str, Any], amount: int) -> None:
    """Capture a charge."""
    transaction = books.to_balance(charge["id"], amount, charge["currency"], "charge")
    charge |= {"captured": True, "amount_captured": amount, "balance_transaction": transaction}
    charge["status"] = "succeeded"
    intent |= {"status": "succeeded", "amount_received": amount, "amount_capturable": 0}
    books.tell("charge.succeeded", charge)
    books.tell("payment_intent.succeeded", intent)


def decline(books: Books, intent: dict[str, Any], code: str, message: str, decline_code: str | None = None) -> None:
    """Let an attempt fail; the intent can be tried again with another method."""
    method = books["payment_method"][intent["payment_method"]]
    charge = _charge(books, intent, method, "failed")
    charge |= {"failure_code": code, "failure_message": message}
    error = {"type": "card_error", "code": code, "message": message, "charge": charge["id"]}
    if decline_code:
        error["decline_code"] = decline_code
    intent |= {"status": "requires_payment_method", "payment_method": None, "next_action": None}
    intent["last_payment_error"] = {**error, "payment_method": books.view(method)}
    books.tell("payment_intent.payment_failed", intent)
    raise Refused(402, message, **{k: v for k, v in error.items() if k not in {"type", "message"}},
                  payment_intent=books.view(intent))  # fmt: skip


def _go(books: Books, intent: dict[str, Any], given: dict[str, Any]) -> None:
    if intent["payment_method"] is None:
        raise unexpected(books.view(intent), "confirm")
    _redirectable(intent, given)
    intent |= {"last_payment_error": None, "next_action": None}
    attempt(books, intent, off_session=bool(given.get("off_session")))
    if intent["status"] == "requires_action":
        back = given.get("return_url")
        page_of_bank = {"url": f"https://hooks.stripe.test/3d_secure/{intent['id']}", "return_url": back}
        intent["next_action"] = (
            {"type": "redirect_to_url", "redirect_to_url": page_of_bank}
            if back
            else {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect"}}
        )


def _redirectable(intent: dict[str, Any], given: dict[str, Any]) -> None:
    ways = intent["automatic_payment_methods"] or {}
    if ways.get("enabled") and ways.get("allow_redirects", "always") != "never" and "return_url" not in given:
        message = "This PaymentIntent may redirect the buyer: a `return_url` must be given to confirm it."
        raise Refused(400, message, param="return_url")


def _charge(books: Books, intent: dict[str, Any], method: dict[str, Any], status: str) -> dict[str, Any]:
    charge = books.add(
        "charge",
        amount=intent["amount"],
        amount_captured=0,
        amount_refunded=0,
        balance_transaction=None,
        captured=False,
        currency=intent["currency"],
        customer=intent["customer"],
        disputed=False,
        failure_code=None,
        failure_message=None,
        metadata=dict(intent["metadata"]),
        paid=status == "succeeded",
        payment_intent=intent["id"],
        payment_method=method["id"],
        refunded=False,
        status=status,
    )
    intent["latest_charge"] = charge["id"]
    return charge


def _check(books: Books, given: dict[str, Any]) -> None:
    amount, currency = given["amount"], given["currency"]
    if len(currency) != 3 or not currency.islower():
        raise Refused(400, f"Invalid currency: {currency}.", param="currency")
    if amount < SMALLEST.get(currency, 1):
        raise Refused(400, "The amount is below the smallest charge.", code="amount_too_small", param="amount")
    if amount > LARGEST:
        raise Refused(400, "The amount is above the largest charge.", code="amount_too_large", param="amount")
    if amount % COARSE.get(currency, 1):
        raise Refused(400, f"Invalid amount for {currency}.", param="amount")
    early = [name for name in WITH_CONFIRM if name in given]
    if early and not given.get("confirm"):
        raise Refused(400, f"`{early[0]}` can only be used with `confirm`.", param=early[0])
    if "customer" in given and given["customer"] not in books["customer"]:
        raise missing("customer", given["customer"])


def _usable(books: Books, method: dict[str, Any] | None, customer: str | None) -> None:
    if method and method["id"] in books.spent:
        raise Refused(400, "The payment method may not be used again.", param="payment_method")
    if method and method["customer"] and method["customer"] != customer:
        raise Refused(400, "The payment method belongs to another customer.", param="payment_method")
