"""WooCommerce's products with their variations, which may be anywhere in the file, even before their parents.

So the rows wait in a temporary file until the last one was read; the products come in the order of their own rows.
"""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mercat.catalog.feeds import shopify
from mercat.catalog.feeds import woocommerce as woo
from mercat.catalog.feeds.lenient import Lenient
from mercat.catalog.feeds.records import Record
from mercat.catalog.feeds.shapes import ErrorSink, FeedImage, FeedProduct, FeedVariant, RowError, Status
from mercat.catalog.feeds.shopify import BadCell
from mercat.catalog.feeds.spool import Spool
from mercat.kit.markup import clean
from mercat.kit.slugs import slug_of

GTIN = "GTIN, UPC, EAN, or ISBN"


@dataclass(slots=True)
class _Member:
    """A row of the file, a product or a variation of one. Its cells are in the spool."""

    line: int
    place: tuple[int, int]
    kind: str
    number: str
    sku: str
    repeats: int = 0
    """The line that has the same SKU already."""
    parent: tuple[str, str] = ("", "")
    variations: list["_Member"] = field(default_factory=list)
    partial: bool = False


def products(
    header: Sequence[str], rows: Iterator[Record], currency: str, on_error: ErrorSink
) -> Iterator[FeedProduct]:
    """Yield the products of a file; what cannot be taken over goes to `on_error`."""
    with contextlib.closing(Spool()) as spool:
        family = _Families(woo.Columns(header), currency, on_error, spool)
        for row in rows:
            family.take(row)
        yield from family.products()


