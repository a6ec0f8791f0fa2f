"""Catalogues in and out as files (Shopify's product CSV both ways, WooCommerce's in)."""

from mercat.catalog.feeds.export import export_chunks, export_file
from mercat.catalog.feeds.importer import ImportProgress, ImportReport, import_file
from mercat.catalog.feeds.not_for_sale import Withheld
from mercat.catalog.feeds.shapes import ErrorSink, FeedProduct, RowError
from mercat.catalog.feeds.transaction import FileRefusedError, import_all

__all__ = [
    "ErrorSink",
    "FeedProduct",
    "FileRefusedError",
    "ImportProgress",
    "ImportReport",
    "RowError",
    "Withheld",
    "export_chunks",
    "export_file",
    "import_all",
    "import_file",
]
