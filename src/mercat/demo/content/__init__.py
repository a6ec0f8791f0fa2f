"""The demo marketplace's content: shops, products, pictures, people, half a year of orders and reviews.

Pure and deterministic: no files, no clock, no chance that is not seeded; every call gives the same values.
"""

from mercat.demo.content.application import application
from mercat.demo.content.catalogue import SHOPS, products
from mercat.demo.content.categories import CATEGORIES
from mercat.demo.content.history import past_orders
from mercat.demo.content.people import ACCOUNTS, APPLICANT, CLERK, OWNERS, PEOPLE
from mercat.demo.content.pictures.drawing import draw
from mercat.demo.content.pictures.logos import logo
from mercat.demo.content.reviews import reviews, wishes
from mercat.demo.content.shapes import (
    Account,
    CategoryNode,
    Outcome,
    Palette,
    PastOrder,
    PersonContent,
    PictureSpec,
    ProductContent,
    ReviewContent,
    Shop,
    VariantContent,
    WishContent,
)
from mercat.demo.content.terms import coupons, rates, zones

__all__ = [
    "ACCOUNTS",
    "APPLICANT",
    "CATEGORIES",
    "CLERK",
    "OWNERS",
    "PEOPLE",
    "SHOPS",
    "Account",
    "CategoryNode",
    "Outcome",
    "Palette",
    "PastOrder",
    "PersonContent",
    "PictureSpec",
    "ProductContent",
    "ReviewContent",
    "Shop",
    "VariantContent",
    "WishContent",
    "application",
    "coupons",
    "draw",
    "logo",
    "past_orders",
    "products",
    "rates",
    "reviews",
    "wishes",
    "zones",
]
