"""WooCommerce's products with their variations, which may stand anywhere in the file, even before their parents.

So memory holds the rows of the file until its end; the products come in the order of their own rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mercat.catalog.feeds import shopify
from mercat.catalog.feeds import woocommerce as woo
from mercat.catalog.feeds.naming import slug_base
from mercat.catalog.feeds.records import Record
from mercat.catalog.feeds.shapes import ErrorSink, FeedImage, FeedProduct, FeedVariant, RowError, Status
from mercat.catalog.feeds.shopify import BadCell
from mercat.kit.markup import clean


@dataclass(slots=True)
class _Member:
    """A row of the file: a product, or a variation of one."""

    line: int
    cells: list[str]
    kind: str
    number: str
    sku: str
    variations: list["_Member"] = field(default_factory=list)
    partial: bool = False


def products(
    header: Sequence[str], rows: Iterator[Record], currency: str, on_error: ErrorSink
) -> Iterator[FeedProduct]:
    """Yield the products of a file; what cannot be taken over goes to `on_error`."""
    family = _Families(woo.Columns(header), currency, on_error)
    for row in rows:
        family.take(row)
    yield from family.products()


class _Families:
    def __init__(self, columns: woo.Columns, currency: str, on_error: ErrorSink) -> None:
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
        member = _Member(row.line, row.cells, kind, number, sku)
        for value, known, name in ((number, self._numbers, "ID"), (sku, self._skus, "SKU")):
            if value and (other := known.get(value)) is not None:
                raise BadCell(name, f"the {name} came already on line {other.line}", f"duplicate_{name.lower()}")
        if kind == "variation":
            self._variations.append(member)
        else:
            if not number and not sku:
                raise BadCell("ID", "a product needs an ID or a SKU, to be known again", "missing_id")
            self._parents.append(member)
        if number:
            self._numbers[number] = member
        if sku:
            self._skus[sku] = member

    def _parent_of(self, variation: _Member) -> _Member:
        number, sku = woo.parent(self._reader(variation.cells)("parent"))
        found = self._numbers.get(number) if number else self._skus.get(sku)
        if found is None or found.kind != "variable":
            raise BadCell("Parent", "no variable product of the file", "unknown_parent")
        return found

    def _product(self, member: _Member) -> FeedProduct | None:
        cell = self._reader(member.cells)
        name = shopify.word(cell("name"), "Name", shopify.MAX_NAME)
        if not name:
            raise BadCell("Name", "the product has no name", "missing_title")
        options = self._option_names(member)
        variants = self._variants(member, options)
        if not variants:
            if member.kind == "variable":  # of a simple one its own row has said why
                self._on_error(RowError(member.line, "", "no variant of the product could be read", "no_variants"))
            return None
        categories, tags = self._filed(member)
        return FeedProduct(
            line=member.line,
            handle=f"woocommerce-{member.number}" if member.number else slug_base(member.sku),
            name=name,
            description_html=clean(woo.prose(cell("description") or cell("short description"))),
            brand=next(iter(woo.parts(cell("brands"))), "")[: shopify.MAX_WORD] or None,
            category=categories[0] if categories else None,
            tags=shopify.tags(",".join([*tags, *categories[1:]])),
            option_names=options,
            variants=variants,
            images=self._images(member),
            status=self._status(member),
            seo_title="",
            seo_description="",
            partial=member.partial,
            absent=self._columns.absent,
            slug=name,
        )

    def _option_names(self, member: _Member) -> tuple[str, ...]:
        """Return the attributes that variations choose by; others only describe."""
        if member.kind != "variable":
            return ()
        used = {name for variation in member.variations for name, values in self._attributes(variation) if values}
        return tuple(dict.fromkeys(name for name, _ in self._attributes(member) if name in used)) or tuple(sorted(used))

    def _attributes(self, member: _Member) -> list[tuple[str, str]]:
        found = []
        for name_at, values_at in self._columns.attributes:
            name = member.cells[name_at].strip() if name_at < len(member.cells) else ""
            values = member.cells[values_at].strip() if values_at < len(member.cells) else ""
            if name:
                found.append((name[: shopify.MAX_WORD], values))
        return found

    def _variants(self, member: _Member, options: tuple[str, ...]) -> tuple[FeedVariant, ...]:
        found: dict[tuple[str, ...], FeedVariant] = {}
        for row in member.variations if member.kind == "variable" else [member]:
            try:
                _add(found, self._variant(row, options))
            except BadCell as bad:
                member.partial = True
                self._on_error(bad.at(row.line))
        return tuple(found.values())

    def _variant(self, member: _Member, options: tuple[str, ...]) -> FeedVariant:
        cell = self._reader(member.cells)
        chosen = dict(self._attributes(member))
        values = tuple(
            shopify.word(chosen.get(name, "").replace("\\,", ","), name, shopify.MAX_WORD) for name in options
        )
        if not all(values):
            name = options[values.index("")]
            raise BadCell(name, "the variation fits any value; name one", "missing_option")
        timed = bool(cell("date sale price starts").strip() or cell("date sale price ends").strip())
        price, before = woo.prices(cell("regular price"), cell("sale price"), timed=timed, currency=self._currency)
        quantity, waits = woo.stock(cell("stock"), cell("in stock?"), cell("backorders allowed?"))
        pictures = woo.parts(cell("images")) if member.kind == "variation" else []
        return FeedVariant(
            line=member.line,
            sku=member.sku or None,
            options=values,
            price=price,
            compare_at=before,
            grams=woo.grams(cell(self._columns.weight_name), self._columns.weight_unit),
            barcode=shopify.word(cell(woo.BARCODE), "GTIN, UPC, EAN, or ISBN", shopify.MAX_SKU) or None,
            quantity=quantity,
            allow_backorder=waits,
            image_url=shopify.url(pictures[0], "Images") if pictures else None,
        )

    def _filed(self, member: _Member) -> tuple[list[str], list[str]]:
        cell = self._reader(member.cells)
        return woo.categories(cell("categories")), woo.parts(cell("tags"))

    def _images(self, member: _Member) -> tuple[FeedImage, ...]:
        urls: dict[str, None] = {}
        for part in woo.parts(self._reader(member.cells)("images")):
            try:
                urls[shopify.url(part, "Images")] = None
            except BadCell as bad:
                member.partial = True
                self._on_error(bad.at(member.line))
        return tuple(FeedImage(url, "", n) for n, url in enumerate(urls, 1))

    def _status(self, member: _Member) -> Status:
        try:
            return woo.status(self._reader(member.cells)("published"))
        except BadCell as bad:  # not knowing whether it may be shown means not showing it
            self._on_error(bad.at(member.line))
            return "draft"

    def _reader(self, cells: Sequence[str]) -> "_Cells":
        return _Cells(self._columns, cells)


def _add(found: dict[tuple[str, ...], FeedVariant], variant: FeedVariant) -> None:
    other = found.setdefault(variant.options, variant)
    if other is not variant:
        raise BadCell("Attribute 1 value(s)", f"line {other.line} has the same options", "duplicate_options")


class _Cells:
    """A row, read by the names of its columns; what the row is too short for is empty."""

    def __init__(self, columns: woo.Columns, cells: Sequence[str]) -> None:
        self._columns = columns
        self._cells = cells

    def __call__(self, name: str) -> str:
        at = self._columns.at(name)
        return self._cells[at] if at < len(self._cells) else ""
