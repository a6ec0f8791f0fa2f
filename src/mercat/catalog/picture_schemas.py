"""Shapes of changes to a product's pictures."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from mercat.files import LONGEST_ALT
from mercat.kit.openapi import EXAMPLE_ID
from mercat.kit.shapes import Shape

Alt = Annotated[str, StringConstraints(max_length=LONGEST_ALT)]


class ImageUpdate(Shape):
    """Changes of a picture; what is left out stays."""

    alt: Alt | None = Field(None, examples=["A grey stoneware mug"])
    variant_ids: list[UUID] | None = Field(None, max_length=500)
    """Variants that shall show this picture instead of the product's first; others that did, do not any more."""


class ImageOrder(Shape):
    """The pictures of a product in the order in which they shall be shown, the first one in lists."""

    image_ids: list[UUID] = Field(max_length=50, examples=[[EXAMPLE_ID]])
