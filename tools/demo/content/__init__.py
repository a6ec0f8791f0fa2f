"""The demo marketplace's content: shops, products, pictures, people, half a year of orders and reviews.

Pure and deterministic: no files, no clock, no chance that is not seeded; every call gives the same values.
"""

from content.application import application, bakery
from content.catalogue import SHOPS, products
from content.categories import CATEGORIES
from content.history import past_orders
from content.people import ACCOUNTS, APPLICANT, BAKER, CLERK, PEOPLE
from content.pictures.logos import logo
from content.pictures.motifs import draw
from content.reviews import reviews, wishes
from content.shapes import (
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
from content.terms import coupons, rates, zones

__all__ = [
    "ACCOUNTS",
    "APPLICANT",
    "BAKER",
    "CATEGORIES",
    "CLERK",
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
    "bakery",
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
