"""Baskets of every kind, and every kind of terms that they can be priced by."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from mercat.kit.money import Money
from mercat.pricing.arithmetic import (
    EVERYTHING,
    Band,
    Basis,
    Discount,
    Kind,
    Line,
    Method,
    Scope,
    Tariff,
    Taxes,
    Terms,
)

CURRENCIES = ("EUR", "JPY", "KWD")
VENDORS = [UUID(int=n) for n in range(1, 5)]
CATEGORIES = [UUID(int=n) for n in range(11, 15)]
PRODUCTS = [UUID(int=n) for n in range(21, 25)]
CLASSES = ("standard", "reduced", "books")
RATES = ("", "0", "0.19", "0.07", "0.055", "0.081", "0.25", "0.08875", "0.00001")
Case = tuple[list[Line], Terms]


def money(currency: str, most: int) -> st.SearchStrategy[Money]:
    return st.integers(0, most).map(lambda minor: Money(minor, currency))


NONE: frozenset[UUID] = frozenset()
BRANCHES = [NONE, frozenset(CATEGORIES[:1]), frozenset(CATEGORIES[:2]), frozenset(CATEGORIES[2:])]
SCOPES = [
    EVERYTHING,
    Scope(vendor_ids=frozenset(VENDORS[:1])),
    Scope(vendor_ids=frozenset(VENDORS[1:])),
    Scope(category_ids=frozenset(CATEGORIES[1:3])),
    Scope(product_ids=frozenset(PRODUCTS[:2])),
    Scope(frozenset(VENDORS[:2]), frozenset(CATEGORIES[:1]), frozenset(PRODUCTS[1:])),
]


def line(currency: str) -> st.SearchStrategy[Line]:
    return st.builds(
        Line,
        vendor_id=st.sampled_from(VENDORS),
        unit_price=money(currency, 10**7),
        quantity=st.integers(1, 40),
        product_id=st.sampled_from(PRODUCTS),
        category_ids=st.sampled_from(BRANCHES),
        tax_class=st.sampled_from(CLASSES),
        weight_grams=st.integers(0, 5000),
    )


def discount(currency: str) -> st.SearchStrategy[Discount]:
    return st.builds(
        Discount,
        id=st.just(UUID(int=0)),
        kind=st.sampled_from(Kind),
        each=st.booleans(),
        percent=st.integers(1, 10_000),
        amount=money(currency, 10**6),
        scope=st.sampled_from(SCOPES),
        minimum=st.none() | money(currency, 10**6),
    )


def tariff(currency: str) -> st.SearchStrategy[Tariff]:
    def bands(bound: int, fees: tuple[Money, Money], *, open_ended: bool) -> tuple[Band, ...]:
        return Band(bound, fees[0]), Band(None if open_ended else 2 * bound, fees[1])

    fees = st.tuples(money(currency, 5000), money(currency, 5000))
    return st.builds(
        Tariff,
        basis=st.sampled_from(Basis),
        bands=st.builds(bands, st.integers(1, 100_000), fees, open_ended=st.booleans()),
        free_from=st.none() | money(currency, 10**6),
        tax_class=st.sampled_from([None, *CLASSES]),
    )


LINES = st.lists(line(CURRENCIES[0]), max_size=7)
DISCOUNTS = st.lists(discount(CURRENCIES[0]), max_size=4)
TARIFFS = tariff(CURRENCIES[0])
TAXES = st.fixed_dictionaries({name: st.sampled_from(RATES) for name in CLASSES})


@st.composite
def baskets(draw: st.DrawFn) -> Case:
    """Draw lines and terms; the first discount is a coupon, the others are sales."""
    own = {VENDORS[0]: draw(TARIFFS)} if draw(st.booleans()) else {}
    method = Method("standard", "Standard", draw(TARIFFS), own)
    coupon, *sales = draw(DISCOUNTS) or [None]
    rates = {name: rate for name, rate in draw(TAXES).items() if rate}
    terms = Terms(
        CURRENCIES[0],
        shipping=method if draw(st.booleans()) else None,
        sales=tuple(filter(None, sales)),
        coupon=coupon,
        taxes=Taxes({name: Decimal(rate) for name, rate in rates.items()}, included=True),
    )
    return draw(LINES), terms


def everywhere(case: Case) -> Iterator[Case]:
    """Yield a case in every currency, with taxes contained in prices and added to them, all of it and without sales."""
    for currency in CURRENCIES:
        lines, terms = recast(case, currency)
        for included in (True, False):
            taxed = replace(terms, taxes=replace(terms.taxes, included=included))
            yield lines, taxed
            yield lines[1:], replace(taxed, sales=())


def recast(value: Any, currency: str) -> Any:
    """Return a value with the same numbers of another currency in it."""
    if isinstance(value, Money):
        return Money(value.minor, currency)
    if isinstance(value, Terms):
        value = replace(value, currency=currency)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: recast(getattr(value, f.name), currency) for f in fields(value)})
    if isinstance(value, tuple | list):
        return type(value)(recast(one, currency) for one in value)
    if isinstance(value, dict):
        return {key: recast(one, currency) for key, one in value.items()}
    return value if not isinstance(value, str) or value not in CURRENCIES else currency
