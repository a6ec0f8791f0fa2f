"""Shapes of wishlists, alerts and recent views."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from mercat.files import Picture
from mercat.kit.money import Money
from mercat.kit.shapes import Flag, Line, Shape

Note = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00]*$")]
Name = Annotated[Line, StringConstraints(max_length=100)]
ListId = UUID | Literal["default"]
Kind = Literal["back_in_stock", "price_drop"]


class WishlistCreate(Shape):
    """A new list."""

    name: Name = Field(examples=["Birthday"])


class WishlistUpdate(Shape):
    """Changes of a list; what is left out stays."""

    name: Name | None = Field(None, examples=["Christmas"])
    is_default: Literal[True] | None = None
    """Makes it the list that `default` refers to, instead of the current one."""


class WishlistItemCreate(Shape):
    """A product to put on a list, or one variant of it."""

    product_id: UUID
    variant_id: UUID | None = None
    note: Note = Field("", examples=["in blue"])
    """Only the owner of the list sees it."""


class WishlistItemUpdate(Shape):
    """Another note."""

    note: Note = Field(examples=["in blue"])


class ListedProduct(Shape):
    """A product on a list, as it is now."""

    id: UUID
    slug: str = Field(examples=["stoneware-mug"])
    name: str = Field(examples=["Stoneware mug"])
    image: Picture | None
    price: Money | None
    """The lowest of its variants; null when it is not on sale."""
    on_sale: bool
    in_stock: bool


class ListedVariant(Shape):
    """A variant on a list, as it is now."""

    id: UUID
    title: str = Field(examples=["Grey / M"])
    price: Money
    on_sale: bool
    in_stock: bool


class SharedWishlistItem(Shape):
    """Something on a list that was shared."""

    product: ListedProduct
    variant: ListedVariant | None
    """Null: any variant."""


class WishlistItemRead(SharedWishlistItem):
    """Something on one's own list."""

    id: UUID
    note: str = Field(examples=["in blue"])
    created_at: datetime


class WishlistSummary(Shape):
    """A list without what is on it."""

    id: UUID
    name: str = Field(examples=["Birthday"])
    is_default: Flag
    item_count: int = Field(examples=[3])
    shared_at: datetime | None
    """Since when the list is shared by its link; null: it is not shared."""
    created_at: datetime


class WishlistRead(WishlistSummary):
    """A list with what is on it, the newest first."""

    items: list[WishlistItemRead]


class ShareRead(Shape):
    """The link to a shared list, told once."""

    token: str = Field(examples=["4mYx0PqvYkKdX3nT5cQm1pJw"])
    path: str = Field(examples=["/api/v1/wishlists/shared/4mYx0PqvYkKdX3nT5cQm1pJw"])


class SharedWishlist(Shape):
    """A list as it is shared by its link."""

    name: str = Field(examples=["Birthday"])
    items: list[SharedWishlistItem]


class AlertCreate(Shape):
    """What to tell, once, by mail."""

    kind: Kind = Field(examples=["price_drop"])
    variant_id: UUID | None = None
    """Left out: any variant of the product."""
    below: Money | None = Field(None, examples=["15.00"])
    """With `price_drop`: tell when it costs no more than this. Left out: when it costs less than now."""


class AlertRead(Shape):
    """An alert."""

    id: UUID
    kind: Kind
    product: ListedProduct
    variant_id: UUID | None
    price_seen: Money
    """What it cost when the alert was made, in the currency of the books, by whose prices alerts trigger."""
    below: Money | None
    told_at: datetime | None
    """When it triggered. It is told once; setting it again starts anew."""
    created_at: datetime


class ViewRead(Shape):
    """A product that one looked at."""

    product: ListedProduct
    viewed_at: datetime
