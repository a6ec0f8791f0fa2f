"""What a shipment costs, and who ships for nothing."""

import pytest

from mercat.kit.money import Money
from mercat.pricing.arithmetic import Band, Basis, Discount, Kind, Line, Method, Scope, Tariff, Terms, price
from pricing.baskets import PRODUCTS, VENDORS


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def bands(basis: Basis, *steps: tuple[int | None, int], free_from: int | None = None) -> Tariff:
    return Tariff(
        basis, tuple(Band(up_to, eur(fee)) for up_to, fee in steps), None if free_from is None else eur(free_from)
    )


def shipped(lines: list[Line], method: Method, *sales: Discount) -> list[int] | None:
    totals = price(lines, Terms("EUR", shipping=method, sales=sales))
    return [share.shipping.minor for share in totals.shares] if totals.ships else None


@pytest.mark.parametrize(("grams", "fee"), [(0, 300), (500, 300), (501, 700), (2000, 700), (2001, None)])
def test_a_band_includes_its_bound_and_above_the_last_nothing_is_sent(grams: int, fee: int | None) -> None:
    line = Line(VENDORS[0], eur(1000), 1, weight_grams=grams)

    found = shipped([line], Method("post", "Post", bands(Basis.weight, (500, 300), (2000, 700))))

    assert found == (None if fee is None else [fee])


def test_what_is_paid_for_the_goods_decides_after_discounts() -> None:
    tariff = bands(Basis.value, (999, 500), (None, 100), free_from=5000)
    half = Discount(VENDORS[0], Kind.percent, percent=5000)
    method = Method("post", "Post", tariff)

    assert shipped([Line(VENDORS[0], eur(1000), 1)], method) == [100]
    assert shipped([Line(VENDORS[0], eur(1000), 1)], method, half) == [500]
    assert shipped([Line(VENDORS[0], eur(5000), 1)], method) == [0]
    assert shipped([Line(VENDORS[0], eur(5000), 1)], method, half) == [100]


def test_a_vendor_with_its_own_tariff_sends_its_own_shipment() -> None:
    own = {VENDORS[1]: Tariff.flat(eur(900))}
    lines = [Line(vendor, eur(1000), 1) for vendor in VENDORS[:3]]

    assert shipped(lines, Method("post", "Post", Tariff.flat(eur(400)), own)) == [200, 900, 200]
    assert shipped(lines, Method("post", "Post", None, own)) is None
    assert shipped(lines[1:2], Method("post", "Post", None, own)) == [900]


def test_a_part_ships_free_when_everything_in_it_is_in_scope() -> None:
    free = Discount(VENDORS[0], Kind.free_shipping, scope=Scope(product_ids=frozenset(PRODUCTS[:1])))
    inside = Line(VENDORS[0], eur(1000), 1, product_id=PRODUCTS[0])
    other = Line(VENDORS[1], eur(1000), 1, product_id=PRODUCTS[1])
    beside = Line(VENDORS[0], eur(1000), 1, product_id=PRODUCTS[1])
    method = Method("post", "Post", Tariff.flat(eur(400)))

    assert shipped([inside, other], method, free) == [0, 200]
    assert shipped([inside, beside], method, free) == [400]