class _Families:
    def __init__(self, columns: woo.Columns, currency: str, on_error: ErrorSink, spool: Spool) -> None:
        self._spool = spool
        self._columns = columns
        self._currency = currency
        self._on_error = on_error
        self._parents: list[_Member] = []
        self._variations: list[_Member] = []
        self._numbers: dict[str, _Member] = {}
        self._skus: dict[str, _Member] = {}

    def take(self, row: Record) -> None:
        """Keep a row for later, unless it is none."""
        if row.fault:
            self._on_error(row.fault)
            return
        if not any(row.cells):
            return
        row.cells.append("")
        try:
            self._keep(row)
        except BadCell as bad:
            self._on_error(bad.at(row.line))

    def products(self) -> Iterator[FeedProduct]:
        """Bring variations to their parents, and yield the products."""
        for variation in self._variations:
            try:
                self._parent_of(variation).variations.append(variation)
            except BadCell as bad:
                self._on_error(bad.at(variation.line))
        for member in self._parents:
            try:
                product = self._product(member)
            except BadCell as bad:
                self._on_error(bad.at(member.line))
                continue
            if product is not None:
                yield product

    def _keep(self, row: Record) -> None:
        cell = self._reader(row.cells)
        kind = woo.kind(cell("type"))
        number = woo.number(cell("id"))
        sku = shopify.word(cell("sku"), "SKU", shopify.MAX_SKU)
        if number and (other := self._numbers.get(number)) is not None:
            raise BadCell("ID", f"the ID came already on line {other.line}", "duplicate_id")
        if kind != "variation" and not number and not sku:
            raise BadCell("ID", "a product needs an ID or a SKU, to be known again", "missing_id")
        twin = self._skus.get(sku) if sku else None
        if twin is not None and not number and kind != "variation":
            raise BadCell("SKU", f"the SKU came already on line {twin.line}", "duplicate_sku")
        parent = woo.parent(cell("parent")) if kind == "variation" else ("", "")
        member = _Member(row.line, self._spool.put(row.cells), kind, number, sku, twin.line if twin else 0, parent)
        (self._variations if kind == "variation" else self._parents).append(member)
        if number:
            self._numbers[number] = member
        if sku:
            self._skus.setdefault(sku, member)

    def _parent_of(self, variation: _Member) -> _Member:
        number, sku = variation.parent
        found = self._numbers.get(number) if number else self._skus.get(sku)
        if found is None or found.kind != "variable":
            raise BadCell("Parent", "no variable product of the file", "unknown_parent")
        return found

    def _product(self, member: _Member) -> FeedProduct | None:
        cells = self._spool.get(member.place)
        cell = self._reader(cells)
        name = shopify.word(woo.plain(cell("name")), "Name", shopify.MAX_NAME)
        if not name:
            raise BadCell("Name", "the product has no name", "missing_title")
        lenient = Lenient(member.line, self._on_error)
        status = lenient("status", lambda: woo.status(cell("published")), self._hidden())
        hidden: bool | None = False
        listed = lenient("listed", lambda: woo.listed(cell("visibility in catalog")), hidden)
        rows = [(row, self._spool.get(row.place)) for row in member.variations[: shopify.MAX_VARIANTS]]
        if len(member.variations) > len(rows):
            message = f"a product has at most {shopify.MAX_VARIANTS} variants"
            self._on_error(RowError(member.line, "", message, "too_many_variants"))
        shown = [pair for pair in rows if not self._disabled(pair[1], status)]
        disabled = len(rows) - len(shown)
        if rows and not shown:  # nothing of it may be sold, and nothing of it is lost
            status, shown, disabled = "draft", rows, 0
        options = self._option_names(cells, [found for _, found in shown]) if member.kind == "variable" else ()
        variants = self._variants(member, options, shown if member.kind == "variable" else [(member, cells)])
        if not variants:
            if member.kind == "variable":  # of a simple one its own row has said why
                self._on_error(RowError(member.line, "", "no variant of the product could be read", "no_variants"))
            return None
        nothing: list[str] = []
        none: tuple[str, ...] = ()
        categories = lenient("category", lambda: woo.categories(cell("categories")), nothing)
        tags = lenient("tags", lambda: shopify.tags(",".join([*woo.words(cell("tags")), *categories[1:]])), none)
        return FeedProduct(
            line=member.line,
            handle=f"woocommerce-{member.number}" if member.number else slug_of(member.sku, "product"),
            name=name,
            description_html=clean(woo.prose(cell("description") or cell("short description"))),
            brand=next(iter(woo.words(cell("brands"))), "")[: shopify.MAX_WORD] or None,
            category=categories[0] if categories else None,
            tags=tags,
            option_names=options,
            variants=variants,
            images=self._images(member, cell("images")),
            status=status,
            listed=listed,
            seo_title="",
            seo_description="",
            partial=member.partial,
            absent=self._columns.absent | lenient.unknown,
            disabled=disabled,
            slug=name,
        )

    @staticmethod
    def _hidden() -> Status:
        """Not knowing whether it may be shown means not showing it."""
        return "draft"

    def _disabled(self, cells: Sequence[str], status: Status) -> bool:
        """Whether a variation is switched off. Those of a draft are drafts themselves."""
        published = self._reader(cells)("published").strip()
        return published == "0" or (published == "-1" and status != "draft")

    def _option_names(self, cells: Sequence[str], variations: Sequence[Sequence[str]]) -> tuple[str, ...]:
        """Return the attributes that variations choose by; others only describe."""
        used = {name for variation in variations for name, values in self._attributes(variation) if values}
        return tuple(dict.fromkeys(name for name, _ in self._attributes(cells) if name in used)) or tuple(sorted(used))

    def _attributes(self, cells: Sequence[str]) -> list[tuple[str, str]]:
        found = []
        for name_at, values_at in self._columns.attributes:
            name = woo.plain(cells[name_at]) if name_at < len(cells) else ""
            values = cells[values_at].strip() if values_at < len(cells) else ""
            if name:
                found.append((name[: shopify.MAX_WORD], values))
        return found

    def _variants(
        self, member: _Member, options: tuple[str, ...], rows: Sequence[tuple[_Member, list[str]]]
    ) -> tuple[FeedVariant, ...]:
        found: dict[tuple[str, ...], FeedVariant] = {}
        for row, cells in rows:
            try:
                _add(found, self._variant(row, cells, options))
            except BadCell as bad:
                member.partial = True
                self._on_error(bad.at(row.line))
        return tuple(found.values())

    def _variant(self, member: _Member, cells: Sequence[str], options: tuple[str, ...]) -> FeedVariant:
        cell, lenient = self._reader(cells), Lenient(member.line, self._on_error)
        values = self._chosen(member, cells, options)
        timed = bool(cell("date sale price starts").strip() or cell("date sale price ends").strip())
        price, before = woo.prices(cell("regular price"), cell("sale price"), timed=timed, currency=self._currency)
        pictures = woo.parts(cell("images")) if member.kind == "variation" else []
        weight, unit = cell(self._columns.weight_name), self._columns.weight_unit
        stock = lenient(
            "policy",
            lambda: woo.stock(cell("stock"), cell("in stock?"), cell("backorders allowed?")),
            woo.Stock(None, backorder=False, tracked=None),
        )
        return FeedVariant(
            line=member.line,
            sku=lenient("sku", lambda: _sku(member), None),
            options=values,
            price=price,
            compare_at=before,
            grams=lenient("grams", lambda: woo.grams(weight, unit), None),
            barcode=lenient("barcode", lambda: shopify.word(cell(woo.BARCODE), GTIN, shopify.MAX_SKU) or None, None),
            quantity=stock.quantity,
            allow_backorder=stock.backorder,
            image_url=lenient("image", lambda: shopify.url(pictures[0], "Images") if pictures else None, None),
            tracked=stock.tracked,
            keeps_count=stock.tracked is False and not self._columns.counts,
            unknown=frozenset(lenient.unknown),
        )

    def _chosen(self, member: _Member, cells: Sequence[str], options: tuple[str, ...]) -> tuple[str, ...]:
        """Return the option values of a variation."""
        chosen = dict(self._attributes(cells))
        values = tuple(
            shopify.word(woo.plain(chosen.get(name, "").replace("\\,", ",")), name, shopify.MAX_WORD)
            for name in options
        )
        if not all(values):
            name = options[values.index("")]
            raise BadCell(name, "the variation fits any value; name one", "missing_option")
        if member.kind == "variation" and (open_ := [name for name in chosen if name not in options]):
            message = "the variation fits any value, and buyers cannot say which: add it to what they choose by"
            self._on_error(RowError(member.line, open_[0], message, "any_value"))
        return values

    def _images(self, member: _Member, text: str) -> tuple[FeedImage, ...]:
        urls: dict[str, None] = {}
        for part in woo.parts(text)[: shopify.MAX_IMAGES]:
            try:
                urls[shopify.url(part, "Images")] = None
            except BadCell as bad:
                member.partial = True
                self._on_error(bad.at(member.line))
        return tuple(FeedImage(url, "", n) for n, url in enumerate(urls, 1))

    def _reader(self, cells: Sequence[str]) -> "_Cells":
        return _Cells(self._columns, cells)


def _add(found: dict[tuple[str, ...], FeedVariant], variant: FeedVariant) -> None:
    other = found.setdefault(variant.options, variant)
    if other is not variant:
        raise BadCell("Attribute 1 value(s)", f"line {other.line} has the same options", "duplicate_options")


def _sku(member: _Member) -> str | None:
    """Return a row's SKU. One that the file had before is left out, and its variant is sold without."""
    if member.repeats:
        raise BadCell("SKU", f"the SKU came already on line {member.repeats}: it is left out here", "duplicate_sku")
    return member.sku or None


class _Cells:
    """A row, read by the names of its columns; what the row is too short for is empty."""

    def __init__(self, columns: woo.Columns, cells: Sequence[str]) -> None:
        self._columns = columns
        self._cells = cells

    def __call__(self, name: str) -> str:
        at = self._columns.at(name)
        return self._cells[at] if at < len(self._cells) else ""
