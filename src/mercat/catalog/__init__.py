"""What is for sale.

Owns: brands, categories, tags, products, their variants, pictures and ratings in all, and the listing kept ready for
readers.
Calls: inventory, vendors, files, auth, audit, outbox, i18n.
Publishes: nothing.
Listens: PictureReady, VendorReinstated, VendorSuspended.
"""

from mercat.catalog import jobs
from mercat.catalog.backfill import PastProduct, backfill
from mercat.catalog.cards import Among, refresh_cards, render_next
from mercat.catalog.categories import create as create_category
from mercat.catalog.categories_router import router as categories_router
from mercat.catalog.exceptions import ProductNotFound, VariantNotFound
from mercat.catalog.glances import ProductGlance, glances
from mercat.catalog.handlers import follow_shop
from mercat.catalog.pictures import show_sizes
from mercat.catalog.pictures_router import router as pictures_router
from mercat.catalog.queries import (
    anything_for_sale,
    known_categories,
    known_products,
    variants_by_sku,
    variants_of,
)
from mercat.catalog.ratings import RatingChange, rate
from mercat.catalog.recovery_router import router as recovery_router
from mercat.catalog.reductions import Offered, Reduce, reduce_by
from mercat.catalog.router import router
from mercat.catalog.service import create, set_sold
from mercat.catalog.shops_router import router as shops_router
from mercat.catalog.stock_router import router as stock_router
from mercat.catalog.variant_cards import VariantCard, variants
from mercat.catalog.write_schemas import (
    CategoryCreate,
    ImageWrite,
    OptionWrite,
    ProductCreate,
    TaxClass,
    VariantWrite,
)

__all__ = [
    "Among",
    "CategoryCreate",
    "ImageWrite",
    "Offered",
    "OptionWrite",
    "PastProduct",
    "ProductCreate",
    "ProductGlance",
    "ProductNotFound",
    "RatingChange",
    "Reduce",
    "TaxClass",
    "VariantCard",
    "VariantNotFound",
    "VariantWrite",
    "anything_for_sale",
    "backfill",
    "categories_router",
    "create",
    "create_category",
    "follow_shop",
    "glances",
    "jobs",
    "known_categories",
    "known_products",
    "pictures_router",
    "rate",
    "recovery_router",
    "reduce_by",
    "refresh_cards",
    "render_next",
    "router",
    "set_sold",
    "shops_router",
    "show_sizes",
    "stock_router",
    "variants",
    "variants_by_sku",
    "variants_of",
]
