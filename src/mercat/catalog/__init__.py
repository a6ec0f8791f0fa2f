"""What is for sale.

Owns: brands, categories, tags, products, their variants, pictures and ratings in all, and the listing kept ready for
readers.
Calls: inventory, vendors, users, exchange, translations, files, auth, audit, outbox, i18n.
Publishes: ProductsChanged.
Listens: ConversionsChanged, PictureReady, TranslationsChanged, VendorReinstated, VendorSuspended.
"""

from mercat.catalog import handlers, jobs
from mercat.catalog.backfill import PastProduct, backfill
from mercat.catalog.categories import create as create_category
from mercat.catalog.categories_router import router as categories_router
from mercat.catalog.exceptions import ProductNotFound, VariantNotFound
from mercat.catalog.picture_rows import PURPOSE as PICTURE_PURPOSE
from mercat.catalog.pictures import add as add_pictures
from mercat.catalog.pictures import show_sizes
from mercat.catalog.pictures_router import router as pictures_router
from mercat.catalog.projections import Among, refresh_projections, render_next
from mercat.catalog.queries import (
    anything_for_sale,
    known_categories,
    known_products,
    products_of,
    variants_by_sku,
    variants_of,
)
from mercat.catalog.ratings import RatingChange, rate
from mercat.catalog.recovery_router import router as recovery_router
from mercat.catalog.reductions import Offered, Reduce, reduce_by
from mercat.catalog.references import ProductReference, references
from mercat.catalog.router import router
from mercat.catalog.service import create, set_sold
from mercat.catalog.stock_router import router as stock_router
from mercat.catalog.variant_projections import VariantProjection, reduced, variants
from mercat.catalog.vendor_page_router import router as vendor_page_router
from mercat.catalog.write_schemas import (
    CategoryCreate,
    ImageWrite,
    OptionWrite,
    ProductCreate,
    TaxClass,
    VariantWrite,
)

__all__ = [
    "PICTURE_PURPOSE",
    "Among",
    "CategoryCreate",
    "ImageWrite",
    "Offered",
    "OptionWrite",
    "PastProduct",
    "ProductCreate",
    "ProductNotFound",
    "ProductReference",
    "RatingChange",
    "Reduce",
    "TaxClass",
    "VariantNotFound",
    "VariantProjection",
    "VariantWrite",
    "add_pictures",
    "anything_for_sale",
    "backfill",
    "categories_router",
    "create",
    "create_category",
    "handlers",
    "jobs",
    "known_categories",
    "known_products",
    "pictures_router",
    "products_of",
    "rate",
    "recovery_router",
    "reduce_by",
    "reduced",
    "references",
    "refresh_projections",
    "render_next",
    "router",
    "set_sold",
    "show_sizes",
    "stock_router",
    "variants",
    "variants_by_sku",
    "variants_of",
    "vendor_page_router",
]
