"""Stripe's units and ours: exact both ways, or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mercat.kit.currencies import EXPONENTS
from mercat.kit.money import Money
from mercat.payments.providers.interface import Provider, ProviderRefused
from mercat.payments.providers.stripe.amounts import UNKNOWN, from_stripe, to_stripe
from payments.providers.conftest import charge_request
from stripe_server import StripeServer


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [
        ("19.99", "EUR", 1999),
        ("5", "JPY", 5),
        ("10.45", "HUF", 1045),
        ("8.00", "TWD", 800),
        ("5", "ISK", 500),
        ("5", "UGX", 500),
        ("7.00", "MGA", 7),
        ("5.120", "KWD", 5120),
        ("0.010", "TND", 10),
        ("1500", "XOF", 1500),
    ],
)
def test_stripes_units(amount: str, currency: str, units: int) -> None:
    money = Money.of(amount, currency)
    assert to_stripe(money) == units
    assert from_stripe(units, currency.lower()) == money


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        ("5.124", "KWD", "amount_not_representable"),
        ("0.001", "BHD", "amount_not_representable"),
        ("7.50", "MGA", "amount_not_representable"),
        ("1.0000", "CLF", "currency_not_supported"),
        ("1.000", "IQD", "currency_not_supported"),
        ("1.000", "LYD", "currency_not_supported"),
    ],
)
def test_what_stripe_cannot_say(amount: str, currency: str, code: str) -> None:
    with pytest.raises(ProviderRefused) as refused:
        to_stripe(Money.of(amount, currency))
    assert refused.value.code == code


@given(some.sampled_from(sorted(EXPONENTS.keys() - UNKNOWN)), some.integers(0, 10**12))
def test_an_amount_comes_back_as_it_went(currency: str, minor: int) -> None:
    try:
        units = to_stripe(Money(minor, currency))
    except ProviderRefused:
        assert currency in {"BHD", "JOD", "KWD", "MGA", "OMR", "TND"}
        return
    assert from_stripe(units, currency.lower()) == Money(minor, currency)


@pytest.mark.parametrize(("units", "minor"), [(149, 1), (150, 2), (151, 2), (-149, -1), (-151, -2), (0, 0)])
def test_a_fee_with_more_decimals_than_there_are_is_rounded(units: int, minor: int) -> None:
    assert from_stripe(units, "isk") == Money(minor, "ISK")


async def test_what_is_refused_here_is_never_sent(cards: Provider, stripe_server: StripeServer) -> None:
    with pytest.raises(ProviderRefused):
        await cards.open(charge_request(minor=5124, currency="KWD", method_ref="pm_card_visa"))
    assert stripe_server.calls.total() == 0


@pytest.mark.parametrize(("minor", "currency"), [(5120, "KWD"), (500, "ISK"), (500, "UGX"), (700, "MGA"), (500, "JPY")])
async def test_odd_currencies_all_the_way(
    cards: Provider, stripe_server: StripeServer, minor: int, currency: str
) -> None:
    charge = await cards.open(charge_request(minor=minor, currency=currency, method_ref="pm_card_visa"))
    assert charge.captured == Money(minor, currency)
    [intent] = stripe_server.books["payment_intent"].values()
    assert intent["amount"] == to_stripe(Money(minor, currency))


async def test_stripe_has_a_smallest_charge(cards: Provider) -> None:
    with pytest.raises(ProviderRefused) as refused:
        await cards.open(charge_request(minor=49, method_ref="pm_card_visa"))
    assert refused.value.code == "amount_too_small"
