"""Money is exact, whatever it is made from."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from mercat.kit.currencies import EXPONENTS
from mercat.kit.money import MAX_MINOR, CurrencyMismatchError, Money, MoneySettings, format_minor, total

WIRE = TypeAdapter(Money)
CODES = st.sampled_from(["EUR", "JPY", "KWD", "CLF"])
MINOR = st.integers(-MAX_MINOR, MAX_MINOR)


@given(MINOR, CODES, st.lists(st.integers(0, 10**9), min_size=1, max_size=30))
def test_parts_add_up_to_the_whole(minor: int, code: str, weights: list[int]) -> None:
    parts = Money(minor, code).allocate(weights)

    assert len(parts) == len(weights)
    assert sum(part.minor for part in parts) == minor
    assert {part.currency for part in parts} == {code}


@given(MINOR, st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any))
def test_no_part_is_a_unit_or_more_from_its_exact_share(minor: int, weights: list[int]) -> None:
    for part, weight in zip(Money(minor, "EUR").allocate(weights), weights, strict=True):
        assert abs(part.minor * sum(weights) - minor * weight) < sum(weights)
        assert weight or part.minor == 0


@pytest.mark.parametrize(
    ("minor", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (5, [0, 0], [3, 2]),
        (1, [1, 2], [0, 1]),
        (7, [1], [7]),
        (2, [0, 1, 1], [0, 1, 1]),
    ],
)
def test_the_largest_remainder_gets_the_odd_cent(minor: int, weights: list[int], parts: list[int]) -> None:
    assert [part.minor for part in Money(minor, "EUR").allocate(weights)] == parts


@pytest.mark.parametrize("weights", [[], [1, -1]])
def test_there_is_no_share_by_nothing_or_by_less_than_nothing(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        Money(100, "EUR").allocate(weights)


@given(MINOR, st.sampled_from(sorted(EXPONENTS)))
def test_what_goes_out_comes_back_the_same(minor: int, code: str) -> None:
    money = Money(minor, code)

    assert WIRE.validate_json(WIRE.dump_json(money)) == money
    assert Money.of(money.amount, code) == money


@pytest.mark.parametrize(
    ("minor", "code", "amount"),
    [
        (1990, "EUR", "19.90"),
        (1500, "JPY", "1500"),
        (1500, "KWD", "1.500"),
        (5, "EUR", "0.05"),
        (-5, "EUR", "-0.05"),
        (-5, "KWD", "-0.005"),
        (0, "KWD", "0.000"),
        (0, "JPY", "0"),
        (12345, "CLF", "1.2345"),
    ],
)
def test_amounts_have_the_decimals_of_their_currency(minor: int, code: str, amount: str) -> None:
    assert Money(minor, code).wire() == {"amount": amount, "currency": code}
    assert format_minor(minor, code) == amount


@given(st.integers(-(10**11), 10**11))
def test_json_numbers_mean_what_was_written(minor: int) -> None:
    written = format_minor(minor, "EUR")

    assert WIRE.validate_json(written) == Money(minor, "EUR")


@pytest.mark.parametrize(
    ("json", "minor"),
    [
        ("19.99", 1999),
        ("0.1", 10),
        ("20", 2000),
        ('"20"', 2000),
        ('"19.9900"', 1999),
        ('{"amount": 19.99, "currency": "EUR"}', 1999),
        ('{"amount": "-1.10", "currency": "EUR"}', -110),
        ("1e2", 10000),
    ],
)
def test_a_bare_amount_is_the_default_currency(json: str, minor: int) -> None:
    assert WIRE.validate_json(json) == Money(minor, "EUR")


@pytest.mark.parametrize(
    "json",
    [
        "NaN",
        "Infinity",
        "-Infinity",
        "1e309",
        "1e15",
        "true",
        "false",
        "null",
        "[]",
        "[1999]",
        "{}",
        '""',
        '"-"',
        '"."',
        '"NaN"',
        '"sNaN"',
        '"Infinity"',
        '"1e309"',
        '"1e2"',
        '"1_000"',
        '" 1"',
        '"1 "',
        '"+1"',
        '".5"',
        '"5."',
        '"1,50"',
        '"0x10"',
        '"\uff11\uff19"',
        '"\u0661\u0669"',
        "19.999",
        '"19.999"',
        '"0.001"',
        '"1.99000000000000000000000000000000001"',
        '"0.00000000000000000000000000000000001"',
        '"1000000000000.01"',
        "1000000000000.01",
        '"-1000000000000.01"',
        '"1%s"' % ("0" * 60),
        "1%s" % ("0" * 60),
        '{"amount": "1"}',
        '{"currency": "EUR"}',
        '{"amount": "1", "currency": "EUR", "note": ""}',
        '{"amount": "1", "currency": "XXX"}',
        '{"amount": "1", "currency": "eur"}',
        '{"amount": "1", "currency": ""}',
        '{"amount": "1", "currency": null}',
        '{"amount": "1", "currency": ["EUR"]}',
        '{"amount": true, "currency": "EUR"}',
        '{"amount": null, "currency": "EUR"}',
        '{"amount": {"amount": "1", "currency": "EUR"}, "currency": "EUR"}',
        '{"amount": "0.5", "currency": "JPY"}',
        '{"amount": 1.2345, "currency": "KWD"}',
    ],
)
def test_what_is_no_amount_is_refused(json: str) -> None:
    with pytest.raises(ValidationError):
        WIRE.validate_json(json)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf"), True, Decimal("NaN"), 1.999, b"1"])
def test_values_that_are_no_amount_are_refused(number: object) -> None:
    with pytest.raises(ValidationError):
        WIRE.validate_python(number)


def test_the_largest_amount_is_still_taken() -> None:
    assert Money.of("1000000000000.00", "EUR").minor == MAX_MINOR
    assert Money.of(10**14, "JPY").minor == MAX_MINOR


def test_in_a_sentence_money_reads_as_money() -> None:
    assert f"The total is {Money(-1999, 'EUR')}." == "The total is -19.99 EUR."
    assert str(Money(1500, "JPY")) == "1500 JPY"


def test_a_refusal_does_not_repeat_the_amount() -> None:
    with pytest.raises(ValidationError) as refusal:
        WIRE.validate_json('"12345.6789"')

    assert "12345" not in refusal.value.errors()[0]["msg"]


def test_currencies_do_not_mix() -> None:
    euro, yen = Money(1, "EUR"), Money(1, "JPY")

    for mix in (
        lambda: euro + yen,
        lambda: euro - yen,
        lambda: euro < yen,
        lambda: euro <= yen,
        lambda: euro > yen,
        lambda: total([euro, yen], "EUR"),
        lambda: total([yen], "EUR"),
    ):
        with pytest.raises(CurrencyMismatchError):
            mix()
    assert euro != yen


@given(st.lists(MINOR, max_size=20))
def test_totals_add_up(amounts: list[int]) -> None:
    assert total([Money(minor, "KWD") for minor in amounts], "KWD") == Money(sum(amounts), "KWD")


@given(MINOR, MINOR)
def test_order_and_arithmetic_are_those_of_the_minor_units(left: int, right: int) -> None:
    a, b = Money(left, "EUR"), Money(right, "EUR")

    assert (a < b, a <= b, a > b, a >= b) == (left < right, left <= right, left > right, left >= right)
    assert (a - b).minor == left - right
    assert (a * 3).minor == left * 3


def test_the_schema_of_what_goes_in_and_out_differs() -> None:
    assert "anyOf" in WIRE.json_schema(mode="validation")
    assert WIRE.json_schema(mode="serialization")["required"] == ["amount", "currency"]


def test_the_shops_currency_exists() -> None:
    with pytest.raises(ValidationError):
        MoneySettings(currency="XXX")
    assert MoneySettings(currency="JPY").currency == "JPY"
