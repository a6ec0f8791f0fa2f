"""What the demo marketplace takes off, how it ships, and the taxes of its neighbourhood."""

from datetime import UTC, datetime

from mercat.kit.money import Money
from mercat.pricing.promotions import PromotionWrite
from mercat.pricing.shipping import AreaWrite, BandWrite, MethodWrite, ZoneWrite
from mercat.pricing.taxes import RateWrite

NEIGHBOURS = ("AT", "BE", "DK", "FR", "LU", "NL", "PL")
SINCE = datetime(2024, 1, 1, tzinfo=UTC)
STANDARD_RATES = {
    "AT": "0.2", "BE": "0.21", "DE": "0.19", "DK": "0.25", "FR": "0.2", "LU": "0.17", "NL": "0.21", "PL": "0.23",
}  # fmt: skip
BOOK_RATES = {"AT": "0.1", "BE": "0.06", "DE": "0.07", "FR": "0.055", "LU": "0.03", "NL": "0.09", "PL": "0.05"}


def coupons() -> list[PromotionWrite]:
    """Return the coupons that visitors can use."""
    return [
        PromotionWrite(name="Welcome", code="WELCOME10", kind="percent", percent="10", once_per_customer=True),
        PromotionWrite(
            name="Five off from fifty",
            code="FIVER",
            kind="fixed",
            amount=_eur("5.00"),
            minimum=_eur("50.00"),
            usage_limit=100,
        ),
        PromotionWrite(name="We pay the postage", code="FREESHIP", kind="free_shipping", minimum=_eur("30.00")),
    ]


def zones() -> list[tuple[ZoneWrite, list[MethodWrite]]]:
    """Return the zones with their methods; `standard` costs what it costs everywhere by the settings."""
    standard = MethodWrite(code="standard", name="Standard", price=_eur("4.90"))
    next_day = MethodWrite(code="express", name="Express, next day", price=_eur("9.90"), position=1)
    bands = [
        BandWrite(up_to_grams=2_000, price=_eur("14.90")),
        BandWrite(up_to_grams=10_000, price=_eur("24.90")),
    ]
    by_weight = MethodWrite(code="express", name="Express, by weight", basis="weight", bands=bands, position=1)
    return [
        (ZoneWrite(name="Germany", areas=[AreaWrite(country="DE")]), [standard, next_day]),
        (
            ZoneWrite(name="Neighbours", areas=[AreaWrite(country=country) for country in NEIGHBOURS]),
            [standard, by_weight],
        ),
    ]


def rates() -> list[RateWrite]:
    """Return the rates of goods and of books; prices contain them."""
    return [
        RateWrite(name=f"VAT {country}", country=country, tax_class=tax_class, rate=rate, valid_from=SINCE)
        for tax_class, by_country in (("standard", STANDARD_RATES), ("books", BOOK_RATES))
        for country, rate in by_country.items()
    ]


def _eur(amount: str) -> Money:
    return Money.of(amount, "EUR")
