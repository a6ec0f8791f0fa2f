"""Catalogues in and out as files (Shopify's product CSV both ways, WooCommerce's in)."""

from mercat.catalog.feeds.exporting import export_chunks, export_file
from mercat.catalog.feeds.importing import ImportProgress, ImportReport, import_file
from mercat.catalog.feeds.shapes import RowError

__all__ = ["ImportProgress", "ImportReport", "RowError", "export_chunks", "export_file", "import_file"]
