"""What a feed says, whatever its format."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from mercat.kit.money import Money

Status = Literal["active", "draft", "archived"]


@dataclass(frozen=True, slots=True)
class RowError:
    """Something in a file that could not be taken over; the rest was."""

    line: int
    """Physical line of the file where the row starts, from 1."""
    field: str
    """The column's name in the file; empty when the row as a whole is meant."""
    message: str
    code: str
    """Stable, for programs: `bad_price`, `duplicate_sku`, ..."""


ErrorSink = Callable[[RowError], None]


@dataclass(frozen=True, slots=True)
class SetPrice:
    """What a variant costs in another currency than that of the books, in minor units."""

    currency: str
    minor: int | None
    """None: no price is set in it any more."""
    compare_at: int | None = None
    keeps_compare_at: bool = False
    """Whether what is stored stays beside the price, because the file has no column of it."""


@dataclass(frozen=True, slots=True)
class FeedVariant:
    """One combination of a product's options, with its price."""

    line: int
    sku: str | None
    options: tuple[str, ...]
    price: Money | None
    """None only where the file has no column of prices: the stored value stays."""
    compare_at: Money | None
    grams: int | None
    barcode: str | None
    quantity: int | None
    """Units available; None says nothing about stock, a negative number means oversold."""
    allow_backorder: bool
    image_url: str | None
    tracked: bool | None = None
    """Whether units are counted; False is sold without being counted, None is not said."""
    keeps_count: bool = False
    """Whether an existing count wins over the one here."""
    lowest_before: str = ""
    """The lowest price of the 30 days before its reduction; it is told, never read."""
    prices: tuple[SetPrice, ...] = ()
    """Those in other currencies that the file speaks of; all others stay."""
    unknown: frozenset[str] = frozenset()
    """Fields whose cells could not be read: their stored values stay."""


@dataclass(frozen=True, slots=True)
class FeedImage:
    """A picture of a product."""

    url: str
    alt: str
    position: int


@dataclass(frozen=True, slots=True)
class FeedProduct:
    """A product with everything that hangs on it."""

    line: int
    handle: str
    name: str
    description_html: str
    brand: str | None
    category: str | None
    tags: tuple[str, ...]
    option_names: tuple[str, ...]
    variants: tuple[FeedVariant, ...]
    images: tuple[FeedImage, ...]
    status: Status
    seo_title: str
    seo_description: str
    partial: bool = False
    """Rows of it could not be read: what it lacks says nothing, so nothing of it may be removed."""
    absent: frozenset[str] = frozenset()
    """Fields for which the file has no column at all: their stored values stay."""
    disabled: int = 0
    """Variations that the file switches off; they are not among the variants."""
    listed: bool | None = None
    """Whether lists show it while it is on sale; None is not said: the stored value stays."""
    slug: str = ""
    """What a new product's address is made from, if the handle is nothing to be read."""
