"""What can be asked, the types of its parameters, and who answers."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from stripe import params

from stripe_double import connect, intents, money_back, wallets
from stripe_double.books import Books

Work = Callable[[Books, tuple[str, ...], dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Route:
    """One operation; `name` is what calls are counted by."""

    name: str
    method: str
    path: re.Pattern[str]
    shape: Any
    work: Work


def _route(name: str, line: str, shape: Any, work: Work) -> Route:
    method, path = line.split()
    return Route(name, method, re.compile(path.replace("{}", "([A-Za-z0-9_]+)")), shape, work)


ROUTES = [
    _route("intents.create", "POST /v1/payment_intents", params.PaymentIntentCreateParams, intents.create),
    _route("intents.list", "GET /v1/payment_intents", params.PaymentIntentListParams, intents.listed),
    _route("intents.retrieve", "GET /v1/payment_intents/{}", params.PaymentIntentRetrieveParams, intents.retrieve),
    _route(
        "intents.confirm", "POST /v1/payment_intents/{}/confirm", params.PaymentIntentConfirmParams, intents.confirm
    ),
    _route(
        "intents.capture", "POST /v1/payment_intents/{}/capture", params.PaymentIntentCaptureParams, intents.capture
    ),
    _route("intents.cancel", "POST /v1/payment_intents/{}/cancel", params.PaymentIntentCancelParams, intents.cancel),
    _route("refunds.create", "POST /v1/refunds", params.RefundCreateParams, money_back.create_refund),
    _route("refunds.list", "GET /v1/refunds", params.RefundListParams, money_back.list_refunds),
    _route("refunds.retrieve", "GET /v1/refunds/{}", params.RefundRetrieveParams, money_back.retrieve_refund),
    _route("disputes.list", "GET /v1/disputes", params.DisputeListParams, money_back.list_disputes),
    _route("customers.create", "POST /v1/customers", params.CustomerCreateParams, wallets.create_customer),
    _route("customers.list", "GET /v1/customers", params.CustomerListParams, wallets.list_customers),
    _route(
        "customers.methods",
        "GET /v1/customers/{}/payment_methods",
        params.CustomerPaymentMethodListParams,
        wallets.list_methods,
    ),
    _route(
        "methods.retrieve", "GET /v1/payment_methods/{}", params.PaymentMethodRetrieveParams, wallets.retrieve_method
    ),
    _route("methods.attach", "POST /v1/payment_methods/{}/attach", params.PaymentMethodAttachParams, wallets.attach),
    _route("methods.detach", "POST /v1/payment_methods/{}/detach", params.PaymentMethodDetachParams, wallets.detach),
    _route("setups.create", "POST /v1/setup_intents", params.SetupIntentCreateParams, wallets.create_setup),
    _route("accounts.create", "POST /v1/accounts", params.AccountCreateParams, connect.create_account),
    _route("accounts.retrieve", "GET /v1/accounts/{}", params.AccountRetrieveParams, connect.retrieve_account),
    _route("links.create", "POST /v1/account_links", params.AccountLinkCreateParams, connect.create_link),
    _route("transfers.create", "POST /v1/transfers", params.TransferCreateParams, connect.create_transfer),
    _route("transfers.list", "GET /v1/transfers", params.TransferListParams, connect.list_transfers),
]


def route_of(method: str, path: str) -> tuple[Route, tuple[str, ...]] | None:
    """Return who answers a request, and which objects its path names."""
    for route in ROUTES:
        found = route.path.fullmatch(path) if route.method == method else None
        if found:
            return route, found.groups()
    return None
