"""Shapes of recommendations."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from mercat.catalog.listing import ProductSummary
from mercat.kit.shapes import Shape

OfProduct = Literal["bought_together", "similar"]
OfVisitor = Literal["trending", "for_you", "recently_viewed"]
Reason = Literal["bought_together", "similar", "trending", "recently_viewed"]
Known = Literal["bought", "saved", "viewed"]


class Related(Shape):
    """What a recommendation comes from."""

    id: UUID
    slug: str = Field(examples=["stoneware-mug"])
    name: str = Field(examples=["Stoneware mug"])


class Because(Shape):
    """Why a product is recommended, for clients to put into words."""

    kind: Reason = Field(examples=["bought_together"])
    product: Related | None
    """The product that it is bought together with, or similar to."""
    known: Known | None = Field(examples=["bought"])
    """How the visitor knows that product; null if that was not asked."""
    category: Related | None
    """The category that both are in, or that it is trending in."""
    brand: Related | None
    """The brand that both have."""
    vendor: Related | None
    """The vendor that sells both."""


class Recommendation(ProductSummary):
    """A product that is recommended."""

    because: Because
