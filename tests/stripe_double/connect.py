"""Connect: shops' accounts, the links by which they tell who they are, and transfers from the platform's balance."""

import time
from typing import Any

from stripe_double.books import Books
from stripe_double.lists import page
from stripe_double.refusals import Refused, missing


def create_account(books: Books, _refs: tuple[str, ...], given: dict[str, Any]) -> dict[str, Any]:
    """Make an account that cannot do anything yet."""
    if given.get("type") not in {"express", "standard", "custom"}:
        raise Refused(400, "Say which type of account.", param="type")
    wanted = [name for name, said in given.get("capabilities", {}).items() if said.get("requested")]
    account = books.add(
        "account",
        type=given["type"],
        capabilities=dict.fromkeys(wanted, "inactive"),
        charges_enabled=False,
        details_submitted=False,
        metadata=given.get("metadata", {}),
        payouts_enabled=False,
    )
    return books.view(account, given.get("expand"))


def retrieve_account(books: Books, refs: tuple[str, ...], given: dict[str, Any]) -> dict[str, Any]:
    """Return an account."""
    return books.view(books.get("account", refs[0]), given.get("expand"))


def create_link(books: Books, _refs: tuple[str, ...], given: dict[str, Any]) -> dict[str, Any]:
    """Lead a shop to the pages that ask who it is."""
    account = books.get("account", given["account"])
    if not given.get("return_url") or not given.get("refresh_url"):
        raise Refused(400, "An onboarding link needs a return_url and a refresh_url.", param="return_url")
    now = int(time.time())
    number = next(books.numbers)
    url = f"https://connect.stripe.test/setup/{account['id']}/{number}"
    return {"object": "account_link", "created": now, "expires_at": now + 300, "url": url}


def finish_onboarding(books: Books, account: dict[str, Any]) -> dict[str, Any]:
    """Let everything be known of a shop; returns the event."""
    account |= {"details_submitted": True, "payouts_enabled": True}
    account["capabilities"] = dict.fromkeys(account["capabilities"], "active")
    books.tell("account.updated", account)
    return books.events[-1]


def create_transfer(books: Books, _refs: tuple[str, ...], given: dict[str, Any]) -> dict[str, Any]:
    """Move money to an account that may have it, never more than the platform has."""
    if given["destination"] not in books["account"]:
        raise missing("destination", given["destination"])
    account = books["account"][given["destination"]]
    if account["capabilities"].get("transfers") != "active":
        message = "Your destination account needs to have at least one of the following capabilities enabled: transfers"
        raise Refused(400, message, code="insufficient_capabilities_for_transfer")
    amount, currency = given.get("amount", 0), given["currency"]
    if amount < 1:
        raise Refused(400, "Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if amount > books.balance.get(currency, 0):
        raise Refused(400, "You have insufficient available funds in your Stripe account.", code="balance_insufficient")
    books.balance[currency] -= amount
    transfer = books.add(
        "transfer",
        amount=amount,
        amount_reversed=0,
        currency=currency,
        destination=account["id"],
        metadata=given.get("metadata", {}),
        reversed=False,
        transfer_group=given.get("transfer_group"),
    )
    books.tell("transfer.created", transfer)
    return books.view(transfer, given.get("expand"))


def list_transfers(books: Books, _refs: tuple[str, ...], given: dict[str, Any]) -> dict[str, Any]:
    """Return a page of transfers."""
    return page(books, "transfer", "/v1/transfers", given)
