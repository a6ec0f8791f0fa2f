"""Our provider of cards, at the other end of a Stripe that is strict."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr

from mercat.kit.money import Money
from mercat.payments.providers.interface import ChargeRequest, Provider
from mercat.payments.providers.stripe import StripeSettings, connect
from stripe_server import KEY, SECRET, StripeServer

RETURN = "http://shop.test/paid"


@pytest.fixture
def connected(stripe_server: StripeServer) -> Callable[..., Provider]:
    """Connects to the server, with other settings where a test says so."""

    def provider(**settings: Any) -> Provider:
        usual = {
            "stripe_secret_key": SecretStr(KEY),
            "stripe_webhook_secret": SecretStr(SECRET),
            "stripe_api_url": stripe_server.url,
        }
        return connect(StripeSettings(**{**usual, **settings}))

    return provider


@pytest.fixture
def cards(connected: Callable[..., Provider]) -> Provider:
    """The provider as a shop would have it."""
    return connected()


def charge_request(minor: int = 1999, currency: str = "EUR", **more: Any) -> ChargeRequest:
    """Return something to pay; with a card it is paid at once."""
    usual = {"order_id": uuid4(), "order_number": "M-1001", "return_url": RETURN}
    return ChargeRequest(**{"payment_id": uuid4(), "amount": Money(minor, currency), **usual, **more})
