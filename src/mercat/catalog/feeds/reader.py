"""A file as products, in the dialect that its header speaks: Shopify's rows of one handle gathered, or WooCommerce's.

Everything else is reported with its line.
Of Shopify's CSV memory holds one product, and of what was read before only the handles and SKUs with their lines.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from mercat.catalog.feeds import families, shopify, woocommerce, woocommerce_headers
from mercat.catalog.feeds.columns import Columns
from mercat.catalog.feeds.drafts import Draft
from mercat.catalog.feeds.guard import Guard
from mercat.catalog.feeds.records import Record, records
from mercat.catalog.feeds.shapes import ErrorSink, FeedProduct, RowError
from mercat.catalog.feeds.shopify import BadCell
from mercat.catalog.feeds.sources import opened

TRANSLATED = (
    "this looks like WooCommerce's export, but the columns have other names: export all columns, or with English names"
)


def read(
    path: Path,
    *,
    currency: str,
    steps: Mapping[str, int] = MappingProxyType({}),
    on_error: ErrorSink,
    on_bytes: Callable[[int], None] = lambda _: None,
    guard: Guard | None = None,
) -> Iterator[FeedProduct]:
    """Yield the products of a file, .csv or .csv.gz, as they come; what cannot be read goes to `on_error`.

    `steps` are the other currencies that prices can be set in, and what such prices are a multiple of, in minor units.
    `on_bytes` is told how many bytes of the file (compressed, if it is) each read took. A `guard` ends it early.
    """
    with opened(path, on_bytes, guard or Guard()) as source:
        rows = records(source)
        first = next(rows, None)
        if first is not None and not first.fault and woocommerce.recognised(first.cells):
            yield from families.products(first.cells, rows, currency, on_error)
            return
        second = next(rows, None)
        rows = rows if second is None else itertools.chain([second], rows)
        if first and second and Columns(first.cells).missing and woocommerce_headers.looks_like_it(second.cells):
            header = woocommerce_headers.in_english(first.cells, second.cells)
            if header is None:
                on_error(RowError(first.line, "", TRANSLATED, "translated_header"))
            else:
                yield from families.products(header, rows, currency, on_error)
            return
        columns = _header(first, steps, on_error)
        if columns is not None:
            yield from _Gathering(columns, currency, on_error).products(rows)


def _header(first: Record | None, steps: Mapping[str, int], on_error: ErrorSink) -> Columns | None:
    if first is None:
        on_error(RowError(1, "", "the file is empty", "empty_file"))
        return None
    if first.fault:
        on_error(first.fault)
        return None
    columns = Columns(first.cells, steps)
    for refused in columns.refused:
        on_error(refused.at(first.line))
    for name in columns.missing:
        on_error(RowError(first.line, name, f"the file has no column {name}", "missing_column"))
    return None if columns.missing else columns


class _Gathering:
    """Gathers the rows of each handle into a product."""

    def __init__(self, columns: Columns, currency: str, on_error: ErrorSink) -> None:
        self._columns = columns
        self._currency = currency
        self._on_error = columns.as_written(on_error)
        self._handles: dict[str, int] = {}
        self._skus: dict[str, int] = {}
        self._draft: Draft | None = None
        self._handle: str | None = None
        """That of the rows being read, also when their product was refused."""

    def products(self, rows: Iterator[Record]) -> Iterator[FeedProduct]:
        """Yield each product when its last row has been read."""
        at_handle = self._columns.handle
        for row in rows:
            if row.fault:
                self._unreadable(row, row.fault)
                continue
            cells = row.cells
            cells.append("")
            if cells[at_handle] != self._handle:
                handle = self._handle_of(row.line, cells)
                if handle is None:
                    continue
                if handle != self._handle:
                    yield from self._finished()
                    self._begin(row.line, handle, cells)
            if self._draft is not None:
                self._draft.take(row.line, cells, self._currency, self._skus)
        yield from self._finished()

    def _unreadable(self, row: Record, error: RowError) -> None:
        """Report a row that is none. It may have been one of the product before it, unless it names another."""
        at = self._columns.handle
        handle = row.cells[at].strip() if at < len(row.cells) else ""
        if self._draft is not None and handle in ("", self._handle):
            self._draft.report(error)
        else:
            self._on_error(error)

    def _handle_of(self, line: int, cells: list[str]) -> str | None:
        try:
            handle = shopify.handle(cells[self._columns.handle], blank=not any(cells))
        except BadCell as bad:
            (self._draft.report if self._draft else self._on_error)(bad.at(line))
            return None
        return handle or None

    def _begin(self, line: int, handle: str, cells: list[str]) -> None:
        """Start a product, unless it is refused with all its rows."""
        self._handle, self._draft = handle, None
        first = self._handles.setdefault(handle, line)
        if first != line:
            message = f"the handle came already on line {first}; its rows must follow each other"
            self._on_error(RowError(line, shopify.HANDLE, message, "duplicate_handle"))
            return
        try:
            self._draft = Draft(line, handle, cells, self._columns, self._on_error)
        except BadCell as bad:
            self._on_error(bad.at(line))

    def _finished(self) -> Iterator[FeedProduct]:
        product = self._draft.finished() if self._draft else None
        self._draft = None
        if product is not None:
            yield product
