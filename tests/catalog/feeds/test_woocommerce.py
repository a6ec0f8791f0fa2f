"""WooCommerce's product CSV, as shops really export it: good rows become products, bad ones are reported."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from catalog.feeds.conftest import Outcome, ReadFeed
from mercat.auth import Actor
from mercat.catalog.feeds import import_file
from mercat.catalog.feeds.shapes import FeedProduct
from mercat.kit.database import Database
from shopping import Shop

COLUMNS = (
    "ID", "Type", "SKU", "Name", "Published", "Is featured?", "Short description", "Description",
    "Date sale price starts", "Date sale price ends", "Tax class", "In stock?", "Stock", "Backorders allowed?",
    "Weight (kg)", "Sale price", "Regular price", "Categories", "Tags", "Images", "Parent",
    "Attribute 1 name", "Attribute 1 value(s)", "Attribute 1 visible", "Attribute 1 global",
    "Attribute 2 name", "Attribute 2 value(s)",
)  # fmt: skip
MUG = {
    "ID": "44", "Type": "simple", "SKU": "MUG", "Name": "Stoneware mug", "Published": "1",
    "Description": r"<p>Holds</p>\n<script>x</script>0.3 l\, or more", "In stock?": "1", "Stock": "7",
    "Weight (kg)": "0.35", "Sale price": "15.00", "Regular price": "18.00",
    "Categories": r"Kitchen > Mugs\, cups, Sale", "Tags": "clay, Blue",
    "Images": "https://pictures.example/a.jpg, https://pictures.example/b.jpg",
}  # fmt: skip
SHIRT = {
    "ID": "50", "Type": "variable", "SKU": "SHIRT", "Name": "Shirt", "Published": "1", "In stock?": "1",
    "Attribute 1 name": "Size", "Attribute 1 value(s)": "S, M", "Attribute 2 name": "Care",
    "Attribute 2 value(s)": "Wash cold",
}  # fmt: skip
SMALL = {
    "ID": "51", "Type": "variation", "SKU": "SHIRT-S", "Name": "Shirt - S", "Published": "1", "In stock?": "1",
    "Regular price": "20", "Parent": "SHIRT", "Attribute 1 name": "Size", "Attribute 1 value(s)": "S",
    "Images": "https://pictures.example/s.jpg", "Stock": "2",
}  # fmt: skip
MEDIUM = {
    **SMALL, "ID": "52", "SKU": "SHIRT-M", "Parent": "id:50", "Attribute 1 value(s)": "M", "Stock": "",
    "Backorders allowed?": "notify",
}  # fmt: skip

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(*rows: dict[str, str], columns: tuple[str, ...] = COLUMNS, encoding: str = "utf-8-sig") -> Path:
        out = io.StringIO()
        writer = csv.DictWriter(out, columns, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
        path = tmp_path / "products.csv"
        path.write_bytes(out.getvalue().encode(encoding))
        return path

    return written


def only(outcome: Outcome) -> FeedProduct:
    assert outcome.errors == []
    [product] = outcome.products
    return product


def test_a_simple_product_is_read(write: Write, read_feed: ReadFeed) -> None:
    mug = only(read_feed(write(MUG)))

    assert (mug.handle, mug.slug, mug.name, mug.status, mug.line) == (
        "woocommerce-44",
        "Stoneware mug",
        "Stoneware mug",
        "active",
        2,
    )
    assert mug.description_html == "<p>Holds</p>\n0.3 l, or more"
    assert (mug.category, mug.tags) == ("Mugs, cups", ("clay", "Blue", "Sale"))
    [variant] = mug.variants
    assert (variant.sku, variant.options, variant.price.minor, variant.grams) == ("MUG", (), 1500, 350)
    assert variant.compare_at is not None
    assert (variant.compare_at.minor, variant.quantity, variant.allow_backorder) == (1800, 7, False)
    assert [image.url[-5:] for image in mug.images] == ["a.jpg", "b.jpg"]
    assert {"seo_title", "brand", "barcode"} <= mug.absent
    assert not {"category", "tags", "status", "policy"} & mug.absent


@pytest.mark.parametrize("order", [(SHIRT, SMALL, MEDIUM), (MEDIUM, MUG, SMALL, SHIRT)])
def test_variations_find_their_parents_wherever_they_stand(
    write: Write, read_feed: ReadFeed, order: tuple[dict[str, str], ...]
) -> None:
    outcome = read_feed(write(*order))

    assert outcome.errors == []
    shirt = next(product for product in outcome.products if product.name == "Shirt")
    assert shirt.option_names == ("Size",)
    variants = {variant.options: variant for variant in shirt.variants}
    assert variants.keys() == {("S",), ("M",)}
    assert (variants["S",].quantity, variants["S",].allow_backorder) == (2, False)
    assert (variants["M",].quantity, variants["M",].allow_backorder) == (None, True)
    assert variants["S",].image_url == "https://pictures.example/s.jpg"


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"Regular price": "18,00"}, "Regular price", "bad_price"),
        ({"Regular price": ""}, "Regular price", "missing_price"),
        ({"Regular price": "-1"}, "Regular price", "bad_price"),
        ({"Type": "grouped"}, "Type", "unsupported_type"),
        ({"Type": "external"}, "Type", "unsupported_type"),
        ({"ID": "", "SKU": ""}, "ID", "missing_id"),
        ({"ID": "4x"}, "ID", "bad_id"),
        ({"Name": " "}, "Name", "missing_title"),
        ({"Stock": "many"}, "Stock", "bad_quantity"),
        ({"In stock?": "yes"}, "In stock?", "bad_stock_status"),
        ({"Weight (kg)": "0,3"}, "Weight (kg)", "bad_weight"),
        ({"Published": "maybe"}, "Published", "bad_status"),
        ({"Images": "javascript:x"}, "Images", "bad_image"),
    ],
)
def test_what_is_wrong_is_reported_and_the_rest_is_kept(
    write: Write, read_feed: ReadFeed, change: dict[str, str], field: str, code: str
) -> None:
    outcome = read_feed(write({**MUG, **change}, SHIRT, SMALL))

    assert (outcome.errors[0].line, outcome.errors[0].field, outcome.errors[0].code) == (2, field, code)
    assert "Shirt" in [product.name for product in outcome.products]


def test_a_variation_that_fits_any_value_is_kept_and_reported(write: Write, read_feed: ReadFeed) -> None:
    parent = {**SHIRT, "Attribute 2 name": "Fit", "Attribute 2 value(s)": "Slim, Wide"}
    any_fit = {**SMALL, "Attribute 2 name": "Fit", "Attribute 2 value(s)": ""}

    outcome = read_feed(write(parent, any_fit, MEDIUM))

    (error,) = outcome.errors
    assert (error.line, error.field, error.code) == (3, "Fit", "any_value")
    (shirt,) = outcome.products
    assert shirt.option_names == ("Size",)
    assert [variant.options for variant in shirt.variants] == [("S",), ("M",)]


def test_families_that_are_not_whole(write: Write, read_feed: ReadFeed) -> None:
    outcome = read_feed(
        write(
            SMALL,
            {**SMALL, "ID": "60", "SKU": "A", "Parent": "id:999"},
            {**SMALL, "ID": "61", "SKU": "B", "Parent": ""},
            {**SMALL, "ID": "62", "SKU": "C", "Parent": "MUG"},
            {**SMALL, "ID": "63", "SKU": "D", "Attribute 1 value(s)": ""},
            {**SMALL, "ID": "64", "SKU": "SHIRT-S"},
            {**SMALL, "ID": "65", "SKU": "E"},
            MUG,
            SHIRT,
            {**SHIRT, "ID": "70", "SKU": "LONELY", "Name": "Lonely"},
        )
    )

    assert sorted(outcome.codes) == [
        (3, "unknown_parent"),
        (4, "missing_parent"),
        (5, "unknown_parent"),
        (6, "missing_option"),
        (7, "duplicate_options"),
        (7, "duplicate_sku"),
        (8, "duplicate_options"),
        (11, "no_variants"),
    ]
    assert [product.name for product in outcome.products] == ["Stoneware mug", "Shirt"]
    assert outcome.products[1].partial


@pytest.mark.parametrize(
    ("change", "price", "before"),
    [
        ({"Sale price": ""}, 1800, None),
        ({"Sale price": "18.00"}, 1800, None),
        ({"Sale price": "20"}, 1800, None),
        ({"Date sale price ends": "2020-01-01"}, 1800, None),
        ({"Sale price": "9.5"}, 950, 1800),
    ],
)
def test_sales(write: Write, read_feed: ReadFeed, change: dict[str, str], price: int, before: int | None) -> None:
    [variant] = only(read_feed(write({**MUG, **change}))).variants

    assert variant.price.minor == price
    assert (variant.compare_at.minor if variant.compare_at else None) == before


@pytest.mark.parametrize(
    ("change", "quantity", "waits"),
    [
        ({"Stock": "", "In stock?": "1"}, None, True),
        ({"Stock": "", "In stock?": "0"}, 0, False),
        ({"Stock": "0", "In stock?": "backorder"}, 0, True),
        ({"Stock": "3.0", "Backorders allowed?": "1"}, 3, True),
        ({"Stock": "-2"}, -2, False),
    ],
)
def test_stock(write: Write, read_feed: ReadFeed, change: dict[str, str], quantity: int | None, *, waits: bool) -> None:
    [variant] = only(read_feed(write({**MUG, **change}))).variants

    assert (variant.quantity, variant.allow_backorder) == (quantity, waits)


def test_what_only_looks_like_it_is_read_as_before(write: Write, read_feed: ReadFeed) -> None:
    assert read_feed(write(MUG, columns=("ID", "Type", "Name"))).codes == [(1, "translated_header")]
    few = only(read_feed(write(MUG, columns=("Type", "SKU", "Name", "Regular price"), encoding="utf-16")))
    assert (few.handle, few.variants[0].price.minor) == ("mug", 1800)
    assert {"category", "images", "grams", "policy", "compare_at", "status"} <= few.absent
    named = only(read_feed(write({**MUG, "Name": "'=SUM(A1)", "Type": "simple, virtual", "Published": "-1"})))
    assert (named.name, named.status) == ("=SUM(A1)", "draft")


async def test_the_same_file_again_changes_nothing(shop: Shop, database: Database, write: Write) -> None:
    path = write(MUG, {**MUG, "ID": "45", "SKU": "BAD", "Regular price": "x"}, SMALL, MEDIUM, SHIRT)

    async def bring() -> tuple[int, int, int, int]:
        done = await import_file(database, path, vendor_slug="clay", actor=Actor(name="import"))
        return done.created, done.updated, done.unchanged, done.error_count

    assert await bring() == (2, 0, 0, 1)
    ids = await shop.rows("SELECT id FROM variants ORDER BY id")
    assert await bring() == (0, 0, 2, 1)
    assert await shop.rows("SELECT id FROM variants ORDER BY id") == ids
    assert (await shop.client.get("/products/stoneware-mug")).json()["stock_quantity"] == 7
    write({**MUG, "Name": "Big mug", "Regular price": "30.00", "Sale price": ""}, SMALL, MEDIUM, SHIRT)
    assert await bring() == (0, 1, 1, 0)
    mug = (await shop.client.get("/products/stoneware-mug")).json()
    assert (mug["name"], mug["price"]["amount"]) == ("Big mug", "30.00")
