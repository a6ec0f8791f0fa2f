"""The demo marketplace's content as it lies in `data`, where `tools/demo` writes it."""

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from mercat.content.navigation import MenuItem
from mercat.content.pages import PageCreate
from mercat.inventory.locations import LocationCreate
from mercat.orders.returns import Reason
from mercat.payments.gift_cards import GiftCardCreate
from mercat.pricing.promotions import PromotionWrite
from mercat.pricing.shipping import MethodWrite, ZoneWrite
from mercat.pricing.taxes import RateWrite
from mercat.vendors.onboarding import ApplicationCreate, LegalDetailsWrite

DATA = Path(__file__).with_name("data")
PICTURES = DATA / "pictures.zip"
"""Drawings that lie below `/media` as they are."""
UPLOADS = DATA / "uploads.zip"
"""Pictures that are uploaded, by the slugs of their products."""
WEDNESDAY = 2
"""The weekday on which the past was written down."""
FRESH = 28
"""So many days back an order's status depends on its age, to the day."""

Outcome = Literal["completed", "delivered", "shipped", "processing", "cancelled", "expired"]


@dataclass(frozen=True)
class Account:
    """Somebody who signs in; `vendor` is the slug of the vendor that they work for."""

    email: str
    password: str
    first_name: str
    last_name: str
    vendor: str | None = None


@dataclass(frozen=True)
class Vendor:
    """A vendor; its products are in the file of its slug."""

    slug: str
    name: str
    tagline: str
    description: str
    legal: LegalDetailsWrite

    @property
    def catalogue(self) -> Path:
        """Its products as Shopify's CSV."""
        return DATA / "catalogues" / f"{self.slug}.csv"


@dataclass(frozen=True)
class Category:
    """A category and what is below it, in the order of display."""

    slug: str
    name: str
    children: tuple["Category", ...] = ()


@dataclass(frozen=True)
class Product:
    """What a CSV has no column for."""

    slug: str
    created_days_ago: int
    attributes: dict[str, str]


@dataclass(frozen=True)
class Person:
    """A buyer who does not exist."""

    first_name: str
    last_name: str
    email: str
    line1: str
    city: str
    postal_code: str
    country: str

    @property
    def name(self) -> str:
        """First name and last name."""
        return f"{self.first_name} {self.last_name}"

    @property
    def address(self) -> dict[str, str]:
        """Where they live, as an order has it."""
        parts = {"line1": self.line1, "city": self.city, "postal_code": self.postal_code, "country": self.country}
        return {"name": self.name, **parts}


@dataclass(frozen=True)
class Order:
    """A purchase by `people[buyer]`; `minute` is counted from midnight UTC, `lines` are SKUs and quantities.

    `test` is a card of the test provider. Without a `currency` it is in that of the books.
    """

    buyer: int
    days_ago: int
    minute: int
    lines: tuple[tuple[str, int], ...]
    outcome: Outcome
    paid_by: Literal["manual", "test"]
    invoiced: bool
    note: str = ""
    currency: str = ""

    def age(self, today: datetime) -> int:
        """Return how many days ago it was, seen from `today`: what was bought at a weekend stays bought at one."""
        if self.days_ago <= FRESH:
            return self.days_ago
        week, weekday = (self.days_ago - 1) // 7, (WEDNESDAY - self.days_ago) % 7
        return 7 * week + 1 + (today.weekday() - weekday - 1) % 7

    def placed_at(self, today: datetime) -> datetime:
        """Return when it was placed, never later than `today`."""
        day = (today - timedelta(days=self.age(today))).replace(hour=0, minute=0, second=0, microsecond=0)
        return min(day + timedelta(minutes=self.minute), today)


@dataclass(frozen=True)
class Review:
    """What the buyer of `orders[order]` says about a product, so many days after the order, and the vendor's reply."""

    order: int
    product: str
    days_after: int
    rating: int
    title: str
    body: str
    reply: str | None = None
    signals: tuple[str, ...] = ()
    """Why a moderator looks at it first."""


@dataclass(frozen=True)
class BlogPost:
    """A post; `author` names one of the accounts, `picture` the product whose uploaded picture it shows."""

    author: str
    days_ago: int
    title: str
    tags: tuple[str, ...]
    products: tuple[str, ...]
    picture: str
    alt: str
    content: str


@dataclass(frozen=True)
class WishlistItem:
    """A product on the wishlist of the demo's buyer."""

    product: str
    note: str


@dataclass(frozen=True)
class Zone:
    """A shipping zone with its methods."""

    zone: ZoneWrite
    methods: tuple[MethodWrite, ...]


@dataclass(frozen=True)
class SecondLocation:
    """Where a vendor keeps some of its stock besides, and what it wants to be told of: units of SKUs."""

    vendor: str
    location: LocationCreate
    note: str
    moved: dict[str, int]
    thresholds: dict[str, int]


@dataclass(frozen=True)
class Application:
    """A vendor's application and who sends it."""

    by: Account
    form: ApplicationCreate


@dataclass(frozen=True)
class ReturnRequest:
    """A buyer of `orders[order]` wants to send a unit of a SKU back."""

    order: int
    sku: str
    reason: Reason
    note: str


@dataclass(frozen=True)
class FailedMail:
    """A message that no server would take, and why."""

    kind: str
    recipient: str
    subject: str
    text: str
    reason: str


@dataclass(frozen=True)
class Backlog:
    """What waits for somebody: the buyer's order of today, paid with a gift card, and what went wrong."""

    gift_card: GiftCardCreate
    bought: dict[str, int]
    returns: tuple[ReturnRequest, ...]
    mail: FailedMail
    job_failure: tuple[str, str]


@dataclass(frozen=True)
class Content:
    """All of it. The demo's buyer is the first of the people."""

    accounts: dict[str, Account]
    helpers: tuple[Account, ...]
    applications: tuple[Application, ...]
    vendors: tuple[Vendor, ...]
    categories: tuple[Category, ...]
    products: tuple[Product, ...]
    second_location: SecondLocation
    people: tuple[Person, ...]
    orders: tuple[Order, ...]
    reviews: tuple[Review, ...]
    backlog: Backlog
    wishlist: tuple[WishlistItem, ...]
    coupons: tuple[PromotionWrite, ...]
    zones: tuple[Zone, ...]
    tax_rates: tuple[RateWrite, ...]
    posts: tuple[BlogPost, ...]
    pages: tuple[PageCreate, ...]
    menus: dict[str, tuple[MenuItem, ...]]


@cache
def content() -> Content:
    """Return the content."""
    return TypeAdapter(Content).validate_json((DATA / "marketplace.json").read_bytes())
