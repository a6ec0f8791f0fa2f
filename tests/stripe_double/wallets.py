"""Customers, the payment methods that are kept for them, and SetupIntents by which browsers bring new ones."""

import secrets
from typing import Any

from stripe_double.books import UNSEEN, Books
from stripe_double.lists import page
from stripe_double.refusals import Refused, missing


def create_customer(books: Books, _refs: tuple[str, ...], given: dict[str, Any]) -> dict[str, Any]:
    """Make a customer."""
    told = {"email": given.get("email"), "name": given.get("name"), "metadata": given.get("metadata", {})}
    customer = books.add("customer", **told)
    books.tell("customer.created", customer)
    return books.view(customer, given.get("expand"))


def list_customers(books: Books, _refs: tuple[str, ...], given: dict[str, Any]) -> dict[str, Any]:
    """Return a page of customers."""
    return page(books, "customer", "/v1/customers", given)


def list_methods(books: Books, refs: tuple[str, ...], given: dict[str, Any]) -> dict[str, Any]:
    """Return a page of a customer's methods."""
    books.get("customer", refs[0])
    own = [method for method in books["payment_method"].values() if method["customer"] == refs[0]]
    return page(books, "payment_method", f"/v1/customers/{refs[0]}/payment_methods", given, own)


def retrieve_method(books: Books, refs: tuple[str, ...], given: dict[str, Any]) -> dict[str, Any]:
    """Return a method."""
    return books.view(books.method(refs[0]), given.get("expand"))


def attach(books: Books, refs: tuple[str, ...], given: dict[str, Any]) -> dict[str, Any]:
    """Keep a method for a customer."""
    if given.get("customer") not in books["customer"]:
        raise missing("customer", str(given.get("customer")))
    method = books.method(refs[0])
    if method["customer"]:
        raise Refused(400, "The payment method is attached to a customer already.", param="payment_method")
    if method["id"] in books.spent:
        raise Refused(400, "The payment method may not be used again.", param="payment_method")
    if not method[UNSEEN].attaches:
        raise Refused(402, "Your card was declined.", code="card_declined", decline_code=method[UNSEEN].decline_code)
    method["customer"] = given["customer"]
    books.tell("payment_method.attached", method)
    return books.view(method, given.get("expand"))


def detach(books: Books, refs: tuple[str, ...], given: dict[str, Any]) -> dict[str, Any]:
    """Take a method from its customer, for good."""
    method = books.get("payment_method", refs[0])
    if not method["customer"]:
        raise Refused(400, "The payment method is not attached to a customer.", param="payment_method")
    method["customer"] = None
    books.spent.add(method["id"])
    books.tell("payment_method.detached", method)
    return books.view(method, given.get("expand"))


def create_setup(books: Books, _refs: tuple[str, ...], given: dict[str, Any]) -> dict[str, Any]:
    """Let a browser bring a method."""
    if "customer" in given:
        books.get("customer", given["customer"])
    setup = books.add(
        "setup_intent",
        customer=given.get("customer"),
        metadata=given.get("metadata", {}),
        payment_method=None,
        status="requires_payment_method",
        usage=given.get("usage", "off_session"),
    )
    setup["client_secret"] = f"{setup['id']}_secret_{secrets.token_hex(8)}"
    return books.view(setup, given.get("expand"))
