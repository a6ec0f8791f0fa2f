"""A file of rates is read whole or not at all."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.rate_server import DAILY, file_of, ninety_days
from mercat.exchange.ecb import parse
from mercat.exchange.provider import RatesUnusable
from mercat.kit import clock

TODAY = clock.now().date()


def test_a_day_is_read() -> None:
    [found] = parse(file_of((TODAY, DAILY)))
    assert (found.dated, found.base) == (TODAY, "EUR")
    assert found.rates["JPY"] == Decimal("163.18")
    assert "BGN" not in found.rates  # no currency any more
    assert len(found.rates) == len(DAILY) - 1


def test_ninety_days_are_read_the_newest_last() -> None:
    found = parse(ninety_days(TODAY))
    assert len(found) > 60
    assert [day.dated for day in found] == sorted(day.dated for day in found)
    assert found[-1].dated == TODAY


GOOD = file_of((TODAY, DAILY)).decode()
BOMB = """<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "1"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>"""
FILE = """<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]>"""


@pytest.mark.parametrize(
    "content",
    [
        "",
        "not found",
        "<html><body>Maintenance</body></html>",
        GOOD[:-40],
        GOOD.replace("xmlns=", "other="),
        GOOD + GOOD,
        BOMB + GOOD.partition("\n")[2],
        FILE + GOOD.partition("\n")[2].replace("Reference rates", "&a;"),
        GOOD.replace("1.0842", "0"),
        GOOD.replace("1.0842", "0.000"),
        GOOD.replace("1.0842", "-1.0842"),
        GOOD.replace("1.0842", "NaN"),
        GOOD.replace("1.0842", "1e9999"),
        GOOD.replace("1.0842", "1,0842"),
        GOOD.replace("1.0842", "\u0661"),
        GOOD.replace("1.0842", "1" * 400),
        GOOD.replace("'USD'", "'JPY'"),
        GOOD.replace("'USD'", "'EUR'"),
        GOOD.replace("'USD'", "'usd'"),
        GOOD.replace("currency='USD' ", ""),
        GOOD.replace(" rate='1.0842'", ""),
        GOOD.replace(str(TODAY), "2026-02-30"),
        GOOD.replace(str(TODAY), "20260227"),
        GOOD.replace(str(TODAY), str(TODAY + timedelta(days=3))),  # also if midnight has passed since
        file_of((TODAY, {})).decode(),
        file_of((TODAY, DAILY), (TODAY, DAILY)).decode(),
        file_of((TODAY, DAILY), (TODAY - timedelta(days=1), {})).decode(),
        GOOD.replace(f"<Cube time='{TODAY}'>", "<Cube>"),
        GOOD.replace("<Cube currency='USD'", "<Cube time='2026-01-02'/><Cube currency='USD'"),
    ],
)
def test_what_is_no_plain_file_of_rates_is_refused(content: str) -> None:
    with pytest.raises(RatesUnusable):
        parse(content.encode())


@given(st.binary(max_size=400), st.integers(0, len(GOOD)))
def test_no_bytes_do_more_than_be_refused(noise: bytes, at: int) -> None:
    good = GOOD.encode()
    try:
        [day] = parse(good[:at] + noise + good[at:])
    except RatesUnusable:
        return
    assert day.dated <= TODAY + timedelta(days=1)
    assert all(rate > 0 for rate in day.rates.values())


def test_a_day_of_long_ago_is_a_day() -> None:
    assert parse(file_of((date(1999, 1, 4), {"USD": "1.1789"})))[0].dated == date(1999, 1, 4)
