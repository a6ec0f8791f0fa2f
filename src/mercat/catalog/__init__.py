"""What is for sale.

Owns: brands, categories, tags, products, their variants and pictures, and the listing kept ready for readers.
Calls: inventory, vendors, files, auth, audit, outbox.
Publishes: nothing yet.
Listens: PictureReady.
"""

from mercat.catalog import jobs
from mercat.catalog.cards import refresh_cards
from mercat.catalog.categories import create as create_category
from mercat.catalog.exceptions import ProductNotFound, VariantNotFound
from mercat.catalog.pictures import show_sizes
from mercat.catalog.pictures_router import router as pictures_router
from mercat.catalog.queries import (
    VariantCard,
    anything_for_sale,
    known_categories,
    known_products,
    variants,
    variants_by_sku,
    variants_of,
)
from mercat.catalog.recovery_router import router as recovery_router
from mercat.catalog.router import router
from mercat.catalog.service import create, create_many, set_sold
from mercat.catalog.stock_router import router as stock_router
from mercat.catalog.write_schemas import (
    CategoryCreate,
    ImageWrite,
    OptionWrite,
    ProductCreate,
    TaxClass,
    VariantWrite,
)

__all__ = [
    "CategoryCreate",
    "ImageWrite",
    "OptionWrite",
    "ProductCreate",
    "ProductNotFound",
    "TaxClass",
    "VariantCard",
    "VariantNotFound",
    "VariantWrite",
    "anything_for_sale",
    "create",
    "create_category",
    "create_many",
    "jobs",
    "known_categories",
    "known_products",
    "pictures_router",
    "recovery_router",
    "refresh_cards",
    "router",
    "set_sold",
    "show_sizes",
    "stock_router",
    "variants",
    "variants_by_sku",
    "variants_of",
]
