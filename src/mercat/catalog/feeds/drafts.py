"""One product while its rows are gathered."""

from collections.abc import Callable
from typing import TypeVar

from mercat.catalog.feeds import set_prices, shopify
from mercat.catalog.feeds.columns import Columns
from mercat.catalog.feeds.lenient import Lenient
from mercat.catalog.feeds.shapes import ErrorSink, FeedImage, FeedProduct, FeedVariant, RowError, Status
from mercat.catalog.feeds.shopify import BadCell
from mercat.kit.markup import clean
from mercat.kit.spreadsheets import restored

T = TypeVar("T")
VARIANT = shopify.VARIANT_COLUMNS


class Draft:
    """A product of which some rows have been read. What cannot be taken over is reported and makes it `partial`.

    Raises (when made):
        BadCell: it has no usable name; a product without a name is none.
    """

    def __init__(self, line: int, handle: str, cells: list[str], columns: Columns, on_error: ErrorSink) -> None:
        self.line = line
        self.handle = handle
        self.partial = False
        self._columns = columns
        self._on_error = on_error
        self._unknown: set[str] = set()
        self._variants: dict[tuple[str, ...], FeedVariant] = {}
        self._images: dict[str, FeedImage] = {}
        self._name = shopify.word(cells[columns.title], shopify.TITLE, shopify.MAX_NAME)
        if not self._name and "name" not in columns.absent:
            raise BadCell(shopify.TITLE, "the product has no title", "missing_title")
        at = columns.product
        if cells[at["gift_card"]].strip().lower() in shopify.YES:
            message = "gift cards are not imported: the marketplace sells its own"
            raise BadCell(shopify.PRODUCT_COLUMNS["gift_card"], message, "gift_card")
        self._description = clean(restored(cells[at["description_html"]]))
        self._brand = self._cell("brand", lambda: self._word("brand", cells), "")
        self._category = self._cell("category", lambda: self._word("category", cells), "")
        self._seo_title = self._cell("seo_title", lambda: self._word("seo_title", cells), "")
        self._seo_description = self._cell("seo_description", lambda: self._word("seo_description", cells), "")
        none: tuple[str, ...] = ()
        self._tags = self._cell("tags", lambda: shopify.tags(cells[at["tags"]]), none)
        # not knowing whether it may be shown means not showing it
        fallback: Status = "draft"
        self._status = self._cell(
            "status", lambda: shopify.status(cells[at["status"]], cells[at["published"]]), fallback
        )
        self._listed = shopify.listed(cells[at["status"]])
        self._options(cells)

    def report(self, error: RowError) -> None:
        """Pass on what could not be taken over of this product."""
        self.partial = True
        self._on_error(error)

    def take(self, line: int, cells: list[str], currency: str, skus: dict[str, int]) -> None:
        """Read a row's variant and picture, as far as it has them. `skus` are those of the file, with their lines."""
        marks = self._columns.variant_marks
        if self._columns.without_variants:
            pass
        elif line == self.line or any([cells[mark] for mark in marks]):  # noqa: C419 - a list is quicker for so few
            try:
                self._take_variant(line, cells, currency, skus)
            except BadCell as bad:
                self.report(bad.at(line))
        if cells[self._columns.image["src"]]:
            try:
                self._take_image(cells)
            except BadCell as bad:
                self.report(bad.at(line))

    def finished(self) -> FeedProduct | None:
        """Return the product, or None if none of its variants can be sold."""
        if not self._variants and "variants" not in self._columns.absent:
            self.report(RowError(self.line, "", "no variant of the product could be read", "no_variants"))
            return None
        images = sorted(self._images.values(), key=lambda image: image.position)
        return FeedProduct(
            line=self.line,
            handle=self.handle,
            name=self._name,
            description_html=self._description,
            brand=self._brand or None,
            category=self._category or None,
            tags=self._tags,
            option_names=self.option_names,
            variants=tuple(self._variants.values()),
            images=tuple(FeedImage(image.url, image.alt, n) for n, image in enumerate(images, 1)),
            status=self._status,
            listed=self._listed,
            seo_title=self._seo_title,
            seo_description=self._seo_description,
            partial=self.partial,
            absent=self._columns.absent | self._unknown if self._unknown else self._columns.absent,
        )

    def _cell(self, name: str, read: Callable[[], T], fallback: T) -> T:
        """Read an optional cell; if it is bad, the stored value stays."""
        try:
            return read()
        except BadCell as bad:
            self._unknown.add(name)
            self.report(bad.at(self.line))
            return fallback

    def _word(self, name: str, cells: list[str]) -> str:
        limit = shopify.MAX_SEO if name.startswith("seo_") else shopify.MAX_WORD
        return shopify.word(cells[self._columns.product[name]], shopify.PRODUCT_COLUMNS[name], limit)

    def _options(self, cells: list[str]) -> None:
        named: list[tuple[str, int]] = []
        unnamed: list[int] = []
        for n, (name_at, value_at) in enumerate(self._columns.options, 1):
            column = shopify.option_columns(n)[0]
            name = shopify.word(cells[name_at], column, shopify.MAX_WORD)
            if name in [other for other, _ in named]:
                raise BadCell(column, "two options have the same name", "duplicate_option")
            if name:
                named.append((name, value_at))
            else:
                unnamed.append(value_at)
        self._no_option_at: int | None = None
        if len(named) == 1 and (named[0][0], cells[named[0][1]].strip()) == shopify.NO_OPTION:
            self._no_option_at = named.pop()[1]
        self.option_names = tuple(name for name, _ in named)
        self._option_cells = tuple(at for _, at in named)
        self._unnamed_cells = tuple(unnamed)

    def _option_values(self, cells: list[str]) -> tuple[str, ...]:
        if self._no_option_at is not None and cells[self._no_option_at].strip() not in ("", shopify.NO_OPTION[1]):
            raise shopify.unnamed_option()
        if any([cells[at].strip() for at in self._unnamed_cells]):  # noqa: C419 - a list is quicker for so few
            raise shopify.unnamed_option()
        return shopify.options(tuple([cells[at] for at in self._option_cells]))

    def _take_variant(self, line: int, cells: list[str], currency: str, skus: dict[str, int]) -> None:
        at = self._columns.variant
        options = self._option_values(cells)
        if len(self._variants) >= shopify.MAX_VARIANTS:
            raise BadCell("", f"a product has at most {shopify.MAX_VARIANTS} variants", "too_many_variants")
        cell = Lenient(line, self._on_error)
        sku = cell("sku", lambda: _sku(cells[at["sku"]], skus), None)
        if cells[at["currency"]].strip().upper() not in {"", currency}:
            raise BadCell(shopify.VARIANT_COLUMNS["currency"], f"prices are in {currency}", "bad_currency")
        key = (sku or "",) if "options" in self._columns.absent else options
        if key in self._variants:
            message = f"line {self._variants[key].line} has the same options"
            raise BadCell(shopify.option_columns(1)[1], message, "duplicate_options")
        price = None if "price" in self._columns.absent else shopify.price(cells[at["price"]], currency)
        barcode = VARIANT["barcode"]
        quantity = cell("quantity", lambda: shopify.quantity(cells[at["quantity"]]), None)
        backorder = cell("policy", lambda: shopify.backorder(cells[at["policy"]]), fallback=False)
        tracked = self._tracked(cells) if "quantity" not in cell.unknown else True
        self._variants[key] = FeedVariant(
            line,
            sku,
            options,
            price,
            cell("compare_at", lambda: shopify.compare_at(cells[at["compare_at"]], currency), None),
            cell("grams", lambda: shopify.grams(cells[at["grams"]]), None),
            cell("barcode", lambda: shopify.word(cells[at["barcode"]], barcode, shopify.MAX_SKU) or None, None),
            quantity if tracked is not False else None,
            backorder or tracked is False,
            cell("image", lambda: _picture(cells[at["image"]]), None),
            tracked,
            prices=set_prices.read(wanted, cells, cell) if (wanted := self._columns.set_prices) else (),
            unknown=frozenset(cell.unknown),
        )
        if sku:
            skus[sku] = line

    def _tracked(self, cells: list[str]) -> bool | None:
        """Whether a row's units are counted: an empty tracker says that they are not."""
        if not self._columns.tracks:
            return None
        return bool(cells[self._columns.variant["tracker"]].strip())

    def _take_image(self, cells: list[str]) -> None:
        at = self._columns.image
        url = shopify.url(cells[at["src"]], shopify.IMAGE_COLUMNS["src"])
        given = cells[at["position"]].strip()
        if len(self._images) >= shopify.MAX_IMAGES and url not in self._images:
            raise BadCell("", f"a product has at most {shopify.MAX_IMAGES} pictures", "too_many_images")
        position = int(float(given)) if shopify.WHOLE.fullmatch(given) else len(self._images) + 1
        alt = shopify.word(cells[at["alt"]], shopify.IMAGE_COLUMNS["alt"], shopify.MAX_SEO)
        self._images.setdefault(url, FeedImage(url, alt, position))


def _picture(text: str) -> str | None:
    return shopify.url(text, VARIANT["image"]) if text.strip() else None


def _sku(text: str, skus: dict[str, int]) -> str | None:
    """Read a SKU. One that the file had before is left out, and its variant is sold without."""
    found = shopify.word(text, VARIANT["sku"], shopify.MAX_SKU) or None
    if found in skus:
        message = f"the SKU came already on line {skus[found]}: it is left out here"
        raise BadCell(VARIANT["sku"], message, "duplicate_sku")
    return found
