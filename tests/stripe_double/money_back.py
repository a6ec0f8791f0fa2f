"""Money that goes back: refunds, and disputes that a buyer's bank opens."""

from typing import Any

from stripe_double.books import Books
from stripe_double.lists import page
from stripe_double.refusals import Refused


def create_refund(books: Books, _refs: tuple[str, ...], given: dict[str, Any]) -> dict[str, Any]:
    """Give money back, never more than was captured."""
    charge = _charge(books, given)
    left = charge["amount_captured"] - charge["amount_refunded"]
    if left == 0:
        raise Refused(400, "The charge has already been refunded.", code="charge_already_refunded")
    amount = given.get("amount", left)
    if amount < 1:
        raise Refused(400, "Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if amount > left:
        raise Refused(400, f"Refund amount ({amount}) is greater than unrefunded amount ({left}).", param="amount")
    refund = books.add(
        "refund",
        amount=amount,
        balance_transaction=books.to_balance(charge["id"], -amount, charge["currency"], "refund"),
        charge=charge["id"],
        currency=charge["currency"],
        failure_reason=None,
        metadata=given.get("metadata", {}),
        payment_intent=charge["payment_intent"],
        reason=given.get("reason"),
        status="pending" if books.refunds_pend else "succeeded",
    )
    _count(charge, amount)
    books.tell("refund.created", refund)
    books.tell("charge.refunded", charge)
    return books.view(refund, given.get("expand"))


def retrieve_refund(books: Books, refs: tuple[str, ...], given: dict[str, Any]) -> dict[str, Any]:
    """Return a refund."""
    return books.view(books.get("refund", refs[0]), given.get("expand"))


def list_refunds(books: Books, _refs: tuple[str, ...], given: dict[str, Any]) -> dict[str, Any]:
    """Return a page of refunds."""
    return page(books, "refund", "/v1/refunds", given)


def finish_refund(books: Books, refund: dict[str, Any], *, failed: bool) -> None:
    """Let a pending refund arrive, or come back from the bank."""
    refund |= {"status": "failed", "failure_reason": "expired_or_canceled_card"} if failed else {"status": "succeeded"}
    if failed:
        _count(books["charge"][refund["charge"]], -refund["amount"])
    for kind in ("refund.updated", "charge.refund.updated", *(["refund.failed"] if failed else [])):
        books.tell(kind, refund)


def list_disputes(books: Books, _refs: tuple[str, ...], given: dict[str, Any]) -> dict[str, Any]:
    """Return a page of disputes."""
    return page(books, "dispute", "/v1/disputes", given)


def dispute(books: Books, charge: dict[str, Any], amount: int, reason: str) -> dict[str, Any]:
    """Let the bank take money back until somebody proves that it should not."""
    opened = books.add(
        "dispute",
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        is_charge_refundable=False,
        metadata={},
        payment_intent=charge["payment_intent"],
        reason=reason,
        status="needs_response",
    )
    charge["disputed"] = True
    books.tell("charge.dispute.created", opened)
    books.tell("charge.dispute.funds_withdrawn", opened)
    return opened


def close_dispute(books: Books, opened: dict[str, Any], *, won: bool) -> None:
    """Let the bank decide."""
    opened["status"] = "won" if won else "lost"
    if won:
        books.tell("charge.dispute.funds_reinstated", opened)
    books.tell("charge.dispute.closed", opened)


def _charge(books: Books, given: dict[str, Any]) -> dict[str, Any]:
    """Return the charge that money is to be given back of.

    Raises:
        Refused: there is none, it was never captured, or its bank has taken the money already.
    """
    ref = given.get("charge")
    if "payment_intent" in given:
        ref = books.get("payment_intent", given["payment_intent"])["latest_charge"]
    if not ref or not books.get("charge", ref)["captured"]:
        raise Refused(400, "There is no successful charge to refund.", param="payment_intent")
    if any(found["charge"] == ref and found["status"] != "won" for found in books["dispute"].values()):
        raise Refused(400, "The charge has been charged back.", code="charge_disputed")
    return books["charge"][ref]


def _count(charge: dict[str, Any], amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
