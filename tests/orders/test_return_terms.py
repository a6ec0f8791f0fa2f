"""Until when something may be sent back: pure arithmetic of days."""

from datetime import UTC, datetime, timedelta

import pytest

from mercat.orders.returns.config import ReturnSettings
from mercat.orders.returns.lifecycle import TRANSITIONS, Reason, Status, allowed, begins_as
from mercat.orders.returns.terms import ends

SHIPPED = datetime(2030, 1, 1, tzinfo=UTC)
DELIVERED = datetime(2030, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("country", "setting", "days"),
    [("DE", 14, 14), ("DE", 0, 14), ("IS", 7, 14), ("FR", 30, 30), ("US", 0, 0), ("US", 7, 7)],
)
def test_the_law_gives_fourteen_days_where_it_holds(country: str, setting: int, days: int) -> None:
    terms = ReturnSettings(withdrawal_days=setting)

    found = ends(Reason.withdrawal, country, shipped=SHIPPED, delivered=DELIVERED, terms=terms)

    assert found == DELIVERED + timedelta(days=days)


def test_a_withdrawal_is_not_counted_before_the_goods_are_there() -> None:
    given, none = ReturnSettings(withdrawal_days=14), ReturnSettings(withdrawal_days=0)

    assert ends(Reason.withdrawal, "US", shipped=SHIPPED, delivered=None, terms=given) is None
    assert ends(Reason.withdrawal, "DE", shipped=SHIPPED, delivered=None, terms=none) is None
    assert ends(Reason.withdrawal, "US", shipped=SHIPPED, delivered=None, terms=none) == SHIPPED


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason is not Reason.withdrawal])
def test_other_returns_are_counted_from_delivery_or_from_shipping(reason: Reason) -> None:
    terms = ReturnSettings(return_days=30)

    assert ends(reason, "DE", shipped=SHIPPED, delivered=DELIVERED, terms=terms) == DELIVERED + timedelta(days=30)
    assert ends(reason, "DE", shipped=SHIPPED, delivered=None, terms=terms) == SHIPPED + timedelta(days=30)
    never = ReturnSettings(return_days=0)
    assert ends(reason, "DE", shipped=SHIPPED, delivered=DELIVERED, terms=never) == DELIVERED


def test_every_status_has_its_ways_on() -> None:
    assert set(TRANSITIONS) == set(Status)
    assert not any(allowed(status, Status.requested) for status in Status)
    assert [status for status in Status if allowed(status, Status.refunded)] == [Status.received]
    assert [reason for reason in Reason if begins_as(reason) is Status.approved] == [Reason.withdrawal]
