"""What the demo marketplace is made of: frozen values, ready to be written through the domains' front doors."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from mercat.kit.money import Money

Outcome = Literal["completed", "delivered", "shipped", "processing", "cancelled", "expired"]


@dataclass(frozen=True, slots=True)
class Palette:
    """A shop's colours as `#rrggbb`: soft grounds for its pictures, an ink to write in and an accent to stand out."""

    grounds: tuple[str, ...]
    ink: str
    accent: str


@dataclass(frozen=True, slots=True)
class LegalIdentity:
    """Who a vendor is in law, in Germany like all of the demo; the VAT ids are made up and have right check digits."""

    name: str
    street: str
    postal_code: str
    city: str
    tax_id: str


@dataclass(frozen=True, slots=True)
class Shop:
    """A vendor. `category_slugs` are the categories its products stand in."""

    slug: str
    name: str
    tagline: str
    description: str
    category_slugs: tuple[str, ...]
    palette: Palette
    legal: LegalIdentity


@dataclass(frozen=True, slots=True)
class CategoryNode:
    """A category and what is below it, in the order of display."""

    slug: str
    name: str
    children: tuple["CategoryNode", ...] = ()


@dataclass(frozen=True, slots=True)
class PictureSpec:
    """What to draw: a motif in one of its forms, two colours, and the ground and backdrop it stands before."""

    motif: str
    form: str
    main: str
    accent: str
    ground: str
    backdrop: int


@dataclass(frozen=True, slots=True)
class VariantContent:
    """What is bought. `picture` is set where the variant looks different from the product's own picture."""

    sku: str
    options: tuple[str, ...]
    price: Money
    compare_at: Money | None
    stock: int
    grams: int
    barcode: str | None
    picture: PictureSpec | None = None


@dataclass(frozen=True, slots=True)
class ProductContent:
    """What is described. `weight` is how often it sells relative to the others; `shop` and `category` are slugs."""

    handle: str
    name: str
    shop: str
    category: str
    description_html: str
    tags: tuple[str, ...]
    brand: str | None
    option_names: tuple[str, ...]
    variants: tuple[VariantContent, ...]
    picture: PictureSpec
    created_days_ago: int
    weight: float
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PersonContent:
    """A buyer who does not exist."""

    first_name: str
    last_name: str
    email: str
    city: str
    country: str
    line1: str
    postal_code: str


@dataclass(frozen=True, slots=True)
class PastOrder:
    """A purchase by `PEOPLE[buyer_index]`; `minute_of_day` is counted from midnight UTC."""

    buyer_index: int
    placed_days_ago: int
    minute_of_day: int
    lines: tuple[tuple[str, int], ...]
    outcome: Outcome
    note: str
    currency: str = ""
    """Empty: that of the books."""


@dataclass(frozen=True, slots=True)
class ReviewContent:
    """What `PEOPLE[buyer_index]` says about a product, by its handle, and what the shop says to it."""

    buyer_index: int
    handle: str
    rating: int
    title: str
    body: str
    days_ago: int
    reply: str | None


@dataclass(frozen=True, slots=True)
class WishContent:
    """Something on the wishlist of the demo's buyer."""

    handle: str
    note: str


class Account(NamedTuple):
    """A login that the demo prints; `shop` is the slug of the shop it belongs to."""

    email: str
    password: str
    first_name: str
    last_name: str
    shop: str | None
